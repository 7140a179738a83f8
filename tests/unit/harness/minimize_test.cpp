#include "harness/minimize.hpp"

#include <gmock/gmock.h>

#include "harness/yaml_path.hpp"
#include "harness/yaml_text.hpp"

namespace rdpfault::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const auto* const text =
    "name: x\n"
    "network:\n  latency: 1ms\n  towards_client: { mss_clamp: 1200, loss: 0.1 }\n"
    "  timeline: [ { time: 1s, silent: true }, { time: 2s, silent: false } ]\n"
    "faults: [ { at: start, do: { delay: 1ms } }, { at: x224.confirm, do: { reset: client } } ]\n"
    "server: { size: 800x600 }\nclient: { linger: 1s, user: alice }\nproxy: { mode: intercept }\n";

std::vector<std::string> paths_of(const std::vector<Part>& parts) {
    std::vector<std::string> paths;
    for (const auto& part : parts)
        paths.push_back(part.path);
    return paths;
}

TEST(Removable, EveryPartOnce) {
    const auto parts = removable_parts(parse_yaml(text));
    EXPECT_THAT(paths_of(parts),
                ElementsAre("network.latency", "network.towards_client.mss_clamp", "network.towards_client.loss",
                            "network.timeline.0", "network.timeline.1", "faults.0", "faults.1", "server.size",
                            "client.linger", "client.user", "proxy.mode"));
    EXPECT_EQ(parts[6].label, "faults.1: { at: x224.confirm, do: { reset: client } }");
}

TEST(Removable, EmptyMapsGoWithTheirLastPart) {
    auto document = parse_yaml(text);
    for (const auto& part : removable_parts(document))
        if (part.path == "server.size") document = without(document, part);
    EXPECT_EQ(find_path(document, "server"), nullptr);
    EXPECT_NE(find_path(document, "client"), nullptr);
}

Endings ending(const std::string& word, std::uint32_t count = 1) {
    Endings endings;
    endings.counts[word] = count;
    return endings;
}

TEST(Minimize, KeepsWhatTheEndingNeeds) {
    int runs = 0;
    const auto outcome = [&](const Value& document, const Part&) -> std::optional<Endings> {
        ++runs;
        const bool resets = yaml_text(document).find("reset: client") != std::string::npos;
        const bool intercepts = find_path(document, "proxy.mode") != nullptr;
        return ending(resets && intercepts ? "reset" : resets ? "nothing" : "orderly");
    };
    const auto minimal = minimize(parse_yaml(text), ending("reset"), outcome);
    ASSERT_EQ(minimal.kept.size(), 2U);
    EXPECT_EQ(minimal.kept[0].part.path, "faults.0") << "where it stands now";
    EXPECT_EQ(minimal.kept[0].without, "orderly");
    EXPECT_EQ(minimal.kept[1].part.path, "proxy.mode");
    EXPECT_EQ(minimal.kept[1].without, "nothing");
    EXPECT_EQ(minimal.dropped.size(), 9U);
    EXPECT_EQ(find_path(minimal.document, "network"), nullptr);
    EXPECT_LE(runs, 13) << "what is needed is tried again at the end only";
}

// Either of two keys does; and one that is needed only while another is there goes with it.
TEST(Minimize, TriesAgainWhatOthersMadeNeedless) {
    const auto outcome = [](const Value& document, const Part&) -> std::optional<Endings> {
        const bool user = find_path(document, "client.user") != nullptr;
        const bool linger = find_path(document, "client.linger") != nullptr;
        if (!linger && user) return ending("other");
        return ending("reset");
    };
    const auto minimal = minimize(parse_yaml("client: { linger: 1s, user: alice }\n"), ending("reset"), outcome);
    EXPECT_THAT(minimal.kept, IsEmpty());
    EXPECT_THAT(minimal.dropped, ElementsAre("client.user: alice", "client.linger: 1s"));
}

TEST(Minimize, WhatIsNoScenarioWithoutAPartNeedsIt) {
    const auto outcome = [](const Value&, const Part&) -> std::optional<Endings> {
        Endings endings;
        endings.obstacle = "no scenario: x";
        return endings;
    };
    const auto minimal = minimize(parse_yaml("client: { linger: 1s }\n"), ending("reset"), outcome);
    ASSERT_EQ(minimal.kept.size(), 1U);
    EXPECT_EQ(minimal.kept[0].without, "no scenario: x");
}

TEST(Minimize, StopsWhenToldTo) {
    const auto minimal =
        minimize(parse_yaml(text), ending("reset"), [](const Value&, const Part&) { return std::optional<Endings>(); });
    EXPECT_THAT(minimal.dropped, IsEmpty());
    EXPECT_EQ(yaml_text(minimal.document), yaml_text(parse_yaml(text)));
}

Endings endings(std::map<std::string, std::uint32_t> counts) {
    Endings all;
    all.counts = std::move(counts);
    return all;
}

TEST(Same, NoShownDifferenceInTheShareOfWhatMatters) {
    EXPECT_TRUE(same(ending("reset", 10), endings({{"reset", 7}, {"orderly", 3}}))) << "seven of ten may be chance";
    EXPECT_FALSE(same(ending("reset", 20), endings({{"reset", 6}, {"orderly", 5}}))) << "six of eleven is not";
    EXPECT_FALSE(same(ending("reset", 10), ending("orderly", 10)));
    EXPECT_FALSE(same(Endings{}, ending("reset")));
    EXPECT_THAT(endings({{"reset", 2}, {"close", 1}}).text(), HasSubstr("2 times reset"));
}

// A fault that is left to chance spares most runs; what it does to the others is what is looked for.
TEST(Same, WhatIsExpectedMattersHoweverRareItIs) {
    auto whole = endings({{"orderly", 7}, {"reset", 3}});
    EXPECT_EQ(whole.main(), "orderly");
    whole.expected = {{"reset", 3}};
    EXPECT_EQ(whole.main(), "reset");
    EXPECT_FALSE(same(whole, ending("orderly", 10)));
    EXPECT_TRUE(same(whole, endings({{"orderly", 8}, {"reset", 2}})));
}

}  // namespace
}  // namespace rdpfault::harness
