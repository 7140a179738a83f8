#include "server/negotiation.hpp"

#include <optional>

namespace rdpfault::server {

namespace {

using namespace protocol;

constexpr std::uint32_t ssl_required_by_server = 1;
constexpr std::uint32_t hybrid_required_by_server = 5;

std::optional<std::uint32_t> selection(Security security, std::uint32_t offered) {
    const auto has = [offered](std::uint32_t wanted) { return (offered & wanted) != 0; };
    if (security == Security::nla_ex && has(protocol_hybrid_ex)) return protocol_hybrid_ex;
    if (security != Security::tls && has(protocol_hybrid)) return protocol_hybrid;
    const bool tls_alone = security == Security::tls || security == Security::negotiate;
    if (tls_alone && has(protocol_ssl)) return protocol_ssl;
    return std::nullopt;
}

}  // namespace

ConnectionConfirm answer(const ConnectionRequest& request, const Config& config) {
    ConnectionConfirm confirm;
    const auto offered = request.negotiation ? request.negotiation->protocols : protocol_rdp;
    const bool nla_only = config.security == Security::nla || config.security == Security::nla_ex;
    if (config.negotiation_failure)
        confirm.failure = NegotiationFailure{0, *config.negotiation_failure};
    else if (const auto selected = selection(config.security, offered))
        confirm.response = NegotiationResponse{NegotiationResponse::extended_client_data, *selected};
    else
        confirm.failure = NegotiationFailure{0, nla_only ? hybrid_required_by_server : ssl_required_by_server};
    return confirm;
}

}  // namespace rdpfault::server
