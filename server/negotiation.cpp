#include "server/negotiation.hpp"

namespace rdpfault::server {

namespace {
constexpr std::uint32_t ssl_required_by_server = 1;
}

protocol::ConnectionConfirm answer(const protocol::ConnectionRequest& request, const Config& config) {
    protocol::ConnectionConfirm confirm;
    const auto offered = request.negotiation ? request.negotiation->protocols : protocol::protocol_rdp;
    if (config.negotiation_failure)
        confirm.failure = protocol::NegotiationFailure{0, *config.negotiation_failure};
    else if ((offered & protocol::protocol_ssl) == 0)
        confirm.failure = protocol::NegotiationFailure{0, ssl_required_by_server};
    else
        confirm.response =
            protocol::NegotiationResponse{protocol::NegotiationResponse::extended_client_data, protocol::protocol_ssl};
    return confirm;
}

}  // namespace rdpfault::server
