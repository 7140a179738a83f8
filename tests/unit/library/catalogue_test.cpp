// The library against the catalogue: every cause is shown, every prediction is expected by somebody, and where
// something is left out the reason stands here. Nothing is run.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "harness/advice.hpp"
#include "harness/causes.hpp"
#include "harness/loader.hpp"
#include "harness/scenario_facts.hpp"
#include "harness/scenarios_document.hpp"
#include "harness/unexplained.hpp"
#include "protocol/catalogue.hpp"
#include "protocol/prediction_rules.hpp"

namespace rdpfault::harness {
namespace {

const std::vector<Scenario>& scenarios() {
    static const auto loaded = load_paths({RDPFAULT_SOURCE_DIR "/scenarios"}).scenarios;
    return loaded;
}

// Pairs that a rule can give and no scenario expects.
const std::map<std::string, std::string_view>& pairs_left_out() {
    static const std::map<std::string, std::string_view> reasons{
        {"0x1607/0x0", "the client's own policy on delegation: no status of a server"},
        {"0x1707/0x0", "the client's own policy on NTLM: no status of a server"},
        {"0x1C07/0x0", "the probe has no smart card"},
        {"0x2207/0x0", "the probe has no smart card"},
    };
    return reasons;
}

// Every pair that the rules can give; of the ERRINFO numbers 7 stands for all.
std::set<std::string> pairs_of_rules() {
    std::set<std::string> pairs;
    for (const auto& rule : prediction_rules()) {
        if (rule.pair_of == PairOf::rule) pairs.insert(to_string(rule.pair));
        if (rule.pair_of == PairOf::error_info) pairs.insert(to_string(MstscPair{rule.pair.code, 7}));
        if (rule.pair_of == PairOf::status)
            for (const auto& status : codes(Family::ntstatus))
                if (status.related != 0) pairs.insert(to_string(MstscPair{status.related, 0}));
    }
    return pairs;
}

std::set<std::string> pairs_expected() {
    std::set<std::string> pairs;
    for (const auto& scenario : scenarios())
        for (const auto& end : expected_ends(scenario))
            if (end.mstsc) pairs.insert(to_string(*end.mstsc));
    return pairs;
}

TEST(LibraryCatalogue, EveryCauseHasAScenarioAndAFixArm) {
    for (const auto& cause : causes()) {
        const auto shows = [&](const Scenario& scenario) { return scenario.cause == cause.id; };
        const auto mends = [&](const Scenario& scenario) { return shows(scenario) && !scenario.fixes.empty(); };
        EXPECT_TRUE(std::ranges::any_of(scenarios(), shows)) << cause.id << " has no scenario";
        EXPECT_TRUE(cause.id == "control" || std::ranges::any_of(scenarios(), mends)) << cause.id << " has no fix arm";
    }
}

TEST(LibraryCatalogue, EveryPairOfTheRulesIsExpectedOrLeftOutForAReason) {
    const auto expected = pairs_expected();
    for (const auto& pair : pairs_of_rules())
        EXPECT_TRUE(expected.contains(pair) || pairs_left_out().contains(pair)) << pair << " is expected by nobody";
    for (const auto& [pair, reason] : pairs_left_out())
        EXPECT_TRUE(pairs_of_rules().contains(pair)) << pair << " is left out, and no rule gives it";
}

TEST(LibraryCatalogue, NoPairIsExpectedThatIsCalledUnexplained) {
    for (const auto& scenario : scenarios())
        for (const auto& end : expected_ends(scenario))
            EXPECT_TRUE(!end.mstsc || find_unexplained(end.mstsc->code) == nullptr) << scenario.path;
}

// Where a scenario names the stage, or all stages that it may mean come under one rule.
TEST(LibraryCatalogue, EveryRuleIsExercised) {
    // A rule is known by its pair and its words.
    const auto name = [](const std::optional<MstscPair>& pair, std::string_view why) {
        return (pair ? to_string(*pair) : std::string("-")) + ' ' + std::string(why);
    };
    std::set<std::string> exercised;
    for (const auto& scenario : scenarios())
        for (const auto& end : expected_ends(scenario)) {
            std::set<std::string> rules;
            for (const auto& prediction : possible_predictions(end))
                rules.insert(name(prediction.pair, prediction.why));
            if (rules.size() == 1) exercised.insert(*rules.begin());
        }
    const std::map<std::string_view, std::string_view> left_out{
        {"ERRINFO 0 says that nothing is wrong.", "it ends nothing"},
    };
    for (const auto& rule : prediction_rules()) {
        const auto shown = std::ranges::any_of(exercised, [&](const std::string& one) {
            if (rule.pair_of == PairOf::rule) return one == name(rule.pair, rule.why);
            return one.ends_with(rule.why);
        });
        EXPECT_TRUE(shown || left_out.contains(rule.why)) << "no scenario for: " << rule.why;
    }
}

TEST(LibraryCatalogue, ExpectedPairsArePossible) {
    for (const auto& scenario : scenarios())
        for (const auto& end : expected_ends(scenario))
            EXPECT_TRUE(!end.mstsc || !end.ended_by || !possible_predictions(end).empty())
                << scenario.path << ": no rule gives " << to_string(*end.mstsc);
}

TEST(LibraryCatalogue, AdviceIsShownByScenariosThatExist) {
    for (const auto& advice : all_advice())
        for (const auto name : advice.scenarios)
            EXPECT_TRUE(std::ranges::any_of(scenarios(), [&](const Scenario& one) { return one.name == name; }))
                << advice.id << " -> " << name;
}

TEST(LibraryCatalogue, EveryScenarioSaysWhatItIsAndLiesInAKnownFolder) {
    for (const auto& scenario : scenarios()) {
        EXPECT_GE(scenario.summary.size(), 20U) << scenario.path;
        EXPECT_TRUE(scenario.summary.ends_with('.')) << scenario.path;
        EXPECT_NE(find_library_folder(scenario.family), nullptr)
            << scenario.path << ": describe the folder in harness/scenarios_document.cpp";
    }
}

TEST(LibraryCatalogue, TheReadmeIsTheCommittedOne) {
    std::ifstream file(RDPFAULT_SOURCE_DIR "/scenarios/README.md", std::ios::binary);
    std::ostringstream committed;
    committed << file.rdbuf();
    EXPECT_TRUE(committed.str() == scenarios_markdown(scenarios()))
        << "scenarios/README.md is stale; renew it with\n"
           "  rdpfault scenarios scenarios --format markdown > scenarios/README.md";
}

TEST(LibraryCatalogue, FactsAreReadFromTheFile) {
    const auto find = [](std::string_view name) {
        return facts_of(
            *std::ranges::find(scenarios(), name, [](const Scenario& one) { return std::string_view(one.name); }));
    };
    const auto reset = find("reset-on-client-hello");
    EXPECT_EQ(reset.stage, "tls.client_hello");
    EXPECT_EQ(reset.ended_by, "reset");
    EXPECT_THAT(reset.pairs, testing::ElementsAre(MstscPair{0x904, 7}));
    EXPECT_EQ(reset.confidence, Confidence::reported);
    EXPECT_THAT(reset.fidelity, testing::ElementsAre("wire"));
    EXPECT_THAT(reset.arms, testing::ElementsAre("control", "fault", "fix:key-readable"));
    const auto loss = find("mtu-black-hole");
    EXPECT_THAT(loss.fidelity, testing::ElementsAre("packet"));
    EXPECT_THAT(loss.needs, testing::Contains("packet-link"));
    EXPECT_THAT(find("latency-800ms").fidelity, testing::ElementsAre("modelled"));
    EXPECT_THAT(find("connection-limit").needs, testing::ElementsAre("embedded-server"));
    EXPECT_EQ(find("vpn").ended_by, "connected");
    EXPECT_THAT(find("name-does-not-exist").fidelity, testing::ElementsAre("wire"));
}

}  // namespace
}  // namespace rdpfault::harness
