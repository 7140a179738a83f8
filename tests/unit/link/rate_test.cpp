#include "proxy/link/rate.hpp"

#include <gmock/gmock.h>

#include "tests/unit/link/playbook.hpp"

namespace rdpfault::link {
namespace {

using testing::ElementsAre;

constexpr std::size_t payload = 960;  // an IP packet of 1000 bytes

class RateTest : public testing::Test {
  protected:
    void set(const Rate& rate) {
        DirectionSpec spec;
        spec.rate = rate;
        play.configure(spec);
    }
    RateEffect effect;
    Playbook play{effect};
};

TEST_F(RateTest, EachPacketTakesItsTimeAndWaitsForThoseBefore) {
    set({.bytes_per_second = 100'000});
    play.take(3, payload);
    play.wait(Duration{50'000});
    play.take(1, payload);
    play.wait_for_all();
    EXPECT_THAT(play.microseconds(), ElementsAre(10'000, 20'000, 30'000, 60'000));
}

TEST_F(RateTest, IsExactOverManyPackets) {
    set({.bytes_per_second = 1'000'003, .queue_packets = 20'000});
    play.take(10'000, payload);
    play.wait_for_all();
    EXPECT_EQ(play.passed.size(), 10'000U);
    const double seconds = static_cast<double>(play.microseconds().back()) / 1e6;
    EXPECT_NEAR(10'000 * 1000 / seconds, 1'000'003, 0.001 * 1'000'003);
}

TEST_F(RateTest, FullQueueDropsAtTheTail) {
    set({.bytes_per_second = 1000, .queue_bytes = 3500});
    play.take(5, payload);
    play.wait_for_all();
    EXPECT_THAT(play.ordinals(), ElementsAre(1, 2, 3));
    EXPECT_EQ(effect.dropped().get(), 2U);
}

TEST_F(RateTest, QueueMayBeCountedInPackets) {
    set({.bytes_per_second = 1000, .queue_packets = 2});
    play.take(3, 10);
    play.wait_for_all();
    EXPECT_THAT(play.ordinals(), ElementsAre(1, 2));
}

TEST_F(RateTest, BurstMayGoAtOnceAfterAPause) {
    set({.bytes_per_second = 100'000, .burst = 2000});
    play.wait(std::chrono::seconds(1));
    play.take(4, payload);
    play.wait_for_all();
    EXPECT_THAT(play.microseconds(), ElementsAre(1'000'000, 1'000'000, 1'010'000, 1'020'000));
}

TEST_F(RateTest, ChangeOfRateHoldsForWhatWaits) {
    set({.bytes_per_second = 1000});
    play.take(2, payload);
    set({.bytes_per_second = 100'000});
    play.wait_for_all();
    EXPECT_THAT(play.microseconds(), ElementsAre(10'000, 20'000));
}

TEST_F(RateTest, LiftedRateLetsAllGo) {
    set({.bytes_per_second = 1000});
    play.take(3, payload);
    set({});
    play.wait(Duration{0});
    EXPECT_EQ(play.passed.size(), 3U);
    play.take(1);
    EXPECT_EQ(play.passed.size(), 4U);
}

}  // namespace
}  // namespace rdpfault::link
