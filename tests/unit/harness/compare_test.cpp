#include "harness/compare.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/compare_report.hpp"

namespace rdpfault::harness {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

PastArm arm(Judgement verdict, Stage stage = Stage::rdp_disconnect, const std::string& ended_by = "orderly") {
    PastArm one;
    one.scenario = "x";
    one.family = "tls";
    one.arm = "control";
    one.verdict = verdict;
    one.runs = 1;
    one.hits = verdict == Judgement::passed ? 1 : 0;
    one.sight = PastSight{stage, ended_by, "client", stage == Stage::rdp_disconnect, ""};
    return one;
}

PastArm shares(Judgement verdict, std::uint32_t hits, std::uint32_t runs) {
    auto one = arm(verdict);
    one.chance = true;
    one.hits = hits;
    one.runs = runs;
    return one;
}

PastReport report(std::vector<PastArm> arms) {
    return {"r.json", "0.1.0", "2026-01-02T03:04:05Z", "lab:3389", "probe", false, std::move(arms)};
}

ArmChange change_of(const PastArm& before, const PastArm& after) {
    const auto comparison = compare(report({before}), report({after}));
    EXPECT_EQ(comparison.arms.size(), 1U);
    return comparison.arms.at(0);
}

const auto works = arm(Judgement::passed);
const auto broken = arm(Judgement::failed, Stage::tls_client_hello, "reset");

TEST(Compare, WorksAndBroken) {
    EXPECT_EQ(change_of(works, works).change, Change::unchanged);
    EXPECT_EQ(change_of(broken, works).change, Change::fixed);
    EXPECT_EQ(change_of(works, broken).change, Change::newly_broken);
    EXPECT_EQ(change_of(broken, broken).change, Change::still_broken);
}

TEST(Compare, TheSameVerdictWithAnotherEndIsAChange) {
    const auto further = change_of(broken, arm(Judgement::failed, Stage::mcs_connect_initial, "close"));
    EXPECT_EQ(further.change, Change::changed);
    EXPECT_THAT(further.why,
                HasSubstr("got further: tls.client_hello -> mcs.connect_initial; ended by reset -> close"));
    auto other = broken;
    other.sight->who = "server";
    EXPECT_EQ(change_of(broken, other).change, Change::changed);
    EXPECT_EQ(change_of(broken, other).why, "ended first by client -> server");
    auto in_order = works;
    in_order.sight->who = "server";
    EXPECT_EQ(change_of(works, in_order).change, Change::unchanged) << "who closes first is a matter of microseconds";
}

// The fault waits for a moment that the connection no longer reaches: that is not the fault's doing.
TEST(Compare, AFaultThatDidNotFireIsBrokenWhenTheConnectionEndedBefore) {
    EXPECT_EQ(change_of(works, arm(Judgement::fault_not_fired, Stage::tcp_connect, "refused")).change,
              Change::newly_broken);
    EXPECT_EQ(change_of(works, arm(Judgement::fault_not_fired)).change, Change::undecided);
}

TEST(Compare, WhatIsNotKnownIsUndecided) {
    for (const auto verdict : {Judgement::inconclusive, Judgement::error, Judgement::skipped}) {
        EXPECT_EQ(change_of(works, arm(verdict)).change, Change::undecided);
        EXPECT_EQ(change_of(arm(verdict), works).change, Change::undecided);
    }
    EXPECT_EQ(change_of(arm(Judgement::skipped), arm(Judgement::skipped)).change, Change::not_run);
    EXPECT_EQ(change_of(arm(Judgement::inconclusive), arm(Judgement::inconclusive)).change, Change::unchanged);
    EXPECT_EQ(change_of(arm(Judgement::error), arm(Judgement::error)).change, Change::undecided);
}

TEST(Compare, SharesDecideWhereChanceHasASay) {
    using J = Judgement;
    EXPECT_EQ(change_of(shares(J::passed, 8, 8), shares(J::passed, 7, 8)).change, Change::unchanged);
    EXPECT_EQ(change_of(shares(J::passed, 20, 20), shares(J::failed, 3, 20)).change, Change::newly_broken);
    EXPECT_EQ(change_of(shares(J::failed, 3, 20), shares(J::passed, 20, 20)).change, Change::fixed);
    EXPECT_EQ(change_of(shares(J::passed, 3, 3), shares(J::failed, 2, 3)).change, Change::undecided);
    EXPECT_EQ(change_of(shares(J::passed, 100, 100), shares(J::passed, 80, 100)).change, Change::changed);
    EXPECT_EQ(change_of(shares(J::failed, 1, 20), shares(J::failed, 2, 20)).change, Change::still_broken);
    EXPECT_EQ(change_of(shares(J::passed, 8, 8), shares(J::inconclusive, 6, 8)).change, Change::undecided);
    EXPECT_THAT(change_of(shares(J::passed, 3, 3), shares(J::failed, 2, 3)).why, HasSubstr("3 of 3 -> 2 of 3 runs"));
}

TEST(Compare, AddedRemovedAndNotes) {
    auto other = works;
    other.arm = "fault";
    auto after = report({works});
    after.server = "embedded";
    after.interrupted = true;
    const auto comparison = compare(report({other}), after);
    ASSERT_EQ(comparison.arms.size(), 2U);
    EXPECT_EQ(comparison.arms[0].change, Change::added);
    EXPECT_EQ(comparison.arms[1].change, Change::removed);
    EXPECT_THAT(comparison.notes,
                ::testing::ElementsAre("server: lab:3389 before, embedded after", "the run after was interrupted"));
    EXPECT_EQ(exit_status(comparison), 0);
}

TEST(Compare, ExitStatus) {
    EXPECT_EQ(exit_status(compare(report({broken}), report({works}))), 0);
    EXPECT_EQ(exit_status(compare(report({works}), report({broken}))), 1);
    EXPECT_EQ(exit_status(compare(report({works}), report({arm(Judgement::error)}))), 3);
}

TEST(CompareReport, ShowsBothSides) {
    const auto comparison = compare(report({works}), report({broken}));
    const auto table = table_text(comparison);
    EXPECT_THAT(table, HasSubstr("newly broken  tls/x     control  before  passed   rdp.disconnect"));
    EXPECT_THAT(table, HasSubstr("got less far: rdp.disconnect -> tls.client_hello"));
    EXPECT_THAT(table, HasSubstr("\n1 newly broken\n"));
    EXPECT_THAT(plain_text(comparison), HasSubstr("newly_broken\ttls/x\tcontrol\tpassed stage=rdp.disconnect"));
    EXPECT_THAT(markdown_text(comparison), HasSubstr("| newly broken | tls/x | control | passed: `rdp.disconnect`"));
    const auto json = nlohmann::json::parse(json_text(comparison));
    EXPECT_EQ(json["exit_status"], 1);
    EXPECT_EQ(json["arms"][0]["change"], "newly_broken");
    EXPECT_EQ(json["arms"][0]["before"]["stage"], "rdp.disconnect");
    const auto junit = junit_text(comparison);
    EXPECT_THAT(junit, HasSubstr("tests=\"1\" failures=\"1\""));
    EXPECT_THAT(junit, HasSubstr("<failure message=\"got less far: rdp.disconnect -&gt; tls.client_hello"));
}

TEST(CompareReport, WhatDidNotChangeIsOnlyCounted) {
    const auto comparison = compare(report({works}), report({works}));
    EXPECT_EQ(table_text(comparison), "1 unchanged\n");
    EXPECT_EQ(markdown_text(comparison), "1 unchanged\n");
    EXPECT_THAT(junit_text(comparison), Not(HasSubstr("<failure")));
}

nlohmann::json a_report() {
    return nlohmann::json::parse(R"({"format":1,"rdpfault":"0.1.0","started":"2026-01-02T03:04:05Z","server":"embedded",
        "client":"probe","interrupted":false,"arms":[{"scenario":"x","family":"tls","arm":"fault","verdict":"failed",
        "reasons":["why"],"chance":true,"duration_ms":5,"runs":[
        {"verdict":"passed","observed":{"stage":"rdp.disconnect","ended_by":null,"who":null,"session_up":true},
         "mstsc":{"pair":null}},
        {"verdict":"failed","observed":{"stage":"tls.client_hello","ended_by":{"text":"reset"},"who":"proxy",
         "session_up":false},"mstsc":{"pair":"0x904/0x7"}}]}]})");
}

TEST(ReportRead, TakesWhatSpeaksForAnArm) {
    const auto read = parse_report(a_report().dump(), "r.json");
    ASSERT_EQ(read.arms.size(), 1U);
    const auto& one = read.arms[0];
    EXPECT_EQ(one.runs, 2U);
    EXPECT_EQ(one.hits, 1U);
    EXPECT_TRUE(one.chance);
    EXPECT_EQ(one.sight, (PastSight{Stage::tls_client_hello, "reset", "proxy", false, "0x904/0x7"}));
}

std::string complaint(const nlohmann::json& json) {
    try {
        parse_report(json.dump(), "r.json");
    } catch (const ReportError& error) {
        return error.what();
    }
    return "none";
}

TEST(ReportRead, SaysWhichFileAndKeyIsWrong) {
    const auto with = [](const char* pointer, const nlohmann::json& value) {
        auto json = a_report();
        json[nlohmann::json::json_pointer(pointer)] = value;
        return complaint(json);
    };
    EXPECT_EQ(with("/arms/0/verdict", "good"), "r.json: arms[0].verdict: 'good' is no verdict");
    EXPECT_EQ(with("/arms/0/runs/1/observed/stage", 7),
              "r.json: arms[0].runs[1].observed.stage: expected text, found number");
    EXPECT_EQ(with("/arms/0/runs/1/observed/stage", "tls.hello"),
              "r.json: arms[0].runs[1].observed.stage: 'tls.hello' is no stage");
    EXPECT_EQ(with("/arms", 1), "r.json: arms: expected a list, found number");
    EXPECT_EQ(with("/arms/0", nullptr), "r.json: arms[0]: expected an object, found null");
    EXPECT_EQ(with("/arms/0/duration_ms", -1), "r.json: arms[0].duration_ms: expected a whole number, found number");
    EXPECT_EQ(with("/format", 2), "r.json: format: expected 1: this is another kind of report");
    auto twice = a_report();
    twice["arms"].push_back(twice["arms"][0]);
    EXPECT_EQ(complaint(twice), "r.json: arms[1]: a second fault of tls/x");
    EXPECT_EQ(complaint(nlohmann::json::array()), "r.json: expected an object, found array");
    EXPECT_THROW(parse_report("{\"format\": 1", "r.json"), ReportError);
    EXPECT_THROW(parse_report(std::string(1'000'000, '['), "r.json"), ReportError);
    EXPECT_THROW(read_report("/nonexistent/results.json"), ReportError);
}

// Each key left out, and each value replaced: complained of, or of no matter, and never worse.
TEST(ReportRead, TakesAnything) {
    const auto flat = a_report().flatten();
    for (const auto& [pointer, value] : flat.items())
        for (const auto& other : {nlohmann::json(nullptr), nlohmann::json(-1), nlohmann::json("x"),
                                  nlohmann::json::array({1}), nlohmann::json::object()}) {
            auto json = a_report();
            json[nlohmann::json::json_pointer(pointer)] = other;
            EXPECT_NE(complaint(json), "") << pointer;
        }
}

}  // namespace
}  // namespace rdpfault::harness
