#include "harness/scenario.hpp"

namespace rdpfault::harness {

std::string_view to_string(ClientKind kind) {
    switch (kind) {
        case ClientKind::probe: return "probe";
        case ClientKind::xfreerdp: return "xfreerdp";
        case ClientKind::command: return "command";
    }
    return "";
}

std::optional<ClientKind> client_kind_from_string(std::string_view name) {
    for (const auto kind : {ClientKind::probe, ClientKind::xfreerdp, ClientKind::command})
        if (to_string(kind) == name) return kind;
    return std::nullopt;
}

std::string_view to_string(Requirement requirement) {
    switch (requirement) {
        case Requirement::embedded_server: return "embedded-server";
        case Requirement::real_server: return "real-server";
        case Requirement::probe: return "probe";
        case Requirement::real_client: return "real-client";
        case Requirement::packet_link: return "packet-link";
    }
    return "";
}

std::optional<Requirement> requirement_from_string(std::string_view name) {
    for (const auto requirement : {Requirement::embedded_server, Requirement::real_server, Requirement::probe,
                                   Requirement::real_client, Requirement::packet_link})
        if (to_string(requirement) == name) return requirement;
    return std::nullopt;
}

}  // namespace rdpfault::harness
