#include "proxy/tls/settings.hpp"

namespace rdpfault::proxy {

std::string setup_of(const InterceptConfig& config, Side side) {
    const auto& leg = side == Side::client ? config.client_leg : config.server_leg;
    auto text = std::string(tls::to_string(leg.min)) + " to " + std::string(tls::to_string(leg.max));
    const auto add = [&text](const char* what, const std::string& value) {
        if (!value.empty()) text += std::string(", ") + what + " " + value;
    };
    const auto number = [](std::optional<std::uint32_t> value) { return value ? std::to_string(*value) : ""; };
    add("ciphers", leg.ciphers);
    add("ciphersuites", leg.ciphersuites);
    add("groups", leg.groups);
    add("signature algorithms", leg.signature_algorithms);
    add(side == Side::client ? "selectedProtocol" : "requestedProtocols",
        number(side == Side::client ? config.rewriting.selected : config.rewriting.requested));
    if (side == Side::client && config.flaw != tls::CertificateFlaw::none)
        add("certificate", std::string(to_string(config.flaw)));
    const bool repaired =
        side == Side::client ? config.rewriting.repair_client_echo : config.rewriting.repair_server_echo;
    if (!repaired) text += ", echo not repaired";
    return text;
}

}  // namespace rdpfault::proxy
