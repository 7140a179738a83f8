#include "proxy/faults/random.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <vector>

namespace rdpfault::proxy {
namespace {

const DrawKey key{1, "reset-on-client-hello", 1, Direction::client_to_server, "1", 0};

std::vector<std::uint64_t> first_draws(const DrawKey& of, int count = 8) {
    Draws draws(of);
    std::vector<std::uint64_t> values;
    for (int i = 0; i < count; ++i)
        values.push_back(draws.next());
    return values;
}

// From an implementation of our own in another language, which was held to the known answers of Random123: a change of
// the generator or of the key would change every recorded run.
TEST(Draws, AreThoseOfPhilox) {
    EXPECT_THAT(first_draws(key, 4),
                testing::ElementsAre(0x94f0fda5a799d83b, 0x3f43ac69d35fb217, 0x245b6bb0e44f8cef, 0x8d460774e4779f6f));
    EXPECT_THAT(first_draws({0x0123456789abcdef, "jitter", 7, Direction::server_to_client, "slow", 42}, 4),
                testing::ElementsAre(0x949a434e0158f5a9, 0x6e92d38c5aff3427, 0x908c934460366b2f, 0xbfb180a4bd092a4c));
}

TEST(Draws, DependOnTheirKeyAndNothingElse) {
    EXPECT_EQ(first_draws(key), first_draws(key));

    std::vector<DrawKey> others(7, key);
    others[0].seed = 2;
    others[1].scenario = "reset-on-client-hell";
    others[2].connection = 2;
    others[3].direction = Direction::server_to_client;
    others[4].fault = "2";
    others[5].unit = 1;
    others[6].seed = 1 + (std::uint64_t{1} << 32);
    for (const auto& other : others)
        EXPECT_NE(first_draws(other)[0], first_draws(key)[0]);
}

TEST(Draws, TellNeighbouringNamesApart) {
    auto left = key, right = key;
    left.scenario = "ab", left.fault = "c";
    right.scenario = "a", right.fault = "bc";
    EXPECT_NE(first_draws(left), first_draws(right));
}

constexpr int count = 100'000;

struct Sample {
    double mean = 0, variance = 0, least = 0, most = 0;
};

Sample sample(const std::function<double(Draws&)>& draw, const DrawKey& of = key) {
    Draws draws(of);
    std::vector<double> values(count);
    for (auto& value : values)
        value = draw(draws);
    Sample result{0, 0, values[0], values[0]};
    for (const double value : values) {
        result.mean += value / count;
        result.least = std::min(result.least, value);
        result.most = std::max(result.most, value);
    }
    for (const double value : values)
        result.variance += (value - result.mean) * (value - result.mean) / (count - 1);
    return result;
}

// Four standard errors of the mean of `count` values with this variance.
double four_sigma(double variance) {
    return 4 * std::sqrt(variance / count);
}

TEST(Draws, UniformIsUniform) {
    const auto s = sample([](Draws& d) { return d.uniform(); });
    EXPECT_NEAR(s.mean, 0.5, four_sigma(1.0 / 12));
    EXPECT_NEAR(s.variance, 1.0 / 12, four_sigma(1.0 / 180));  // variance of (x - 1/2)^2
    EXPECT_GE(s.least, 0.0);
    EXPECT_LT(s.most, 1.0);
}

TEST(Draws, UniformAcrossKeysIsUniform) {
    double mean = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        auto other = key;
        other.connection = i;
        mean += Draws(other).uniform() / count;
    }
    EXPECT_NEAR(mean, 0.5, four_sigma(1.0 / 12));
}

TEST(Draws, BelowIsEvenAndInside) {
    Draws draws(key);
    std::vector<int> seen(10);
    for (int i = 0; i < count; ++i)
        ++seen.at(draws.below(10));
    for (const int times : seen)
        EXPECT_NEAR(times, count / 10.0, 4 * std::sqrt(count * 0.1 * 0.9));
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(draws.below(1), 0U);
}

// 2^64 is no multiple of three quarters of itself: without rejection the lower third would come twice as often.
TEST(Draws, BelowIsNotBiasedByTheModulus) {
    constexpr std::uint64_t bound = 3ULL << 62;
    Draws draws(key);
    int low = 0;
    for (int i = 0; i < count; ++i)
        if (draws.below(bound) < bound / 3) ++low;
    EXPECT_NEAR(low, count / 3.0, 4 * std::sqrt(count * (1.0 / 3) * (2.0 / 3)));
}

TEST(Draws, NormalHasMeanZeroAndDeviationOne) {
    const auto s = sample([](Draws& d) { return d.normal(); });
    EXPECT_NEAR(s.mean, 0, four_sigma(1));
    EXPECT_NEAR(s.variance, 1, four_sigma(2));
    EXPECT_NEAR(sample([](Draws& d) { return std::abs(d.normal()) < 1.96 ? 1.0 : 0.0; }).mean, 0.95,
                four_sigma(0.95 * 0.05));
}

TEST(Draws, ParetoHasItsMeanAndItsTail) {
    const double shape = 3;
    const auto s = sample([&](Draws& d) { return d.pareto(shape); });
    EXPECT_NEAR(s.mean, 1 / (shape - 1), four_sigma(0.75));  // shape / ((shape - 1)^2 (shape - 2))
    EXPECT_GE(s.least, 0);
    const double tail = std::pow(1 + 4.0, -shape);  // P(x > 4)
    EXPECT_NEAR(sample([&](Draws& d) { return d.pareto(shape) > 4 ? 1.0 : 0.0; }).mean, tail,
                four_sigma(tail * (1 - tail)));
}

}  // namespace
}  // namespace rdpfault::proxy
