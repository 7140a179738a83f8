#include "harness/options.hpp"
#include "harness/units.hpp"

namespace rdpfault::harness {

namespace {

// Not whether it is one, only whether it can have been meant as one; a scope ("%eth0") may follow.
bool looks_like_ipv6(std::string_view text) {
    const auto address = text.substr(0, text.find('%'));
    return address.find(':') != address.npos && address.find_first_not_of("0123456789abcdefABCDEF:.") == address.npos;
}

}  // namespace

std::string to_string(const Endpoint& endpoint) {
    const bool address6 = endpoint.host.find(':') != std::string::npos;
    return (address6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

std::optional<Endpoint> listen_endpoint_from_string(std::string_view text, std::uint16_t default_port) {
    Endpoint endpoint{{}, default_port};
    std::optional<std::string_view> port;
    const auto colon = text.rfind(':');
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == text.npos || !looks_like_ipv6(text.substr(1, end - 1))) return std::nullopt;
        endpoint.host = text.substr(1, end - 1);
        if (const auto rest = text.substr(end + 1); rest.starts_with(':'))
            port = rest.substr(1);
        else if (!rest.empty())
            return std::nullopt;
    } else if (colon != text.npos && colon == text.find(':')) {
        endpoint.host = text.substr(0, colon);
        port = text.substr(colon + 1);
    } else if (colon == text.npos || looks_like_ipv6(text)) {
        endpoint.host = text;
    } else {
        return std::nullopt;
    }
    if (endpoint.host.empty() || endpoint.host.find_first_of(" \t[]/") != std::string::npos) return std::nullopt;
    if (port) {
        const auto number = port->starts_with("0x") ? std::nullopt : number_from_string(*port);
        if (!number || *number > 65'535) return std::nullopt;
        endpoint.port = static_cast<std::uint16_t>(*number);
    }
    return endpoint;
}

std::optional<Endpoint> endpoint_from_string(std::string_view text, std::uint16_t default_port) {
    auto endpoint = listen_endpoint_from_string(text, default_port);
    if (endpoint && endpoint->port == 0) endpoint.reset();
    return endpoint;
}

}  // namespace rdpfault::harness
