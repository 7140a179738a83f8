#include "harness/rate.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "evidence.hpp"
#include "harness/result.hpp"
#include "loading.hpp"

namespace rdpfault::harness {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr RateExpectation at_least(double threshold) {
    return {RateExpectation::Side::at_least, threshold, 0.95};
}
constexpr RateExpectation at_most(double threshold) {
    return {RateExpectation::Side::at_most, threshold, 0.95};
}

TEST(Repeat, Forms) {
    EXPECT_EQ(repeat_from_string("20"), (Repeat{20, false}));
    EXPECT_EQ(repeat_from_string("auto"), (Repeat{200, true}));
    EXPECT_EQ(repeat_from_string("auto:500"), (Repeat{500, true}));
    for (const auto* wrong : {"", "0", "10001", "auto:", "auto:0", "auto:x", "automatic", "-1", "1.5"})
        EXPECT_FALSE(repeat_from_string(wrong)) << wrong;
}

TEST(Looks, AreFewAndFixedBeforehand) {
    EXPECT_THAT(looks({200, true}), ElementsAre(12, 25, 50, 100, 200));
    EXPECT_THAT(looks({64, true}), ElementsAre(8, 16, 32, 64));
    EXPECT_THAT(looks({5, true}), ElementsAre(5));
    EXPECT_THAT(looks({200, false}), ElementsAre(200));
    EXPECT_NEAR(confidence_of_each(0.95, 5), 0.99, 1e-12);
    EXPECT_NEAR(confidence_of_each(0.95, 1), 0.95, 1e-12);
}

// Whatever the true share is, going on until something is decided is wrong no oftener than the confidence allows. All
// ways through the looks, each with its probability; the threshold is the worst share there can be.
TEST(Looks, TogetherKeepTheirConfidence) {
    constexpr double p = 0.7;
    const auto sizes = looks({100, true});
    std::vector<double> open{1.0};  // by hits, of the ways that are not decided yet
    double wrong = 0;
    std::uint32_t runs = 0;
    for (const auto size : sizes) {
        for (; runs < size; ++runs) {
            std::vector<double> next(open.size() + 1, 0);
            for (std::size_t k = 0; k < open.size(); ++k) {
                next[k] += open[k] * (1 - p);
                next[k + 1] += open[k] * p;
            }
            open = std::move(next);
        }
        for (std::uint32_t k = 0; k < open.size(); ++k)
            if (judge_rate(at_least(p), k, 0, size, sizes.size()).answer != RateAnswer::open) {
                wrong += open[k];
                open[k] = 0;
            }
    }
    EXPECT_LT(wrong, 0.05);
    EXPECT_GT(wrong, 0.005) << "nor is it so careful that it never decides";
}

TEST(Rate, TheWholeIntervalMustLieOnOneSide) {
    EXPECT_EQ(judge_rate(at_least(0.5), 8, 0, 8, 1).answer, RateAnswer::holds);
    EXPECT_EQ(judge_rate(at_least(0.5), 6, 0, 8, 1).answer, RateAnswer::open);
    EXPECT_EQ(judge_rate(at_least(0.5), 0, 0, 8, 1).answer, RateAnswer::violated);
    EXPECT_EQ(judge_rate(at_most(0.5), 0, 0, 8, 1).answer, RateAnswer::holds);
    EXPECT_EQ(judge_rate(at_most(0.5), 8, 0, 8, 1).answer, RateAnswer::violated);
    EXPECT_EQ(judge_rate(at_least(0.6), 8, 0, 8, 1).answer, RateAnswer::holds);
    EXPECT_EQ(judge_rate(at_least(0.6), 8, 0, 8, 5).answer, RateAnswer::open) << "one look of five is less sure";
}

TEST(Rate, WhatWasCutOffCountsEitherWay) {
    const auto rate = judge_rate(at_least(0.5), 8, 4, 12, 1);
    EXPECT_EQ(rate.interval.low, wilson(8, 12, 0.95).low);
    EXPECT_EQ(rate.interval.high, 1);
}

TEST(Rate, InWords) {
    EXPECT_EQ(to_string(judge_rate(at_least(0.9), 18, 0, 20, 1)),
              "18 of 20 runs (90.0 %), 95 % interval 69.9 % to 97.2 %, wanted at least 90 %");
    EXPECT_THAT(to_string(judge_rate(at_most(0.125), 0, 1, 20, 5)), HasSubstr("1 cut off, 99 % interval"));
}

ArmResult result_of(RateExpectation rate, std::size_t good, std::size_t bad) {
    ArmResult result;
    result.arm = reset_arm();
    result.arm.faults[0].trigger.probability = 0.5;
    result.arm.rate = rate;
    for (std::size_t i = 0; i < good + bad; ++i) {
        RunRecord run;
        run.evidence = i < good ? reset_evidence() : healthy();
        run.verdict = judge(result.arm, run.evidence);
        result.runs.push_back(std::move(run));
    }
    combine(result);
    return result;
}

TEST(CombineByRate, ARunThatChanceSparedDoesNotCount) {
    const auto result = result_of(at_least(0.3), 7, 5);
    EXPECT_EQ(result.result, Judgement::passed);
    EXPECT_THAT(result.reasons, IsEmpty());
    ASSERT_TRUE(result.rate);
    EXPECT_EQ(result.rate->hits, 7U);
    EXPECT_EQ(result.rate->runs, 12U);
}

TEST(CombineByRate, FailsOnTheWrongSideAndIsInconclusiveBetween) {
    const auto failed = result_of(at_most(0.5), 12, 0);
    EXPECT_EQ(failed.result, Judgement::failed);
    EXPECT_THAT(failed.reasons.front(), HasSubstr("12 of 12 runs (100.0 %)"));
    const auto open = result_of(at_least(0.5), 7, 5);
    EXPECT_EQ(open.result, Judgement::inconclusive);
    EXPECT_THAT(open.reasons.front(), HasSubstr("do not decide the rate"));
    EXPECT_THAT(open.reasons, ::testing::Contains(HasSubstr("in 5 of 12 runs: ")));
}

TEST(CombineByRate, ARunThatWasNoneIsNotCounted) {
    auto result = result_of(at_least(0.3), 7, 5);
    result.runs[3].verdict.result = Judgement::error;
    combine(result);
    EXPECT_FALSE(result.rate);
    EXPECT_EQ(result.result, Judgement::error);
}

const std::string lossy = "network: { loss: 0.1 }\nrepeat: 40\n";

TEST(RateLoader, ReadsIt) {
    const auto scenario = scenario_of(scenario_text(
        lossy +
        "rate: { at_least: 0.8, confidence: 0.9 }\nfixes: { f: { action: a, network: { loss: 0.05 }, rate: { "
        "at_least: 0.85 } } }\n"));
    EXPECT_EQ(scenario.rate, (RateExpectation{RateExpectation::Side::at_least, 0.8, 0.9}));
    const auto arms = arms_of(scenario);
    ASSERT_EQ(arms.size(), 3U);
    EXPECT_FALSE(arms[0].rate);
    EXPECT_EQ(arms[1].rate, scenario.rate);
    EXPECT_EQ(arms[2].rate->threshold, 0.85);
}

TEST(RateLoader, SaysWhatIsWrong) {
    const auto wrong = [](const std::string& rate, const std::string& part) {
        expect_error(scenario_text(lossy + "rate: " + rate + "\n"), part);
    };
    wrong("{ at_lest: 0.8, at_most: 0.5 }", "unknown key 'at_lest' in a rate (did you mean 'at_least'?)");
    wrong("{ confidence: 0.9 }", "needs 'at_least:' or 'at_most:', and not both");
    wrong("{ at_least: 1 }", "a share between 0 and 1, such as 0.9, found '1'");
    wrong("{ at_least: 0.5, confidence: 0.3 }", "a confidence from 0.5 to 0.9999");
    wrong("{ at_least: 0.95 }", "no 40 runs can prove at least 95 %; give 'repeat: 73' or more");
    wrong("{ at_most: 0.05 }", "no 40 runs can prove at most 5 %; give 'repeat: 73' or more");
    expect_error(scenario_text("network: { latency: 5ms }\nrepeat: 40\nrate: { at_least: 0.5 }\n"),
                 "nothing here is left to chance");
}

}  // namespace
}  // namespace rdpfault::harness
