#include "proxy/link/delay.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/unit/link/playbook.hpp"

namespace rdpfault::link {
namespace {

using testing::ElementsAre;

class DelayTest : public testing::Test {
  protected:
    void set(Duration latency, const Jitter& jitter = {}) {
        DirectionSpec spec;
        spec.latency = latency;
        spec.jitter = jitter;
        play.configure(spec);
    }
    // The delays of packets that are far apart, in microseconds.
    std::vector<double> delays(std::size_t count) {
        std::vector<double> result;
        for (std::size_t i = 0; i < count; ++i) {
            const auto entered = play.now;
            play.take(1);
            play.wait(std::chrono::minutes(2));
            result.push_back(std::chrono::duration<double, std::micro>(play.passed.back().at - entered).count());
        }
        return result;
    }

    DelayEffect effect{{.seed = 3}};
    Playbook play{effect};
};

double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}
double deviation(const std::vector<double>& values) {
    double sum = 0;
    for (const auto value : values)
        sum += (value - mean(values)) * (value - mean(values));
    return std::sqrt(sum / static_cast<double>(values.size()));
}

TEST_F(DelayTest, LatencyIsExact) {
    set(Duration{40'000});
    play.take(1);
    play.wait(Duration{10'000});
    play.take(1);
    play.wait(Duration{29'999});
    EXPECT_TRUE(play.passed.empty());
    play.wait_for_all();
    EXPECT_THAT(play.microseconds(), ElementsAre(40'000, 50'000));
}

TEST_F(DelayTest, NoneIsNone) {
    set(Duration{0});
    play.take(2);
    EXPECT_THAT(play.microseconds(), ElementsAre(0, 0));
    EXPECT_EQ(effect.touched().get(), 0U);
}

TEST_F(DelayTest, UniformJitterFillsItsRange) {
    set(Duration{50'000}, {Duration{20'000}, Spread::uniform});
    const auto values = delays(2000);
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    EXPECT_NEAR(*least, 30'000, 200);
    EXPECT_NEAR(*most, 70'000, 200);
    EXPECT_NEAR(mean(values), 50'000, 1000);
    EXPECT_NEAR(deviation(values), 20'000 / std::sqrt(3), 500);
}

TEST_F(DelayTest, NormalJitterHasItsDeviation) {
    set(Duration{100'000}, {Duration{10'000}, Spread::normal});
    const auto values = delays(2000);
    EXPECT_NEAR(mean(values), 100'000, 700);
    EXPECT_NEAR(deviation(values), 10'000, 700);
}

TEST_F(DelayTest, ParetoJitterOnlyAddsAndHasATail) {
    set(Duration{50'000}, {Duration{10'000}, Spread::pareto});
    const auto values = delays(4000);
    EXPECT_GE(*std::min_element(values.begin(), values.end()), 50'000);
    EXPECT_NEAR(mean(values), 60'000, 1000);
    EXPECT_GT(*std::max_element(values.begin(), values.end()), 120'000);
}

TEST_F(DelayTest, OrderIsKeptUnlessToldOtherwise) {
    set(Duration{50'000}, {Duration{40'000}, Spread::uniform, true});
    play.take(200);
    play.wait_for_all();
    const auto ordinals = play.ordinals();
    EXPECT_EQ(ordinals.size(), 200U);
    EXPECT_TRUE(std::is_sorted(ordinals.begin(), ordinals.end()));
    play.passed.clear();
    set(Duration{50'000}, {Duration{40'000}, Spread::uniform, false});
    play.take(200);
    play.wait_for_all();
    EXPECT_EQ(play.passed.size(), 200U);
    const auto mixed = play.ordinals();
    EXPECT_FALSE(std::is_sorted(mixed.begin(), mixed.end()));
}

TEST_F(DelayTest, LowerLatencyOvertakesNobody) {
    set(Duration{100'000});
    play.take(1);
    set(Duration{1'000});
    play.take(1);
    play.wait_for_all();
    EXPECT_THAT(play.ordinals(), ElementsAre(1, 2));
}

TEST_F(DelayTest, MemoryHasABound) {
    set(Duration{1'000'000});
    play.take(DelayEffect::capacity + 5, 0);
    EXPECT_EQ(effect.dropped().get(), 5U);
}

}  // namespace
}  // namespace rdpfault::link
