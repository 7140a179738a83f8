#include "evidence.hpp"

namespace rdpfault::harness {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

#define EXPECT_JUDGED(verdict, judgement, part)                            \
    EXPECT_EQ((verdict).result, Judgement::judgement) << reasons(verdict); \
    EXPECT_THAT(reasons(verdict), HasSubstr(part))

TEST(Verdict, WhatIsExpectedPasses) {
    const auto verdict = judge(reset_arm(), reset_evidence());
    EXPECT_EQ(verdict.result, Judgement::passed) << reasons(verdict);
    EXPECT_THAT(verdict.reasons, IsEmpty());
    EXPECT_EQ(verdict.observed.stage, Stage::tls_client_hello);
    EXPECT_EQ(verdict.observed.ended_by.kind, EndKind::reset);
    EXPECT_EQ(verdict.observed.who, Who::proxy);
    EXPECT_EQ(verdict.observed.session_up, false);
    EXPECT_EQ(verdict.observed.connections, 1U);
    EXPECT_EQ(verdict.prediction.pair, (MstscPair{0x904, 7}));
    EXPECT_EQ(verdict.prediction.confidence, Confidence::reported);
    for (const auto& witness : verdict.witnesses) {
        EXPECT_TRUE(witness.agrees) << witness.name;
        EXPECT_FALSE(witness.text.empty()) << witness.name;
    }
}

TEST(Verdict, AFaultThatDidNotFireNeverPasses) {
    auto evidence = reset_evidence();
    evidence.fired.clear();
    evidence.connections[0].events.clear();
    const auto verdict = judge(reset_arm(), evidence);
    EXPECT_JUDGED(verdict, fault_not_fired, "fault 1 (reset) did not fire");
    EXPECT_FALSE(verdict.witnesses[0].agrees);
}

// The proof that nothing is vacuous: the healthy path does not pass any fault arm.
TEST(Verdict, AHealthyRunDoesNotPassAFaultArm) {
    EXPECT_EQ(judge(reset_arm(), healthy()).result, Judgement::fault_not_fired);
    auto evidence = healthy();
    evidence.fired = {"1"};
    EXPECT_EQ(judge(reset_arm(), evidence).result, Judgement::failed);
}

TEST(Verdict, EverythingMustHaveFired) {
    auto arm = reset_arm();
    arm.faults.push_back(a_fault(proxy::action::Delay{}));
    arm.faults.back().id = "2";
    EXPECT_JUDGED(judge(arm, reset_evidence()), fault_not_fired, "fault 2 (delay) did not fire");
}

TEST(Verdict, EachPartOfTheExpectationCounts) {
    const auto differ = [](auto change, const std::string& part) {
        auto arm = reset_arm();
        change(arm.expect.any_of[0]);
        const auto verdict = judge(arm, reset_evidence());
        EXPECT_JUDGED(verdict, failed, part);
    };
    differ([](auto& end) { end.ends_at = Stage::x224_confirm; }, "not to 'x224.confirm'");
    differ([](auto& end) { end.ended_by = EndKind::close; }, "not 'close'");
    differ([](auto& end) { end.who = Who::server; }, "not by server");
    differ([](auto& end) { end.session_up = true; }, "the session did not come up");
    differ([](auto& end) { end.mstsc = MstscPair{0x108, 0}; }, "mstsc would show 0x904/0x7 (reported), not 0x108/0x0");
    differ([](auto& end) { end.connections = 2; }, "made 1 connections, not 2");
}

TEST(Verdict, TheLogAloneIsNotEnough) {
    auto evidence = reset_evidence();
    evidence.client = probe({met(Stage::tls_client_hello, end_of(EndKind::close))});
    const auto verdict = judge(reset_arm(), evidence);
    EXPECT_JUDGED(verdict, failed, "the client met 'close', not 'reset'");
    EXPECT_TRUE(verdict.witnesses[0].agrees);
    EXPECT_TRUE(verdict.witnesses[1].agrees);
    EXPECT_FALSE(verdict.witnesses[2].agrees);
}

TEST(Verdict, TheSocketsAreAskedToo) {
    auto evidence = reset_evidence();
    evidence.connections[0].client_leg = leg(EndKind::close, true);
    const auto verdict = judge(reset_arm(), evidence);
    EXPECT_JUDGED(verdict, failed, "the client's socket was not reset");
    EXPECT_FALSE(verdict.witnesses[1].agrees);
}

TEST(Verdict, AnyAlternativeWill) {
    auto arm = reset_arm();
    auto other = arm.expect.any_of[0];
    other.ended_by = EndKind::close;
    arm.expect.any_of.insert(arm.expect.any_of.begin(), other);
    EXPECT_EQ(judge(arm, reset_evidence()).result, Judgement::passed);
}

TEST(Verdict, ReasonsAreThoseOfTheNearestAlternative) {
    auto arm = reset_arm();
    auto& far = arm.expect.any_of[0];
    auto near = far;
    near.connections = 3;
    far.ended_by = EndKind::timeout;
    far.ends_at = Stage::rdp_active;
    arm.expect.any_of.push_back(near);
    EXPECT_THAT(judge(arm, reset_evidence()).reasons, ::testing::ElementsAre(HasSubstr("made 1 connections")));
}

TEST(Verdict, ControlMustConnect) {
    EXPECT_EQ(judge(control_arm(), healthy()).result, Judgement::passed);
    EXPECT_JUDGED(judge(control_arm(), reset_evidence()), failed, "was to connect");
}

TEST(Verdict, ConnectedNeedsAllThreeWitnesses) {
    auto evidence = healthy();
    evidence.connections.clear();
    EXPECT_JUDGED(judge(control_arm(), evidence), failed, "the proxy saw no connection");
    evidence = healthy();
    evidence.connections[0].furthest = Stage::x224_confirm;
    EXPECT_JUDGED(judge(control_arm(), evidence), failed, "no further than 'x224.confirm'");
    evidence = healthy();
    evidence.connections[0].ended_by = Who::proxy;
    EXPECT_JUDGED(judge(control_arm(), evidence), failed, "the proxy ended");
    evidence = healthy();
    evidence.client = probe({met(Stage::rdp_active, end_of(EndKind::close), true)});
    EXPECT_JUDGED(judge(control_arm(), evidence), failed, "met 'close'");
}

TEST(Verdict, TheServerMayCloseAfterAnOrderlyEnd) {
    auto evidence = healthy();
    evidence.connections[0].ended_by = Who::server;
    EXPECT_EQ(judge(control_arm(), evidence).result, Judgement::passed);
}

TEST(Verdict, AFixArmIsJudgedByItsOwnExpectation) {
    auto arm = reset_arm();
    arm.kind = ArmKind::fix;
    arm.faults.clear();
    arm.expect = {.connected = true, .any_of = {}};
    EXPECT_EQ(judge(arm, healthy()).result, Judgement::passed);
    EXPECT_EQ(judge(arm, reset_evidence()).result, Judgement::failed);
}

// A fix may keep a fault that has nothing left to bite on: a limit that is no longer reached.
TEST(Verdict, AFixMayKeepAFaultThatDoesNotFire) {
    auto arm = reset_arm();
    arm.kind = ArmKind::fix;
    arm.expect = {.connected = true, .any_of = {}};
    EXPECT_EQ(judge(arm, healthy()).result, Judgement::passed);
}

TEST(Verdict, TheWallClockIsInconclusive) {
    auto evidence = reset_evidence();
    evidence.timed_out = true;
    EXPECT_JUDGED(judge(reset_arm(), evidence), inconclusive, "time limit");
    evidence.fired.clear();
    EXPECT_EQ(judge(reset_arm(), evidence).result, Judgement::fault_not_fired);
    auto control = healthy();
    control.timed_out = true;
    EXPECT_EQ(judge(control_arm(), control).result, Judgement::inconclusive);
}

TEST(Verdict, UnlessATimeOutIsExpected) {
    auto arm = reset_arm();
    arm.faults = {a_fault(proxy::action::Stall{})};
    EndExpectation end;
    end.ended_by = EndKind::timeout;
    arm.expect.any_of = {end};
    auto evidence = reset_evidence();
    evidence.timed_out = true;
    evidence.connections[0].ended_by = Who::nobody;
    evidence.connections[0].client_leg.reset();
    EXPECT_EQ(judge(arm, evidence).result, Judgement::passed) << reasons(judge(arm, evidence));
    evidence.timed_out = false;
    evidence.client = probe({met(Stage::tls_client_hello, end_of(EndKind::timeout))});
    EXPECT_EQ(judge(arm, evidence).result, Judgement::passed);
    evidence.connections[0].ended_by = Who::server;
    EXPECT_JUDGED(judge(arm, evidence), failed, "a socket was ended by server");
}

TEST(Verdict, SkippedAndErrors) {
    Evidence evidence;
    evidence.skipped = "needs the probe";
    EXPECT_JUDGED(judge(reset_arm(), evidence), skipped, "needs the probe");
    evidence = {};
    evidence.error = "address in use";
    EXPECT_JUDGED(judge(reset_arm(), evidence), error, "address in use");
    EXPECT_JUDGED(judge(reset_arm(), Evidence{}), error, "reported nothing");
}

}  // namespace
}  // namespace rdpfault::harness
