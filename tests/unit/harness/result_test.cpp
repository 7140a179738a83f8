#include "harness/result.hpp"

#include "evidence.hpp"

namespace rdpfault::harness {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

RunRecord run_of(const Arm& arm, Evidence evidence, std::uint32_t repeat) {
    RunRecord run;
    run.repeat = repeat;
    evidence.duration = std::chrono::milliseconds(10);
    run.verdict = judge(arm, evidence);
    run.evidence = std::move(evidence);
    return run;
}

ArmResult combined(const Arm& arm, std::vector<Evidence> evidence) {
    ArmResult result;
    result.arm = arm;
    std::uint32_t repeat = 0;
    for (auto& one : evidence)
        result.runs.push_back(run_of(arm, std::move(one), ++repeat));
    combine(result);
    return result;
}

Evidence with_draw(Evidence evidence, bool armed) {
    proxy::Event draw;
    draw.kind = proxy::Event::Kind::draw;
    draw.fault = "1";
    draw.text = armed ? "0.100000: armed" : "0.900000: not armed";
    auto& events = evidence.connections.at(0).events;
    events.insert(events.begin(), draw);
    return evidence;
}

Arm random_arm(double probability) {
    auto arm = reset_arm();
    arm.faults[0].trigger.probability = probability;
    return arm;
}

TEST(Combine, EveryRunMustPass) {
    const auto good = combined(reset_arm(), {reset_evidence(), reset_evidence()});
    EXPECT_EQ(good.result, Judgement::passed);
    EXPECT_EQ(good.duration, std::chrono::milliseconds(20));
    auto odd = reset_evidence();
    odd.client = probe({met(Stage::tls_client_hello, end_of(EndKind::close))});
    const auto bad = combined(reset_arm(), {reset_evidence(), odd, odd});
    EXPECT_EQ(bad.result, Judgement::failed);
    EXPECT_THAT(bad.reasons, ElementsAre(HasSubstr("in 2 of 3 runs: the client met 'close'")));
}

TEST(Combine, NothingRunIsNotAPass) {
    EXPECT_EQ(combined(reset_arm(), {}).result, Judgement::error);
}

TEST(Combine, ARunSparedByChanceMustConnect) {
    const auto arm = random_arm(0.5);
    EXPECT_EQ(combined(arm, {with_draw(reset_evidence(), true), with_draw(healthy(), false)}).result,
              Judgement::passed);
    auto broken = reset_evidence();
    broken.fired.clear();
    broken.connections[0].events.clear();
    EXPECT_EQ(combined(arm, {with_draw(reset_evidence(), true), with_draw(broken, false)}).result, Judgement::failed);
}

TEST(Combine, ChanceMustHaveStruckOnce) {
    const auto result = combined(random_arm(0.5), {with_draw(healthy(), false), with_draw(healthy(), false)});
    EXPECT_EQ(result.result, Judgement::fault_not_fired);
    EXPECT_THAT(result.reasons, Contains(HasSubstr("fired in none of 2 runs")));
}

TEST(Combine, DrawsMustFitTheirProbability) {
    std::vector<Evidence> always(20, with_draw(reset_evidence(), true));
    EXPECT_EQ(combined(random_arm(0.9), always).result, Judgement::passed);
    const auto result = combined(random_arm(0.1), always);
    EXPECT_EQ(result.result, Judgement::failed);
    EXPECT_THAT(result.reasons, Contains(HasSubstr("20 times out of 20")));
}

TEST(ExitStatus, SaysTheWorst) {
    Report report;
    EXPECT_EQ(exit_status(report), 3) << "nothing run";
    const auto with = [&](Judgement judgement) {
        report.arms.resize(2);
        report.arms[0].result = Judgement::passed;
        report.arms[1].result = judgement;
        return exit_status(report);
    };
    EXPECT_EQ(with(Judgement::passed), 0);
    EXPECT_EQ(with(Judgement::skipped), 0);
    EXPECT_EQ(with(Judgement::inconclusive), 3);
    EXPECT_EQ(with(Judgement::fault_not_fired), 3);
    EXPECT_EQ(with(Judgement::failed), 1);
    EXPECT_EQ(with(Judgement::error), 1);
    report.interrupted = true;
    EXPECT_EQ(with(Judgement::passed), 3);
}

TEST(Arms, ControlFaultAndFixes) {
    Scenario scenario;
    scenario.faults = reset_arm().faults;
    scenario.server.after_tls = server::CloseKind::close;
    scenario.server.width = 800;
    scenario.client.probe.tls_max = tls::Version::tls1_2;
    scenario.client.probe.linger = std::chrono::seconds(3);
    Fix fix;
    fix.id = "repair";
    fix.action = "do it";
    fix.expect.connected = true;
    scenario.fixes = {fix};
    const auto arms = arms_of(scenario);
    ASSERT_EQ(arms.size(), 3U);
    EXPECT_EQ(arms[0].name, "control");
    EXPECT_TRUE(arms[0].faults.empty());
    EXPECT_FALSE(misbehaves(arms[0].server));
    EXPECT_EQ(arms[0].server.width, 800);
    EXPECT_EQ(arms[0].client.probe.tls_max, tls::Version::tls1_3);
    EXPECT_EQ(arms[0].client.probe.linger, std::chrono::seconds(3));
    EXPECT_TRUE(arms[0].expect.connected);
    EXPECT_EQ(arms[1].name, "fault");
    EXPECT_TRUE(misbehaves(arms[1].server));
    EXPECT_EQ(arms[1].client.probe.tls_max, tls::Version::tls1_2);
    EXPECT_EQ(arms[2].name, "fix:repair");
    EXPECT_EQ(arms[2].action, "do it");
}

TEST(Arms, AnOrdinaryScenarioHasOnlyItsControl) {
    Scenario scenario;
    EXPECT_EQ(arms_of(scenario).size(), 1U);
    scenario.server.tls_max = tls::Version::tls1_2;
    EXPECT_EQ(arms_of(scenario).size(), 2U);
    EXPECT_TRUE(needs_embedded(scenario.server));
    EXPECT_FALSE(misbehaves(scenario.server));
}

}  // namespace
}  // namespace rdpfault::harness
