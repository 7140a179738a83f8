#include "harness/proxy_spec.hpp"

namespace rdpfault::harness {

ProxySpec ProxySpec::ordinary() const {
    ProxySpec spec = *this;
    spec.config = {};
    spec.certificate_file.clear();
    spec.key_file.clear();
    if (spec.nla == NlaPath::naive) spec.nla = NlaPath::server_key;
    return spec;
}

bool ProxySpec::is_ordinary() const {
    return config == proxy::InterceptConfig{} && nla != NlaPath::naive && certificate_file.empty();
}

std::string_view to_string(NlaPath path) {
    switch (path) {
        case NlaPath::unset: return "none";
        case NlaPath::server_key: return "server-key";
        case NlaPath::own_credentials: return "own-credentials";
        case NlaPath::naive: return "naive";
    }
    return "";
}

}  // namespace rdpfault::harness
