// The wait that a lost packet costs, modelled on the stream, under the virtual clock.
#include <map>

#include "playbook.hpp"
#include "proxy/session/segment_loss.hpp"

namespace rdpfault::proxy {
namespace {

using action::LossStall;

constexpr auto downstream = Directions::server_to_client;
constexpr std::size_t segment = Shaper::block;

SegmentLoss losses(const LossStall& stall, std::uint64_t seed = 1) {
    return {stall, DrawKey{seed, "scenario", 1, Direction::server_to_client, "1", 0}};
}

// A seed with which, of the first `count` segments, just this one is lost, and once.
std::uint64_t seed_that_loses(std::uint64_t lost, std::uint64_t count, const LossStall& stall) {
    for (std::uint64_t seed = 1; seed < 100'000; ++seed) {
        bool right = true;
        auto plan = plan_of(fault(AtStart{}, stall));
        SegmentLoss model(stall, {seed, plan.scenario, 1, Direction::server_to_client, plan.faults[0].id, 0});
        for (std::uint64_t i = 0; right && i < count; ++i)
            right = model.lost_copies(i) == (i == lost ? 1U : 0U);
        if (right) return seed;
    }
    ADD_FAILURE() << "no such seed";
    return 0;
}

struct LossStallFault : testing::Test {
    Playbook playing(std::uint64_t lost, std::uint64_t count) {
        auto plan = plan_of(fault(AtStart{}, stall));
        plan.seed = seed_that_loses(lost, count, stall);
        return Playbook(plan);
    }
    LossStall stall{downstream, 0.2, 0, 1, 1, milliseconds(80)};
};

TEST_F(LossStallFault, MessageThatIsAloneWaitsForTheTimeout) {
    auto book = playing(0, 1);
    book.open();
    book.says(Side::server, to_bytes("a"));
    book.expect({say::wake(milliseconds(280))});
    book.pass(milliseconds(280));
    book.expect({say::send(Side::client, to_bytes("a"))});
}

TEST_F(LossStallFault, HoldsUpWhatIsBehindAndDeletesNothing) {
    auto book = playing(1, 3);
    book.open();
    const auto bytes = Bytes(3 * segment, 7);
    book.says(Side::server, bytes);
    book.forget();
    EXPECT_EQ(book.sent(Side::client).size(), segment) << "what was before it is not late";
    book.pass(milliseconds(279));
    EXPECT_EQ(book.sent(Side::client).size(), segment);
    book.pass(milliseconds(1));
    book.forget();
    EXPECT_EQ(book.sent(Side::client), bytes);
}

TEST_F(LossStallFault, ThreeLaterSegmentsBringItBackAfterARoundTrip) {
    auto book = playing(0, 4);
    book.open();
    book.says(Side::server, Bytes(2 * segment, 7));
    book.forget();
    book.pass(milliseconds(30));
    book.says(Side::server, Bytes(2 * segment, 7));  // the third behind it comes 30 ms later
    book.forget();
    book.pass(milliseconds(79));
    EXPECT_EQ(book.sent(Side::client).size(), 0U);
    book.pass(milliseconds(1));
    book.forget();
    EXPECT_EQ(book.sent(Side::client).size(), 4 * segment);
}

TEST_F(LossStallFault, OtherDirectionIsAsEver) {
    auto book = playing(0, 1);
    book.open();
    book.carries(Side::client, to_bytes("hello"));
}

TEST(SegmentLoss, BacksOffWithEachLostCopy) {
    const auto model = losses({downstream, 0.1, 0, 1, 1, milliseconds(100)});
    EXPECT_EQ(model.by_timeout(1), milliseconds(300));
    EXPECT_EQ(model.by_timeout(2), milliseconds(900));
    EXPECT_EQ(model.by_timeout(3), milliseconds(2100));
    EXPECT_EQ(model.by_fast_retransmit(1), milliseconds(100));
    EXPECT_EQ(model.by_fast_retransmit(2), milliseconds(400));
    EXPECT_GT(model.by_timeout(SegmentLoss::most_copies), std::chrono::minutes(10));
    EXPECT_LT(model.by_timeout(SegmentLoss::most_copies), std::chrono::minutes(25));
}

TEST(SegmentLoss, LosesAsManyAsAsked) {
    for (const double loss : {0.01, 0.2}) {
        auto model = losses({downstream, loss, 0, 1, 1, {}});
        std::map<std::uint32_t, int> copies;
        constexpr int count = 100'000;
        for (int i = 0; i < count; ++i)
            ++copies[model.lost_copies(static_cast<std::uint64_t>(i))];
        const double deviation = std::sqrt(count * loss * (1 - loss));
        EXPECT_NEAR(count - copies[0], count * loss, 3 * deviation);
        EXPECT_NEAR(copies[2], count * loss * loss * (1 - loss), 4 * std::sqrt(count * loss * loss));
    }
}

// Loss rate and mean burst of the two-state model, in closed form.
TEST(SegmentLoss, ComesInBursts) {
    const double to_bad = 0.02, to_good = 0.25;
    auto model = losses({downstream, 0, to_bad, to_good, 1, {}});
    constexpr int count = 200'000;
    int lost = 0, bursts = 0;
    bool before = false;
    for (int i = 0; i < count; ++i) {
        const bool now = model.lost_copies(static_cast<std::uint64_t>(i)) > 0;
        lost += now ? 1 : 0;
        bursts += now && !before ? 1 : 0;
        before = now;
    }
    EXPECT_NEAR(static_cast<double>(lost) / count, to_bad / (to_bad + to_good), 0.004);
    EXPECT_NEAR(static_cast<double>(lost) / bursts, 1 / to_good, 0.15);
}

TEST(SegmentLoss, DrawsForASegmentWhoeverAsksHowOften) {
    auto one = losses({downstream, 0.3, 0.1, 0.3, 0.9, {}});
    auto other = losses({downstream, 0.3, 0.1, 0.3, 0.9, {}});
    for (std::uint64_t i = 0; i < 1000; ++i) {
        const auto copies = one.lost_copies(i);
        for (int again = 0; again < 3; ++again)
            EXPECT_EQ(other.lost_copies(i), copies);
    }
}

TEST(SegmentLoss, CertainLossIsNeverRepaired) {
    auto model = losses({downstream, 1, 0, 1, 1, {}});
    EXPECT_EQ(model.lost_copies(0), SegmentLoss::most_copies);
}

}  // namespace
}  // namespace rdpfault::proxy
