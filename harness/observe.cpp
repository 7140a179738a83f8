#include "harness/observe.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/units.hpp"

namespace rdpfault::harness {

using Who = proxy::ConnectionLog::Who;

namespace {

Ending ending(EndKind kind, std::uint32_t code = 0) {
    Ending e;
    e.kind = kind;
    e.code = code;
    return e;
}

// The loader names injected units after what they say: "tls_alert 40".
std::optional<Ending> said_by(const proxy::action::Inject& inject) {
    const auto space = inject.name.find(' ');
    if (space == std::string::npos || inject.to != Side::client) return std::nullopt;
    const auto code = number_from_string(std::string_view(inject.name).substr(space + 1));
    const auto word = std::string_view(inject.name).substr(0, space);
    if (!code) return std::nullopt;
    // "Nothing is wrong", said in the form of an error; close_notify, which says no more than a FIN does.
    if ((word == "error_info" && *code == 0) || (word == "license_error" && *code == 7) ||
        (word == "tls_alert" && *code == 0))
        return std::nullopt;
    constexpr std::array said{std::pair{"tls_alert", EndKind::tls_alert},
                              std::pair{"negotiation_failure", EndKind::negotiation_failure},
                              std::pair{"error_info", EndKind::error_info},
                              std::pair{"disconnect", EndKind::disconnect},
                              std::pair{"license_error", EndKind::license_error},
                              std::pair{"credssp_error", EndKind::authentication}};
    for (const auto& [name, kind] : said)
        if (word == name) return ending(kind, static_cast<std::uint32_t>(*code));
    return std::nullopt;
}

// The stage whose unit says such a thing, and what it says; nullopt: nothing that a client ends over.
std::optional<std::pair<Stage, Ending>> said_by(const proxy::Event& event) {
    using Kind = proxy::Event::Kind;
    switch (event.kind) {
        case Kind::error_info:
            if (event.code == 0) return std::nullopt;
            return std::pair{Stage::rdp_data, ending(EndKind::error_info, event.code)};
        case Kind::disconnect: return std::pair{Stage::rdp_disconnect, ending(EndKind::disconnect, event.code)};
        case Kind::license_error: return std::pair{Stage::rdp_licensing, ending(EndKind::license_error, event.code)};
        default: return std::nullopt;
    }
}

// Whether a fault got hold of a unit of that stage before the client did: what it said is then not what was heard.
bool was_tampered_with(const Scene& scene, Stage stage) {
    for (const auto& event : scene.log->events) {
        if (event.kind != proxy::Event::Kind::fault || event.stage != stage) continue;
        for (const auto& fault : scene.arm.faults)
            if (fault.id == event.fault && proxy::needs_unit(fault.action)) return true;
    }
    return false;
}

std::optional<Stage> stage_of(const Scene& scene) {
    std::optional<Stage> stage;
    if (scene.log) stage = scene.log->furthest;
    if (!scene.connection) return stage;
    // The proxy's word counts as long as it can see; where it only counts records, the client's does.
    if (!stage || *stage == Stage::tls_application_data)
        return std::max(stage.value_or(Stage::tcp_connect), scene.connection->furthest);
    return stage;
}

// A real client says at most that it failed: the kind of ending is the proxy's to tell.
Ending ended_by(const Scene& scene) {
    if (scene.evidence.timed_out) return ending(EndKind::timeout);
    if (scene.connection) return scene.connection->ending;
    if (scene.worked()) return ending(EndKind::orderly);
    if (const auto said = announced(scene)) return *said;
    if (scene.evidence.server && scene.evidence.server->said) return *scene.evidence.server->said;
    auto exit = scene.process && scene.process->exit_code
                    ? ending(EndKind::client_exit, static_cast<std::uint32_t>(*scene.process->exit_code))
                    : Ending{};
    if (!scene.log && scene.process && scene.process->exit_name.starts_with("DNS_"))
        return ending(EndKind::name_not_found);
    if (!scene.log) return exit;
    if (scene.log->ended_by == Who::client && scene.process && scene.process->gave_up) return ending(EndKind::timeout);
    if (scene.log->ended_by == Who::client) return exit.kind == EndKind::none ? scene.log->first_end : exit;
    if (scene.log->client_leg) return scene.log->client_leg->ending;
    return scene.log->first_end;
}

std::optional<bool> session_up(const Scene& scene) {
    if (scene.connection) return scene.connection->session_up;
    if (scene.process && scene.process->session_up) return scene.process->session_up;
    if (scene.evidence.server) return scene.evidence.server->session_up;
    if (!scene.log || !scene.log->furthest) return std::nullopt;
    // A proxy that ends TLS sees it come up itself.
    if (scene.arm.proxy.intercept) return *scene.log->furthest >= Stage::rdp_active;
    if (*scene.log->furthest < Stage::tls_application_data) return false;
    return std::nullopt;
}

}  // namespace

Scene::Scene(const Arm& the_arm, const Evidence& the_evidence) : arm(the_arm), evidence(the_evidence) {
    if (!evidence.connections.empty()) log = &evidence.connections.back();
    probe = std::get_if<client::ProbeReport>(&evidence.client);
    process = std::get_if<client::ProcessReport>(&evidence.client);
    if (probe && !probe->connections.empty()) connection = &probe->connections.back();
}

bool Scene::fired(const std::string& fault) const {
    return std::find(evidence.fired.begin(), evidence.fired.end(), fault) != evidence.fired.end();
}

bool Scene::worked() const {
    if (evidence.timed_out) return false;
    if (probe) return probe->worked();
    if (!process) return false;
    return process->stopped_after_session || (process->exit_code == 0 && process->session_up.value_or(true));
}

std::optional<Ending> announced(const Scene& scene) {
    if (!scene.log) return std::nullopt;
    for (const auto& event : scene.log->events) {
        // What the server told a proxy that ends TLS is not what the client was told.
        const bool for_proxy = scene.arm.proxy.intercept && event.segment == proxy::Segment::server_wire;
        if (for_proxy && event.kind != proxy::Event::Kind::fault) continue;
        if (event.kind == proxy::Event::Kind::negotiation_failure)
            return ending(EndKind::negotiation_failure, event.code);
        if (event.kind == proxy::Event::Kind::alert && event.direction == Direction::server_to_client &&
            event.code != 0)
            return ending(EndKind::tls_alert, event.code);
        if (event.kind == proxy::Event::Kind::credssp_error) return ending(EndKind::authentication, event.code);
        if (event.direction == Direction::server_to_client)
            if (const auto said = said_by(event); said && !was_tampered_with(scene, said->first)) return said->second;
        if (event.kind != proxy::Event::Kind::fault) continue;
        for (const auto& fault : scene.arm.faults)
            if (const auto* inject = std::get_if<proxy::action::Inject>(&fault.action);
                inject && fault.id == event.fault)
                if (auto said = said_by(*inject)) return said;
    }
    return std::nullopt;
}

Observed observe(const Scene& scene) {
    Observed seen;
    seen.stage = stage_of(scene);
    seen.ended_by = ended_by(scene);
    if (scene.log) seen.who = scene.log->ended_by;
    seen.session_up = session_up(scene);
    if (scene.probe)
        seen.connections = static_cast<std::uint32_t>(scene.probe->connections.size());
    else
        seen.connections = static_cast<std::uint32_t>(scene.evidence.connections.size());
    if (scene.process && scene.process->connections) seen.connections = *scene.process->connections;
    return seen;
}

}  // namespace rdpfault::harness
