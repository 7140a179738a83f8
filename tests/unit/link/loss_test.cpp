// Loss models against their closed forms, over 100,000 packets each.
#include "proxy/link/loss.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/unit/link/playbook.hpp"

namespace rdpfault::link {
namespace {

using testing::ElementsAre;

constexpr std::size_t many = 100'000;

struct Outcome {
    std::size_t lost = 0;
    std::size_t bursts = 0;
    double rate() const { return static_cast<double>(lost) / many; }
    double mean_burst() const { return static_cast<double>(lost) / static_cast<double>(bursts); }
};

// Which packets pass, as the caller of the effect sees it.
std::vector<bool> fates(const Loss& model, std::uint64_t seed, std::size_t count = many) {
    LossEffect effect({.seed = seed, .scenario = "test", .direction = Direction::client_to_server});
    Playbook play(effect);
    DirectionSpec spec;
    spec.loss = model;
    play.configure(spec);
    std::vector<bool> lost(count);
    for (std::size_t i = 0; i < count; ++i) {
        play.take(tcp_packet());
        lost[i] = play.passed.empty();
        play.passed.clear();
    }
    return lost;
}

Outcome outcome(const Loss& model, std::uint64_t seed = 1) {
    Outcome result;
    bool before = false;
    for (const bool lost : fates(model, seed)) {
        if (lost) ++result.lost;
        if (lost && !before) ++result.bursts;
        before = lost;
    }
    return result;
}

class BernoulliLoss : public testing::TestWithParam<double> {};

TEST_P(BernoulliLoss, LiesWithinThreeSigma) {
    const double p = GetParam();
    EXPECT_NEAR(outcome(Bernoulli{p}).rate(), p, 3 * std::sqrt(p * (1 - p) / many));
}
INSTANTIATE_TEST_SUITE_P(Rates, BernoulliLoss, testing::Values(0.001, 0.01, 0.05, 0.2));

TEST(LossEffect, GilbertElliottHasItsLossRateAndMeanBurst) {
    const auto result = outcome(GilbertElliott{.p = 0.01, .r = 0.25, .bad_loss = 1, .good_loss = 0});
    EXPECT_NEAR(result.rate(), 0.01 / 0.26, 0.1 * 0.01 / 0.26);
    EXPECT_NEAR(result.mean_burst(), 1 / 0.25, 0.1 / 0.25);
}

TEST(LossEffect, GilbertElliottLosesInBothStates) {
    const GilbertElliott model{.p = 0.02, .r = 0.1, .bad_loss = 0.5, .good_loss = 0.01};
    const double bad = model.p / (model.p + model.r);
    const double expected = bad * model.bad_loss + (1 - bad) * model.good_loss;
    EXPECT_NEAR(outcome(model).rate(), expected, 0.1 * expected);
}

TEST(LossEffect, FourStatesHaveTheirLossRate) {
    const FourState model{.p13 = 0.01, .p31 = 0.3, .p32 = 0.2, .p23 = 0.4, .p14 = 0.005};
    const double p1 = 1 / (1 + model.p14 + model.p13 / model.p31 + model.p13 * model.p32 / (model.p31 * model.p23));
    const double expected = p1 * (model.p14 + model.p13 / model.p31);
    EXPECT_NEAR(outcome(model).rate(), expected, 0.1 * expected);
}

// Of runs of lost packets: one begins on the way from state 1 to 3 or 4, and from 2 to 3.
TEST(LossEffect, FourStatesWithGoodPacketsInBurstsHaveTheirMeanRun) {
    const FourState model{.p13 = 0.01, .p31 = 0.3, .p32 = 0.2, .p23 = 0.4, .p14 = 0.005};
    const double p1 = 1 / (1 + model.p14 + model.p13 / model.p31 + model.p13 * model.p32 / (model.p31 * model.p23));
    const double p2 = p1 * model.p13 * model.p32 / (model.p31 * model.p23);
    const double lost = p1 * (model.p14 + model.p13 / model.p31);
    const double expected = lost / (p1 * (model.p13 + model.p14) + p2 * model.p23);
    EXPECT_NEAR(outcome(model).mean_burst(), expected, 0.05 * expected);
}

TEST(LossEffect, FourStatesWithoutGoodPacketsInBurstsHaveTheirMeanBurst) {
    const auto result = outcome(FourState{.p13 = 0.01, .p31 = 0.2, .p32 = 0, .p23 = 0, .p14 = 0});
    EXPECT_NEAR(result.mean_burst(), 1 / 0.2, 0.1 / 0.2);
}

TEST(LossEffect, PatternLosesByNumber) {
    LossEffect effect({});
    Playbook play(effect);
    DirectionSpec spec;
    spec.loss = Pattern{{{3, 3}, {7, 9}}};
    play.configure(spec);
    play.take(11);
    EXPECT_THAT(play.ordinals(), ElementsAre(1, 2, 4, 5, 6, 10, 11));
    EXPECT_EQ(effect.dropped().get(), 4U);
}

TEST(LossEffect, SameSeedSameFatesAndAnotherSeedOthers) {
    EXPECT_EQ(fates(Bernoulli{0.3}, 7, 1000), fates(Bernoulli{0.3}, 7, 1000));
    EXPECT_NE(fates(Bernoulli{0.3}, 7, 1000), fates(Bernoulli{0.3}, 8, 1000));
    EXPECT_EQ(fates(GilbertElliott{.p = 0.1, .r = 0.3}, 7, 1000), fates(GilbertElliott{.p = 0.1, .r = 0.3}, 7, 1000));
}

TEST(LossEffect, SparesWhatTheLinkItselfSays) {
    LossEffect effect({});
    Playbook play(effect);
    DirectionSpec spec;
    spec.loss = Bernoulli{1};
    play.configure(spec);
    effect.take(tcp_packet(), play.now, play);
    EXPECT_EQ(play.passed.size(), 1U);
}

}  // namespace
}  // namespace rdpfault::link
