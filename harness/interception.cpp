#include "harness/interception.hpp"

#include <ctime>

#include "harness/arm_run.hpp"

namespace rdpfault::harness {

namespace {

// The embedded server's key is ours; that of a named server is, where the user gave it.
std::shared_ptr<const tls::Credential> server_credential(const Lab& lab) {
    return lab.server.empty() ? lab.credential : lab.server_credential;
}

}  // namespace

std::shared_ptr<proxy::InterceptShared> interception(const ProxySpec& spec, const Lab& lab) {
    if (!spec.intercept) return nullptr;
    proxy::InterceptSettings settings;
    settings.config = spec.config;
    settings.now = std::time(nullptr);
    if (spec.nla == NlaPath::server_key) settings.credential = server_credential(lab);
    if (lab.key_log) settings.key_log = [log = lab.key_log](std::string_view line) { log->write(line); };
    return std::make_shared<proxy::InterceptShared>(std::move(settings));
}

std::string nla_obstacle(const ProxySpec& spec, const Lab& lab) {
    if (!spec.intercept) return {};
    if (spec.nla == NlaPath::server_key && !server_credential(lab))
        return "NLA through the middle needs the server's own certificate and key: --server-certificate, --server-key";
    return {};
}

}  // namespace rdpfault::harness
