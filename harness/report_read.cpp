#include "harness/report_read.hpp"

#include <set>

#include "harness/json_node.hpp"

namespace rdpfault::harness {

namespace {

Judgement judgement_of(const JsonNode& node) {
    const auto text = node.text();
    for (const auto judgement : {Judgement::passed, Judgement::skipped, Judgement::inconclusive,
                                 Judgement::fault_not_fired, Judgement::failed, Judgement::error})
        if (text == to_string(judgement)) return judgement;
    node.fail("'" + text.substr(0, 40) + "' is no verdict");
}

std::string text_or_nothing(const JsonNode& node) {
    return node.is_null() ? std::string() : node.text();
}

PastSight sight_of(const JsonNode& run) {
    PastSight sight;
    const auto seen = run.at("observed");
    if (const auto stage = seen.at("stage"); !stage.is_null()) {
        sight.stage = stage_from_string(stage.text());
        if (!sight.stage) stage.fail("'" + stage.text().substr(0, 40) + "' is no stage");
    }
    if (const auto end = seen.at("ended_by"); !end.is_null()) sight.ended_by = end.at("text").text();
    sight.who = text_or_nothing(seen.at("who"));
    if (const auto up = seen.at("session_up"); !up.is_null()) sight.session_up = up.truth();
    sight.pair = text_or_nothing(run.at("mstsc").at("pair"));
    return sight;
}

// The first run that did not pass speaks for an arm, or the first; for one that passed, the first that did.
void read_runs(const JsonNode& list, PastArm& arm) {
    bool spoken = false;
    for (const auto& run : list.items()) {
        const auto verdict = judgement_of(run.at("verdict"));
        if (verdict == Judgement::skipped || verdict == Judgement::error) continue;
        const bool passed = verdict == Judgement::passed;
        ++arm.runs;
        if (passed) ++arm.hits;
        if (arm.sight && (spoken || passed != (arm.verdict == Judgement::passed))) continue;
        spoken = passed == (arm.verdict == Judgement::passed);
        arm.sight = sight_of(run);
    }
}

PastArm read_arm(const JsonNode& node) {
    PastArm arm;
    arm.scenario = node.at("scenario").text();
    arm.family = node.at("family").text();
    arm.arm = node.at("arm").text();
    arm.verdict = judgement_of(node.at("verdict"));
    if (const auto reasons = node.at("reasons").items(); !reasons.empty()) arm.reason = reasons.front().text();
    arm.chance = node.has("chance") && node.at("chance").truth();
    arm.duration_ms = node.at("duration_ms").count();
    read_runs(node.at("runs"), arm);
    return arm;
}

}  // namespace

PastReport parse_report(const std::string& text, const std::string& path) {
    const auto json = parse_json(text, path);
    const JsonNode root(json, path, {});
    if (root.at("format").count() != 1) root.at("format").fail("expected 1: this is another kind of report");
    PastReport report{path,
                      root.at("rdpfault").text(),
                      root.at("started").text(),
                      root.at("server").text(),
                      root.at("client").text(),
                      root.at("interrupted").truth(),
                      {}};
    std::set<std::tuple<std::string, std::string, std::string>> known;
    for (const auto& node : root.at("arms").items()) {
        auto arm = read_arm(node);
        if (!known.emplace(arm.family, arm.scenario, arm.arm).second)
            node.fail("a second " + arm.arm + " of " + arm.name());
        report.arms.push_back(std::move(arm));
    }
    return report;
}

PastReport read_report(const std::string& given) {
    const auto [path, text] = read_report_text(given);
    return parse_report(text, path);
}

}  // namespace rdpfault::harness
