#include "harness/options.hpp"
#include "harness/units.hpp"

namespace rdpfault::harness {

std::string to_string(const Endpoint& endpoint) {
    const bool address6 = endpoint.host.find(':') != std::string::npos;
    return (address6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

std::optional<Endpoint> endpoint_from_string(std::string_view text, std::uint16_t default_port) {
    Endpoint endpoint{{}, default_port};
    std::optional<std::string_view> port;
    const auto colon = text.rfind(':');
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == text.npos || text.substr(1, end - 1).find(':') == text.npos) return std::nullopt;
        endpoint.host = text.substr(1, end - 1);
        if (const auto rest = text.substr(end + 1); rest.starts_with(':'))
            port = rest.substr(1);
        else if (!rest.empty())
            return std::nullopt;
    } else if (colon != text.npos && colon == text.find(':')) {
        endpoint.host = text.substr(0, colon);
        port = text.substr(colon + 1);
    } else {
        endpoint.host = text;  // a name, or a bare IPv6 address
    }
    if (endpoint.host.empty() || endpoint.host.find_first_of(" \t[]/") != std::string::npos) return std::nullopt;
    if (port) {
        const auto number = port->starts_with("0x") ? std::nullopt : number_from_string(*port);
        if (!number || *number < 1 || *number > 65'535) return std::nullopt;
        endpoint.port = static_cast<std::uint16_t>(*number);
    }
    return endpoint;
}

}  // namespace rdpfault::harness
