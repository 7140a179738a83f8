#include "proxy/link/trace_playback.hpp"

#include <gmock/gmock.h>

#include "tests/unit/link/playbook.hpp"

namespace rdpfault::link {
namespace {

using testing::ElementsAre;

class TraceTest : public testing::Test {
  protected:
    void set(const Trace& trace) {
        DirectionSpec spec;
        spec.trace = trace;
        play.configure(spec);
    }
    TraceEffect effect;
    Playbook play{effect};
};

TEST_F(TraceTest, PacketsLeaveWhenTheRecordedLinkCouldSend) {
    set({.milliseconds = {5, 5, 20, 30}});
    play.take(6, 1400);
    play.wait_for_all();
    EXPECT_THAT(play.microseconds(), ElementsAre(5'000, 5'000, 20'000, 30'000, 35'000, 35'000));
}

TEST_F(TraceTest, SmallPacketsShareAnOpportunity) {
    set({.milliseconds = {10}});
    play.take(4, 660);  // 700 bytes each
    play.wait_for_all();
    EXPECT_THAT(play.microseconds(), ElementsAre(10'000, 10'000, 20'000, 20'000));
}

TEST_F(TraceTest, OpportunitiesAreNotSavedUp) {
    set({.milliseconds = {1, 2, 3, 10}});
    play.wait(Duration{25'500});
    play.take(2, 1400);
    play.wait_for_all();
    EXPECT_THAT(play.microseconds(), ElementsAre(30'000, 31'000));
}

TEST_F(TraceTest, FullQueueDrops) {
    set({.milliseconds = {10}, .queue_packets = 2});
    play.take(3, 1400);
    play.wait_for_all();
    EXPECT_THAT(play.ordinals(), ElementsAre(1, 2));
}

TEST(ParseTrace, ReadsLinesAndRefusesOthers) {
    std::vector<std::uint32_t> times;
    EXPECT_TRUE(parse_trace("0\n5\n5\r\n9\n", times));
    EXPECT_THAT(times, ElementsAre(0, 5, 5, 9));
    for (const auto* wrong : {"", "0\n", "5\n4\n", "5 x\n", "-1\n", "99999999999\n", "a"})
        EXPECT_FALSE(parse_trace(wrong, times)) << wrong;
}

}  // namespace
}  // namespace rdpfault::link
