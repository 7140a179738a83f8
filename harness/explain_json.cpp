#include <nlohmann/json.hpp>

#include "harness/explain_answer.hpp"
#include "harness/explain_page.hpp"

namespace rdpfault::harness {

namespace {

using Json = nlohmann::ordered_json;

Json json_of_sources(std::string_view keys) {
    auto out = Json::array();
    for (const auto key : source_keys(keys))
        out.push_back({{"key", key}, {"text", source_text(key)}});
    return out;
}

Json json_of_code(const CodeInfo& row) {
    Json out{{"family", to_string(row.family)},
             {"code", row.code},
             {"text", code_text(row)},
             {"name", row.name.empty() ? Json() : Json(row.name)},
             {"meaning", row.meaning}};
    if (row.related != 0) out["related"] = {{"what", info(row.family).related}, {"code", row.related}};
    out["sources"] = json_of_sources(row.source);
    return out;
}

Json json_of_expected(const Expected& line) {
    const auto& prediction = line.prediction;
    return {{"ending", line.ending},
            {"first_stage", line.first ? Json(to_string(*line.first)) : Json()},
            {"last_stage", line.last ? Json(to_string(*line.last)) : Json()},
            {"session_up", line.session_up},
            {"mstsc", line.mstsc.empty() ? Json() : Json(line.mstsc)},
            {"confidence", to_string(prediction.confidence)},
            {"why", prediction.why},
            {"sources", json_of_sources(prediction.source)}};
}

Json json_of_event(const EventInfo& event) {
    return {{"log", event.log},
            {"id", event.id},
            {"channel", find_event_log(event.log)->channel},
            {"machine", find_event_log(event.log)->machine},
            {"meaning", event.meaning},
            {"sources", json_of_sources(event.source)}};
}

Json json_of_sign(const Sign& sign) {
    return {{"log", sign.log}, {"id", sign.id}, {"absent", sign.absent}, {"note", sign.note}};
}

Json json_of_remedy(const Remedy& remedy) {
    return {{"what", remedy.what},
            {"kind", to_string(remedy.kind)},
            {"action", remedy.action},
            {"proof", remedy.proof},
            {"caution", remedy.caution.empty() ? Json() : Json(remedy.caution)}};
}

Json json_of_advice(const Advice& advice) {
    return {{"id", advice.id},
            {"claim", advice.claim},
            {"told_by", advice.told_by},
            {"standing", to_string(advice.standing)},
            {"reason", advice.reason},
            {"instead", advice.instead},
            {"scenarios", advice.scenarios},
            {"words", advice.words},
            {"sources", json_of_sources(advice.source)}};
}

Json json_of_scenario(const KnownScenario& scenario) {
    auto pairs = Json::array();
    for (const auto& pair : scenario.pairs)
        pairs.push_back(to_string(pair));
    auto fixes = Json::array();
    for (const auto& fix : scenario.fixes)
        fixes.push_back({{"arm", fix.arm}, {"action", fix.action}});
    return {{"name", scenario.name},       {"path", scenario.path}, {"cause", scenario.cause},
            {"summary", scenario.summary}, {"mstsc", pairs},        {"fixes", fixes}};
}

template <class Rows, class Write>
Json array_of(const Rows& rows, Write write) {
    auto out = Json::array();
    for (const auto& row : rows)
        out.push_back(write(row));
    return out;
}

Json json_of_cause(const Cause& cause) {
    auto stages = Json::array();
    for (const auto stage : cause.stages)
        stages.push_back(to_string(stage));
    auto pairs = Json::array();
    for (const auto& pair : cause.shows)
        pairs.push_back(to_string(pair));
    return {{"id", cause.id},
            {"title", cause.title},
            {"explanation", cause.explanation},
            {"evidence", to_string(cause.grade)},
            {"grounds", cause.grounds},
            {"signature", cause.signature},
            {"limits", cause.limits.empty() ? Json() : Json(cause.limits)},
            {"stages", stages},
            {"mstsc", pairs},
            {"events", array_of(cause.events, json_of_sign)},
            {"signs", cause.signs},
            {"fixes", array_of(cause.fixes, json_of_remedy)},
            {"no_fix", cause.no_fix},
            {"neighbours", cause.neighbours},
            {"sources", json_of_sources(cause.source)}};
}

Json json_of_stage(const StageInfo& stage) {
    const auto* sender = !stage.direction                                  ? "both"
                         : *stage.direction == Direction::client_to_server ? "client"
                                                                           : "server";
    return {{"name", stage.name},
            {"unit", stage.unit},
            {"sender", sender},
            {"visible", stage.visible},
            {"specification", stage.specification}};
}

}  // namespace

std::string causes_json() {
    auto list = Json::array();
    for (const auto& cause : causes()) {
        Json row{{"cause", cause.id}};
        row.update(json_of_cause(cause));
        list.push_back(std::move(row));
    }
    return list.dump(2) + '\n';
}

std::string json_of(const Answer& answer) {
    const auto code = [](const CodeInfo* row) { return json_of_code(*row); };
    Json out{{"question", answer.question}, {"found", answer.found()}};
    if (answer.pair) out["mstsc"] = to_string(*answer.pair);
    out["codes"] = array_of(answer.codes, code);
    out["events"] = array_of(answer.events, [](const EventInfo* event) { return json_of_event(*event); });
    out["cause"] = answer.cause != nullptr ? json_of_cause(*answer.cause) : Json();
    out["stage"] = answer.stage != nullptr ? json_of_stage(*answer.stage) : Json();
    out["advice"] = array_of(answer.advice, [](const Advice* advice) { return json_of_advice(*advice); });
    out["related"] = array_of(answer.related, code);
    out["expected"] = array_of(answer.expected, json_of_expected);
    out["causes"] = array_of(answer.causes, [](const Cause* cause) { return json_of_cause(*cause); });
    out["scenarios"] =
        array_of(answer.scenarios, [](const KnownScenario* scenario) { return json_of_scenario(*scenario); });
    out["suggestions"] = answer.suggestions;
    // What the user typed need not be UTF-8; it must not throw.
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace rdpfault::harness
