#include "harness/scenario_facts.hpp"

#include <algorithm>

#include "harness/arm.hpp"

namespace rdpfault::harness {

namespace {

void add(std::vector<std::string>& list, std::string word) {
    if (std::ranges::find(list, word) == list.end()) list.push_back(std::move(word));
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : " or ") + word;
    return text;
}

std::string ending_text(const EndExpectation& end) {
    if (!end.ended_by) return {};
    if (!end.code) return std::string(to_string(*end.ended_by));
    return to_string(Ending{.kind = *end.ended_by, .code = *end.code, .detail = {}});
}

std::vector<std::string> fidelity_of(const Scenario& scenario) {
    std::vector<std::string> words;
    const auto look_at = [&words](const Scenario& one) {
        if (one.dns || !one.proxy.is_ordinary() || needs_embedded(one.server)) add(words, "wire");
        for (const auto& fault : one.faults)
            add(words, std::string(proxy::action_table()[fault.action.index()].fidelity));
        if (one.network) add(words, "packet");
    };
    look_at(scenario);
    std::ranges::for_each(scenario.variants, look_at);
    return words;
}

std::vector<std::string> needs_of(const Scenario& scenario) {
    std::vector<std::string> words;
    for (const auto requirement : scenario.requirements)
        add(words, std::string(to_string(requirement)));
    const auto look_at = [&words](const Scenario& one) {
        if (needs_embedded(one.server)) add(words, std::string(to_string(Requirement::embedded_server)));
        if (one.network && !one.network->modelled_allowed) add(words, std::string(to_string(Requirement::packet_link)));
    };
    look_at(scenario);
    std::ranges::for_each(scenario.variants, look_at);
    return words;
}

// Whether the expected end may come with this furthest stage; a session is up from rdp.active on.
bool possible(const EndExpectation& end, Stage stage, bool session_up) {
    const bool active = stage >= Stage::rdp_active;
    if (end.ends_at) return stage == *end.ends_at && session_up == end.session_up.value_or(active);
    if (!is_milestone(stage) || stage > Stage::rdp_active || session_up != active) return false;
    return !end.session_up || *end.session_up == session_up;
}

}  // namespace

std::vector<EndExpectation> expected_ends(const Scenario& scenario) {
    std::vector<EndExpectation> ends;
    const auto take = [&ends](const Expectation& expect) {
        if (!expect.connected) ends.insert(ends.end(), expect.any_of.begin(), expect.any_of.end());
    };
    if (scenario.variants.empty()) take(scenario.expect);
    for (const auto& variant : scenario.variants)
        take(variant.expect);
    return ends;
}

std::vector<Prediction> possible_predictions(const EndExpectation& end) {
    std::vector<Prediction> found;
    if (!end.ended_by) return found;
    const Ending ending{.kind = *end.ended_by, .code = end.code.value_or(0), .detail = {}};
    for (const auto& stage : stages())
        for (const bool session_up : {false, true}) {
            if (!possible(end, stage.stage, session_up)) continue;
            auto prediction = predict(stage.stage, session_up, ending);
            if (end.mstsc && prediction.pair != end.mstsc) continue;
            found.push_back(prediction);
        }
    return found;
}

ScenarioFacts facts_of(const Scenario& scenario) {
    ScenarioFacts facts;
    std::vector<std::string> stages;
    std::vector<std::string> endings;
    auto weakest = Confidence::documented;
    for (const auto& end : expected_ends(scenario)) {
        if (end.ends_at) add(stages, std::string(to_string(*end.ends_at)));
        if (auto text = ending_text(end); !text.empty()) add(endings, std::move(text));
        for (const auto& prediction : possible_predictions(end)) {
            weakest = std::max(weakest, prediction.confidence);
            if (prediction.pair && std::ranges::find(facts.pairs, *prediction.pair) == facts.pairs.end())
                facts.pairs.push_back(*prediction.pair);
        }
    }
    facts.stage = joined(stages);
    if (endings.empty()) endings.emplace_back(expected_ends(scenario).empty() ? "connected" : "not judged");
    facts.ended_by = joined(endings);
    if (!facts.pairs.empty()) facts.confidence = weakest;
    facts.fidelity = fidelity_of(scenario);
    facts.needs = needs_of(scenario);
    for (const auto& arm : arms_of(scenario))
        facts.arms.push_back(arm.name);
    return facts;
}

}  // namespace rdpfault::harness
