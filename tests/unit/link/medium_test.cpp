// Duplicates, reordering, damage, silence: what a medium does besides losing.
#include <gmock/gmock.h>

#include <cmath>

#include "proxy/link/corrupt.hpp"
#include "proxy/link/duplicate.hpp"
#include "proxy/link/reorder.hpp"
#include "proxy/link/silence.hpp"
#include "tests/unit/link/playbook.hpp"

namespace rdpfault::link {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

int differing_bits(ByteView a, ByteView b) {
    int bits = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        bits += std::popcount(static_cast<unsigned>(a[i] ^ b[i]));
    return bits;
}

TEST(DuplicateEffect, SendsTheSamePacketTwice) {
    DuplicateEffect effect({});
    Playbook play(effect);
    DirectionSpec spec;
    spec.duplicate = 1;
    play.configure(spec);
    play.take(2);
    EXPECT_THAT(play.ordinals(), ElementsAre(1, 1, 2, 2));
    EXPECT_EQ(differing_bits(play.passed[0].packet->frame(), play.passed[1].packet->frame()), 0);
}

TEST(DuplicateEffect, StrikesAsOftenAsAsked) {
    DuplicateEffect effect({});
    Playbook play(effect);
    DirectionSpec spec;
    spec.duplicate = 0.1;
    play.configure(spec);
    play.take(10'000, 0);
    EXPECT_NEAR(static_cast<double>(play.passed.size()) - 10'000, 1000, 3 * std::sqrt(900));
}

TEST(ReorderEffect, ChosenPacketIsOvertaken) {
    ReorderEffect effect({.seed = 5});
    Playbook play(effect);
    DirectionSpec spec;
    spec.reorder = Reorder{1, 2, seconds(1)};
    play.configure(spec);
    play.take(1);
    spec.reorder = Reorder{0, 2, seconds(1)};
    play.configure(spec);
    play.take(3);
    EXPECT_THAT(play.ordinals(), ElementsAre(2, 3, 1, 4));
}

TEST(ReorderEffect, NobodyComesAndItGoesAllTheSame) {
    ReorderEffect effect({});
    Playbook play(effect);
    DirectionSpec spec;
    spec.reorder = Reorder{1, 3, Duration{20'000}};
    play.configure(spec);
    play.take(1);
    play.wait_for_all();
    EXPECT_THAT(play.microseconds(), ElementsAre(20'000));
}

class CorruptTest : public testing::TestWithParam<int> {
  protected:
    void set(const Corrupt& corrupt) {
        DirectionSpec spec;
        spec.corrupt = corrupt;
        play.configure(spec);
    }
    CorruptEffect effect{{}};
    Playbook play{effect};
};

TEST_P(CorruptTest, WrongChecksumShowsTheDamage) {
    set({.probability = 1, .bits = 4});
    const auto original = tcp_packet({.payload = 100, .version = GetParam()});
    for (int i = 0; i < 300; ++i)
        play.take(copy_of(*original));
    for (const auto& seen : play.passed) {
        EXPECT_FALSE(checksums_right(*seen.packet));
        EXPECT_GE(differing_bits(seen.packet->frame(), original->frame()), 4);
    }
}

TEST_P(CorruptTest, RightChecksumHidesIt) {
    set({.probability = 1, .bits = 3, .right_checksum = true});
    const auto original = tcp_packet({.payload = 100, .version = GetParam()});
    play.take(copy_of(*original));
    const auto& damaged = *play.passed.at(0).packet;
    EXPECT_TRUE(checksums_right(damaged));
    EXPECT_EQ(differing_bits(damaged.payload(), original->payload()), 3);
}
INSTANTIATE_TEST_SUITE_P(Versions, CorruptTest, testing::Values(4, 6));

TEST_F(CorruptTest, LeavesPacketsWithoutPayloadAlone) {
    set({.probability = 1});
    play.take(1, 0);
    EXPECT_TRUE(checksums_right(*play.passed.at(0).packet));
    EXPECT_EQ(effect.touched().get(), 0U);
}

TEST(SilenceEffect, SilentMeansNothingPasses) {
    SilenceEffect effect;
    Playbook play(effect);
    DirectionSpec spec;
    spec.silent = true;
    play.configure(spec);
    play.take(3);
    EXPECT_TRUE(play.passed.empty());
    EXPECT_TRUE(play.answers.empty());
    spec.silent = false;
    play.configure(spec);
    play.take(1);
    EXPECT_THAT(play.ordinals(), ElementsAre(4));
}

TEST(SilenceEffect, OutagesHaveTheirWindows) {
    SilenceEffect effect;
    Playbook play(effect);
    DirectionSpec spec;
    spec.outages = std::vector{Outage{seconds(2), seconds(1), Duration{0}}, Outage{seconds(5), seconds(1), seconds(3)}};
    play.configure(spec);
    for (int second = 0; second < 10; ++second) {
        play.take(1);
        play.wait(seconds(1));
    }
    EXPECT_THAT(play.ordinals(), ElementsAre(1, 2, 4, 5, 7, 8, 10));  // lost: those of seconds 2, 5 and 8
}

TEST(SilenceEffect, ChangeOfSomethingElseDoesNotBeginTheWindowsAgain) {
    SilenceEffect effect;
    Playbook play(effect);
    DirectionSpec spec;
    spec.outages = std::vector{Outage{seconds(2), seconds(1), Duration{0}}};
    play.configure(spec);
    play.wait(seconds(1));
    spec.latency = seconds(1);
    play.configure(spec);
    play.wait(seconds(1));
    play.take(1);
    EXPECT_TRUE(play.passed.empty());
}

}  // namespace
}  // namespace rdpfault::link
