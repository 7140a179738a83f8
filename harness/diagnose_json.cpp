#include <nlohmann/json.hpp>

#include "harness/diagnose_report.hpp"

namespace rdpfault::harness {

namespace {

using Json = nlohmann::ordered_json;

Json ending_json(const Ending& ending) {
    if (ending.kind == EndKind::none) return nullptr;
    return {{"kind", to_string(ending.kind)}, {"code", ending.code}, {"text", to_string(ending)}};
}

Json time_json(const std::optional<std::chrono::microseconds>& time) {
    return time ? Json(time->count()) : Json(nullptr);
}

Json capture_json(const CaptureFacts& facts) {
    const auto side = [](std::uint64_t bytes, std::uint64_t lost, std::uint32_t retransmitted) {
        return Json{{"bytes", bytes}, {"missing", lost}, {"retransmitted", retransmitted}};
    };
    return {{"packets", facts.packets},
            {"beginning_seen", facts.beginning_seen},
            {"decrypted", facts.decrypted},
            {"client", side(facts.client_bytes, facts.client_lost, facts.client_retransmitted)},
            {"server", side(facts.server_bytes, facts.server_lost, facts.server_retransmitted)}};
}

Json finding_json(const Finding& finding) {
    const auto& seen = finding.symptoms;
    Json json = Json::object();
    if (!finding.scenario.empty()) json = {{"scenario", finding.scenario}, {"arm", finding.arm}, {"run", finding.run}};
    json["connection"] = finding.connection;
    json["client"] = finding.client;
    if (!finding.server.empty()) json["server"] = finding.server;
    if (finding.began && !finding.began->empty()) json["began"] = *finding.began;
    json["stage"] = finding.connected ? Json(to_string(seen.stage)) : Json(nullptr);
    json["stage_certain"] = seen.stage_certain;
    json["ended_by"] = seen.who == Party::unknown ? Json(nullptr) : Json(to_string(seen.who));
    json["ending"] = ending_json(seen.ending);
    json["socket"] = ending_json(finding.socket);
    json["session_up"] = seen.session_up ? Json(*seen.session_up) : Json(nullptr);
    json["session_guessed"] = finding.session_guessed;
    json["duration_us"] = time_json(finding.duration);
    json["since_stage_us"] = time_json(seen.since_stage);
    const auto& prediction = finding.prediction;
    json["mstsc"] = {{"pair", prediction.pair ? Json(to_string(*prediction.pair)) : Json(nullptr)},
                     {"confidence", to_string(prediction.confidence)},
                     {"source", prediction.source},
                     {"why", prediction.why}};
    json["causes"] = Json::array();
    for (const auto& ranked : finding.causes)
        json["causes"].push_back({{"cause", ranked.cause->id}, {"score", ranked.score}, {"reason", ranked.reason}});
    json["scenarios"] = finding.scenarios;
    json["notes"] = finding.notes;
    if (finding.capture) json["capture"] = capture_json(*finding.capture);
    return json;
}

}  // namespace

std::string diagnosis_json(std::span<const Diagnosis> all) {
    Json json{{"format", 1}, {"files", Json::array()}};
    for (const auto& one : all) {
        Json file{{"file", one.file},
                  {"kind", one.kind},
                  {"answer", one.answer},
                  {"notes", one.notes},
                  {"connections", Json::array()}};
        for (const auto& finding : one.findings)
            file["connections"].push_back(finding_json(finding));
        json["files"].push_back(std::move(file));
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rdpfault::harness
