#include "harness/witness.hpp"

namespace rdpfault::harness {

using Who = proxy::ConnectionLog::Who;

namespace {

std::string describe_fault(const proxy::Event& event) {
    auto text = event.action + " (fault " + event.fault + ") fired";
    if (event.connection > 1) text += " on connection " + std::to_string(event.connection);
    if (event.stage) text += " at " + std::string(to_string(*event.stage));
    if (event.direction)
        text +=
            ", byte " + std::to_string(event.offset) + " from the " + std::string(to_string(source(*event.direction)));
    return text;
}

std::string describe_leg(std::string_view name, const std::optional<proxy::LegEnd>& leg) {
    const auto side = std::string(name) + " leg ";
    if (!leg) return side + "never ended";
    auto text = side + to_string(leg->ending) + (leg->by_proxy ? " by the proxy" : " by the " + std::string(name));
    if (leg->undelivered > 0) text += ", " + std::to_string(leg->undelivered) + " bytes undelivered";
    return text;
}

std::string describe_process(const client::ProcessReport& process) {
    if (!process.started) return "not started: " + process.error;
    std::string text;
    if (process.stopped_after_session)
        text = "session held as long as asked";
    else if (process.exit_code)
        text = "exit status " + std::to_string(*process.exit_code);
    else if (process.signal)
        text = "killed by signal " + std::to_string(*process.signal);
    if (!process.exit_name.empty()) text += " " + process.exit_name;
    if (process.timed_out) text += ", at its time limit";
    if (process.gave_up) text += ", gave up waiting";
    if (!process.last_state.empty()) text += ", last state " + process.last_state;
    return text;
}

}  // namespace

std::string log_text(const Scene& scene) {
    std::string text;
    const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
    for (const auto& connection : scene.evidence.connections)
        for (const auto& event : connection.events)
            if (event.kind == proxy::Event::Kind::fault) add(describe_fault(event));
    if (scene.evidence.network) add("link: " + to_string(scene.evidence.network->report));
    if (!scene.log) {
        add("no connection");
        return text;
    }
    if (scene.log->furthest) add("got to " + std::string(to_string(*scene.log->furthest)));
    if (scene.log->ended_by != Who::nobody)
        add("ended first by the " + std::string(to_string(scene.log->ended_by)) + ": " +
            to_string(scene.log->first_end));
    return text;
}

std::string sockets_text(const Scene& scene) {
    if (!scene.log) return "no connection was accepted";
    if (!scene.log->client_leg && !scene.log->server_leg) return "no leg ended";
    auto text = describe_leg("client", scene.log->client_leg);
    if (scene.log->server_leg) text += "; " + describe_leg("server", scene.log->server_leg);
    return text;
}

std::string client_text(const Scene& scene) {
    if (scene.process) return describe_process(*scene.process);
    if (!scene.connection) return "no report";
    const auto& met = *scene.connection;
    auto text = to_string(met.ending) + ", waiting for " + std::string(to_string(met.ended_in));
    if (met.ending.kind == EndKind::orderly) text = "connected, and left in order";
    if (const auto count = scene.probe->connections.size(); count > 1)
        text += " (connection " + std::to_string(count) + " of " + std::to_string(count) + ")";
    return text;
}

}  // namespace rdpfault::harness
