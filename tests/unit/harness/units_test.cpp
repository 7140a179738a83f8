#include "harness/units.hpp"

#include <gtest/gtest.h>

namespace rdpfault::harness {
namespace {

using std::chrono::microseconds;

TEST(Units, DurationsNeedTheirUnit) {
    EXPECT_EQ(duration_from_string("500us"), microseconds(500));
    EXPECT_EQ(duration_from_string("50ms"), microseconds(50'000));
    EXPECT_EQ(duration_from_string("1.5s"), microseconds(1'500'000));
    EXPECT_EQ(duration_from_string("1m"), microseconds(60'000'000));
    EXPECT_EQ(duration_from_string("24h"), microseconds(24LL * 3600 * 1'000'000));
    for (const auto* wrong :
         {"", "5", "s", "-1s", "+1s", "1e3s", "5 s", "5sec", "25h", "nans", "infs", "0x5s", ".5s", "1s1s"})
        EXPECT_FALSE(duration_from_string(wrong)) << wrong;
}

TEST(Units, RatesAreBytesASecond) {
    EXPECT_EQ(rate_from_string("64kbit/s"), 8000U);
    EXPECT_EQ(rate_from_string("1Mbit/s"), 125'000U);
    EXPECT_EQ(rate_from_string("8kB/s"), 8000U);
    EXPECT_EQ(rate_from_string("500B/s"), 500U);
    for (const auto* wrong : {"", "64", "64kb/s", "0kbit/s", "1bit/s", "64kbit", "-1B/s"})
        EXPECT_FALSE(rate_from_string(wrong)) << wrong;
}

TEST(Units, Sizes) {
    EXPECT_EQ(size_from_string("1024x768"), (std::pair<std::uint16_t, std::uint16_t>{1024, 768}));
    for (const auto* wrong :
         {"", "1024", "1024x", "x768", "199x768", "8193x768", "0x400x768", "1024x768x2", "1024 x 768"})
        EXPECT_FALSE(size_from_string(wrong)) << wrong;
}

TEST(Units, Numbers) {
    EXPECT_EQ(number_from_string("12"), 12U);
    EXPECT_EQ(number_from_string("0x112F"), 0x112fU);
    EXPECT_EQ(number_from_string("18446744073709551615"), 0xffffffffffffffffU);
    for (const auto* wrong : {"", "0x", "-1", "1.0", "1 ", "18446744073709551616", "ten"})
        EXPECT_FALSE(number_from_string(wrong)) << wrong;
}

TEST(Units, Probabilities) {
    EXPECT_EQ(probability_from_string("0.25"), 0.25);
    EXPECT_EQ(probability_from_string("1"), 1.0);
    EXPECT_EQ(probability_from_string("0"), 0.0);
    for (const auto* wrong : {"", "1.1", "-0.1", "50%", "nan", "1e-3"})
        EXPECT_FALSE(probability_from_string(wrong)) << wrong;
}

}  // namespace
}  // namespace rdpfault::harness
