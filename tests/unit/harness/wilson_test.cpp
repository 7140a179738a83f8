// Intervals against published ones: Newcombe, Statistics in Medicine 17 (1998), 857-872 and 873-890, and against the
// roots of (share - t)^2 = z^2 t (1 - t) / n, computed elsewhere.
#include "harness/wilson.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace rdpfault::harness {
namespace {

void expect_interval(Interval found, double low, double high, double error) {
    EXPECT_NEAR(found.low, low, error);
    EXPECT_NEAR(found.high, high, error);
}

TEST(NormalQuantile, IsTheOneOfTheTables) {
    EXPECT_NEAR(normal_quantile(0.5), 0, 1e-12);
    EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);
    EXPECT_NEAR(normal_quantile(0.995), 2.575829303548901, 1e-11);
    EXPECT_NEAR(normal_quantile(0.0005), -3.290526731491895, 1e-11);
}

TEST(Wilson, PublishedValues) {
    expect_interval(wilson(81, 263, 0.95), 0.2553, 0.3662, 5e-5);
    expect_interval(wilson(15, 148, 0.95), 0.0624, 0.1605, 5e-5);
    expect_interval(wilson(0, 20, 0.95), 0, 0.1611, 5e-5);
    expect_interval(wilson(1, 29, 0.95), 0.0061, 0.1718, 5e-5);
}

TEST(Wilson, RootsOfItsEquation) {
    expect_interval(wilson(5, 10, 0.95), 0.236593090512564, 0.763406909487436, 1e-12);
    expect_interval(wilson(18, 20, 0.95), 0.6989663547715127, 0.972133518786232, 1e-12);
    expect_interval(wilson(58, 60, 0.99), 0.8469368601739734, 0.993463633508818, 1e-12);
    expect_interval(wilson(8, 8, 0.95), 0.6755924351161203, 1, 1e-12);
}

TEST(Wilson, StaysWithinBoundsAndTouchesThemWhenAllAgree) {
    EXPECT_EQ(wilson(0, 0, 0.95), (Interval{0, 1}));
    EXPECT_EQ(wilson(10, 10, 0.95).high, 1);
    EXPECT_EQ(wilson(0, 10, 0.95).low, 0);
    for (std::uint32_t n = 1; n < 200; n += 7)
        for (std::uint32_t k = 0; k <= n; ++k) {
            const auto interval = wilson(k, n, 0.95);
            EXPECT_LE(0, interval.low);
            EXPECT_LE(interval.low, static_cast<double>(k) / n);
            EXPECT_LE(static_cast<double>(k) / n, interval.high);
            EXPECT_LE(interval.high, 1);
            EXPECT_NEAR(interval.low, 1 - wilson(n - k, n, 0.95).high, 1e-12) << "it is symmetric";
            EXPECT_LE(wilson(k, n, 0.99).low, interval.low);
        }
}

// The claim itself: over all outcomes of so many runs, the interval holds the true share about as often as it says.
TEST(Wilson, CoversTheTrueShareAsOftenAsItSays) {
    double sum = 0;
    int count = 0;
    for (double p = 0.05; p < 0.96; p += 0.01, ++count) {
        constexpr std::uint32_t n = 50;
        double covered = 0;
        for (std::uint32_t k = 0; k <= n; ++k) {
            const auto interval = wilson(k, n, 0.95);
            if (interval.low > p || interval.high < p) continue;
            covered += std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) +
                                k * std::log(p) + (n - k) * std::log(1 - p));
        }
        EXPECT_GT(covered, 0.91) << p;
        sum += covered;
    }
    EXPECT_NEAR(sum / count, 0.95, 0.01);
}

TEST(Difference, PublishedValue) {
    expect_interval(difference(48, 80, 56, 70, 0.95), 0.0524, 0.3339, 5e-5);
    expect_interval(difference(56, 70, 48, 80, 0.95), -0.3339, -0.0524, 5e-5);
}

TEST(Difference, ShowsOnlyWhatIsThere) {
    EXPECT_LT(difference(10, 10, 5, 10, 0.95).high, 0);
    expect_interval(difference(10, 10, 7, 10, 0.95), -0.6032218525388546, 0.03759243457905043, 1e-12);
    expect_interval(difference(0, 0, 7, 10, 0.95), -1, 1, 0);
}

}  // namespace
}  // namespace rdpfault::harness
