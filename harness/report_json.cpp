#include "harness/report_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/chance.hpp"
#include "harness/tcp_json.hpp"
#include "harness/utc.hpp"

namespace rdpfault::harness {

namespace {

using Json = nlohmann::ordered_json;
using Who = proxy::ConnectionLog::Who;

// Absent means "not known" or "not so"; a report says null for the first.
template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}
Json or_null(const std::optional<Stage>& stage) {
    return stage ? Json(to_string(*stage)) : Json(nullptr);
}

Json ending_json(const Ending& ending) {
    if (ending.kind == EndKind::none) return nullptr;
    Json json{{"kind", to_string(ending.kind)}, {"code", ending.code}, {"text", to_string(ending)}};
    if (!ending.detail.empty()) json["detail"] = ending.detail;
    if (ending.system_error != 0) json["errno"] = ending.system_error;
    return json;
}

Json end_json(const EndExpectation& end) {
    Json json = Json::object();
    if (end.ends_at) json["ends_at"] = to_string(*end.ends_at);
    if (end.ended_by) json["ended_by"] = to_string(*end.ended_by);
    if (end.code) json["code"] = *end.code;
    if (end.who) json["who"] = to_string(*end.who);
    if (end.session_up) json["session_up"] = *end.session_up;
    if (end.mstsc) json["mstsc"] = to_string(*end.mstsc);
    if (end.connections) json["connections"] = *end.connections;
    return json;
}

Json expectation_json(const Expectation& expect) {
    if (expect.connected) return "connected";
    Json list = Json::array();
    for (const auto& end : expect.any_of)
        list.push_back(end_json(end));
    return list;
}

Json leg_json(const std::optional<proxy::LegEnd>& leg, const std::optional<proxy::TcpFacts>& tcp) {
    if (!leg) return nullptr;
    return {{"ending", to_string(leg->ending)}, {"by_proxy", leg->by_proxy},
            {"bytes_read", leg->bytes_read},    {"bytes_written", leg->bytes_written},
            {"undelivered", leg->undelivered},  {"tcp", tcp ? tcp_json(*tcp) : Json(nullptr)}};
}

Json connection_json(const proxy::ConnectionLog& log, const ClockPair& began) {
    using std::chrono::duration_cast, std::chrono::microseconds;
    const auto accepted = began.wall + duration_cast<microseconds>(log.accepted - began.steady);
    Json json{{"ordinal", log.ordinal}, {"client", log.client_address}};
    if (!log.local_address.empty()) json["local"] = log.local_address;
    json["accepted"] = utc_text(accepted);
    json["duration_us"] = std::max<std::int64_t>(0, duration_cast<microseconds>(log.ended - log.accepted).count());
    json.update({{"stage", or_null(log.furthest)},
                 {"ended_by", log.ended_by == Who::nobody ? Json(nullptr) : Json(to_string(log.ended_by))},
                 {"ending", ending_json(log.first_end)},
                 {"client_leg", leg_json(log.client_leg, log.client_tcp)},
                 {"server_leg", leg_json(log.server_leg, log.server_tcp)}});
    return json;
}

Json tls_json(const tls::NegotiatedTls& tls) {
    Json json{{"version", to_string(tls.version)}, {"cipher", tls.cipher}, {"group", tls.group}};
    if (tls.peer_certificate) json["certificate_sha256"] = tls.peer_certificate->sha256;
    return json;
}

Json probe_json(const client::ConnectionReport& met) {
    Json stages = Json::array();
    for (const auto& stage : met.stages)
        stages.push_back({{"stage", to_string(stage.stage)}, {"t_us", stage.at.count()}});
    return {{"stage", to_string(met.furthest)},
            {"waiting_for", to_string(met.ended_in)},
            {"connected", met.connected},
            {"session_up", met.session_up},
            {"ending", ending_json(met.ending)},
            {"duration_us", met.duration.count()},
            {"tls", met.tls ? tls_json(*met.tls) : Json(nullptr)},
            {"stages", std::move(stages)}};
}

Json client_json(const client::ProbeReport& probe) {
    Json list = Json::array();
    for (const auto& met : probe.connections)
        list.push_back(probe_json(met));
    return {{"kind", "probe"}, {"connections", std::move(list)}};
}

Json client_json(const client::ProcessReport& process) {
    Json json{{"kind", "program"},
              {"command", process.command},
              {"exit_code", or_null(process.exit_code)},
              {"exit_name", process.exit_name},
              {"signal", or_null(process.signal)},
              {"timed_out", process.timed_out},
              {"duration_ms", process.duration.count()},
              {"session_up", or_null(process.session_up)},
              {"gave_up", process.gave_up},
              {"connections", or_null(process.connections)},
              {"last_state", process.last_state},
              {"output_file", process.output_file}};
    if (!process.error.empty()) json["error"] = process.error;
    return json;
}

Json client_json(std::monostate) {
    return nullptr;
}

Json server_json(const std::optional<ServerTestimony>& server) {
    if (!server) return nullptr;
    return {{"connections", server->connections},
            {"misbehaved", server->misbehaved},
            {"session_up", server->session_up},
            {"stage", or_null(server->furthest)},
            {"text", server->text}};
}

Json direction_json(const link::DirectionReport& direction) {
    Json effects = Json::array();
    for (const auto& effect : direction.effects)
        effects.push_back({{"effect", effect.effect}, {"dropped", effect.dropped}, {"touched", effect.touched}});
    return {{"entered", direction.entered}, {"left", direction.left}, {"effects", std::move(effects)}};
}

Json sockets_json(const std::vector<link::SocketFacts>& sockets) {
    Json list = Json::array();
    for (const auto& socket : sockets) {
        Json json{{"local_port", socket.local_port}, {"remote_port", socket.remote_port}};
        json.update(tcp_json(socket.facts));
        list.push_back(std::move(json));
    }
    return list;
}

Json network_json(const NetworkEvidence& network) {
    const auto& report = network.report;
    Json json{{"between", link::to_string(network.between)},
              {"fidelity", "packet"},
              {"towards_server", direction_json(report.towards_server)},
              {"towards_client", direction_json(report.towards_client)},
              {"changes", report.changes},
              {"overruns", report.overruns},
              {"refused", report.refused},
              {"tcp_client_end", sockets_json(network.client_end)},
              {"tcp_server_end", sockets_json(network.server_end)}};
    if (!network.capture.empty()) json["capture"] = network.capture;
    return json;
}

Json observed_json(const Observed& seen) {
    return {{"stage", or_null(seen.stage)},
            {"ended_by", ending_json(seen.ended_by)},
            {"who", seen.who == Who::nobody ? Json(nullptr) : Json(to_string(seen.who))},
            {"session_up", or_null(seen.session_up)},
            {"connections", seen.connections}};
}

Json mstsc_json(const Prediction& prediction) {
    return {{"pair", prediction.pair ? Json(to_string(*prediction.pair)) : Json(nullptr)},
            {"confidence", to_string(prediction.confidence)},
            {"source", prediction.source},
            {"why", prediction.why}};
}

Json run_json(const RunRecord& run) {
    const auto& verdict = run.verdict;
    Json json{{"run", run.repeat},
              {"seed", run.seed},
              {"verdict", to_string(verdict.result)},
              {"reasons", verdict.reasons},
              {"duration_ms", run.evidence.duration.count()}};
    if (verdict.result == Judgement::skipped || verdict.result == Judgement::error) return json;
    json["timed_out"] = run.evidence.timed_out;
    json["observed"] = observed_json(verdict.observed);
    json["mstsc"] = mstsc_json(verdict.prediction);
    json["fired"] = run.evidence.fired;
    for (const auto& witness : verdict.witnesses)
        json["witnesses"].push_back({{"name", witness.name}, {"text", witness.text}, {"agrees", witness.agrees}});
    json["connections"] = Json::array();
    for (const auto& log : run.evidence.connections)
        json["connections"].push_back(connection_json(log, run.evidence.began));
    json["client"] = std::visit([](const auto& client) { return client_json(client); }, run.evidence.client);
    json["server"] = server_json(run.evidence.server);
    if (run.evidence.dns) json["dns"] = {{"queries", run.evidence.dns->queries}, {"wrong", run.evidence.dns->wrong}};
    if (run.evidence.network) json["network"] = network_json(*run.evidence.network);
    return json;
}

// How real the arm's faults are: done by the kernel, or modelled on the stream.
Json faults_json(const std::vector<proxy::Fault>& faults) {
    Json list = Json::array();
    const auto table = proxy::action_table();
    for (const auto& fault : faults)
        list.push_back({{"id", fault.id},
                        {"action", proxy::name(fault.action)},
                        {"fidelity", table[fault.action.index()].fidelity}});
    return list;
}

std::string_view answer_word(RateAnswer answer) {
    if (answer == RateAnswer::open) return "open";
    return answer == RateAnswer::holds ? "holds" : "violated";
}

Json rate_json(const RateResult& rate) {
    const bool at_least = rate.expected.side == RateExpectation::Side::at_least;
    return {{at_least ? "at_least" : "at_most", rate.expected.threshold},
            {"confidence", rate.expected.confidence},
            {"runs", rate.runs},
            {"hits", rate.hits},
            {"cut", rate.cut},
            {"looks", rate.looks},
            {"confidence_of_each", rate.used},
            {"interval", {rate.interval.low, rate.interval.high}},
            {"answer", answer_word(rate.answer)}};
}

Json arm_json(const ArmResult& result) {
    Json json{{"scenario", result.scenario},       {"family", result.family}, {"path", result.path},
              {"summary", result.summary},         {"cause", result.cause},   {"arm", result.arm.name},
              {"kind", to_string(result.arm.kind)}};
    if (!result.arm.action.empty()) json["action"] = result.arm.action;
    json["faults"] = faults_json(result.arm.faults);
    json["server_keys"] = result.arm.server_keys;
    json["client_keys"] = result.arm.client_keys;
    json["expect"] = expectation_json(result.arm.expect);
    json["chance"] = left_to_chance(result.arm.faults, result.arm.network);
    if (result.rate) json["rate"] = rate_json(*result.rate);
    json["verdict"] = to_string(result.result);
    json["reasons"] = result.reasons;
    json["duration_ms"] = result.duration.count();
    json["runs"] = Json::array();
    for (const auto& run : result.runs)
        json["runs"].push_back(run_json(run));
    return json;
}

Json totals_json(const Report& report) {
    Json totals = Json::object();
    for (const auto judgement : {Judgement::passed, Judgement::skipped, Judgement::inconclusive,
                                 Judgement::fault_not_fired, Judgement::failed, Judgement::error})
        totals[std::string(to_string(judgement))] = std::count_if(
            report.arms.begin(), report.arms.end(), [&](const auto& arm) { return arm.result == judgement; });
    return totals;
}

}  // namespace

std::string results_json(const Report& report) {
    Json json{{"format", 1},
              {"rdpfault", report.version},
              {"started", report.started},
              {"duration_ms", report.duration.count()},
              {"server", report.server},
              {"client", report.client},
              {"seed", report.seed},
              {"interrupted", report.interrupted},
              {"exit_status", exit_status(report)},
              {"totals", totals_json(report)},
              {"arms", Json::array()}};
    if (report.port != 0) json["port"] = report.port;
    for (const auto& arm : report.arms)
        json["arms"].push_back(arm_json(arm));
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rdpfault::harness
