#include <algorithm>

#include "harness/diagnosis.hpp"

namespace rdpfault::harness {

namespace {

constexpr std::size_t longest_list = 5;

bool ends_alike(const EndExpectation& end, const Symptoms& seen) {
    return end.ended_by == seen.ending.kind && (!end.code || *end.code == seen.ending.code);
}

// How much a scenario is like what was seen: its cause is among the likely ones, it ends at that stage, in that way.
int likeness(const Scenario& scenario, const Finding& finding) {
    const auto rank = std::ranges::find_if(
        finding.causes, [&](const RankedCause& ranked) { return ranked.cause->id == scenario.cause; });
    int points = 0;
    for (const auto& end : scenario.expect.any_of) {
        int here = ends_alike(end, finding.symptoms) ? 3 : 0;
        if (end.ends_at && *end.ends_at == finding.symptoms.stage) here += 4;
        // It may have come there unseen.
        const bool hidden = finding.symptoms.hidden && end.ends_at && *end.ends_at > finding.symptoms.stage;
        if (hidden && rank != finding.causes.end()) here += 3;
        points = std::max(points, here);
    }
    // Alike in the way it ends or at least in where: the cause alone brings too many.
    if (points < 3) return 0;
    if (rank != finding.causes.end()) points += 6 - static_cast<int>(rank - finding.causes.begin());
    return points;
}

std::vector<std::string> next_scenarios(const Finding& finding, std::span<const Scenario> scenarios) {
    std::vector<std::pair<int, const Scenario*>> alike;
    for (const auto& scenario : scenarios)
        if (const auto points = likeness(scenario, finding); points >= 5) alike.emplace_back(-points, &scenario);
    std::ranges::stable_sort(alike, {}, &std::pair<int, const Scenario*>::first);
    std::vector<std::string> paths;
    for (const auto& [points, scenario] : alike) {
        if (paths.size() == longest_list) break;
        if (finding.scenario != scenario->family + "/" + scenario->name) paths.push_back(scenario->path);
    }
    return paths;
}

}  // namespace

void conclude(Finding& finding, std::span<const Scenario> scenarios) {
    const auto& seen = finding.symptoms;
    if (finding.prediction.why.empty()) finding.prediction = prediction_of(seen);
    // A guess cannot be surer than what it is built on.
    if (finding.session_guessed && finding.prediction.confidence < Confidence::inferred)
        finding.prediction.confidence = Confidence::inferred;
    finding.causes = rank_causes(seen);
    if (!finding.causes.empty()) finding.scenarios = next_scenarios(finding, scenarios);
}

}  // namespace rdpfault::harness
