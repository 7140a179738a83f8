// Firewalls, translators, small hops, MSS clamps: boxes that answer, forget or change.
#include <gmock/gmock.h>

#include "proxy/link/firewall.hpp"
#include "proxy/link/idle_limit.hpp"
#include "proxy/link/mss_clamp.hpp"
#include "proxy/link/mtu.hpp"
#include "tests/unit/link/playbook.hpp"

namespace rdpfault::link {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

class Firewall : public testing::TestWithParam<int> {
  protected:
    void set(SynAnswer answer) {
        DirectionSpec spec;
        spec.syn = answer;
        play.configure(spec);
        play.take(tcp_packet({.flags = tcp_syn, .sequence = 77, .version = GetParam()}));
        play.take(tcp_packet({.payload = 10, .version = GetParam()}));
    }
    const Packet& answer() { return *play.answers.at(0).packet; }

    FirewallEffect effect;
    Playbook play{effect};
};

TEST_P(Firewall, DropSaysNothingAndOnlyConcernsSyns) {
    set(SynAnswer::drop);
    EXPECT_THAT(play.ordinals(), ElementsAre(2));
    EXPECT_TRUE(play.answers.empty());
}

TEST_P(Firewall, ResetAcknowledgesTheSyn) {
    set(SynAnswer::reset);
    EXPECT_EQ(answer().headers.kind, Kind::reset);
    EXPECT_EQ(answer().headers.acknowledged, 78U);
    EXPECT_EQ(answer().headers.source_port, 3389);
    EXPECT_EQ(answer().headers.destination_port, 40000);
    EXPECT_TRUE(checksums_right(answer()));
    EXPECT_THAT(play.ordinals(), ElementsAre(2));
}

TEST_P(Firewall, IcmpQuotesTheSynAndSaysWhy) {
    set(SynAnswer::prohibited);
    const auto& h = answer().headers;
    EXPECT_EQ(h.kind, Kind::icmp);
    EXPECT_TRUE(checksums_right(answer()));
    const auto icmp = answer().frame().subspan(h.transport);
    EXPECT_EQ(icmp[0], GetParam() == 4 ? 3 : 1);
    EXPECT_EQ(icmp[1], GetParam() == 4 ? 13 : 1);
    const auto syn = tcp_packet({.flags = tcp_syn, .sequence = 77, .version = GetParam()});
    EXPECT_TRUE(std::equal(icmp.begin() + 8, icmp.end(), syn->bytes.begin() + 14));
}
INSTANTIATE_TEST_SUITE_P(Versions, Firewall, testing::Values(4, 6));

TEST(MtuEffect, SaysWhatWouldFit) {
    MtuEffect effect;
    Playbook play(effect);
    DirectionSpec spec;
    spec.mtu = Mtu{1000, false};
    play.configure(spec);
    play.take(1, 960);
    play.take(1, 961);
    EXPECT_THAT(play.ordinals(), ElementsAre(1));
    const auto& answer = *play.answers.at(0).packet;
    const auto icmp = answer.frame().subspan(answer.headers.transport);
    EXPECT_EQ(icmp[0], 3);
    EXPECT_EQ(icmp[1], 4);
    EXPECT_EQ(icmp[6] << 8 | icmp[7], 1000);
    EXPECT_LE(answer.size, 14 + 576);
    EXPECT_TRUE(checksums_right(answer));
}

TEST(MtuEffect, BlackHoleSaysNothing) {
    MtuEffect effect;
    Playbook play(effect);
    DirectionSpec spec;
    spec.mtu = Mtu{1000, true};
    play.configure(spec);
    play.take(1, 1400);
    play.take(1, 100);
    EXPECT_THAT(play.ordinals(), ElementsAre(2));
    EXPECT_TRUE(play.answers.empty());
}

TEST(MssClampEffect, LowersWhatASynAnnounces) {
    MssClampEffect effect;
    Playbook play(effect);
    DirectionSpec spec;
    spec.mss_clamp = 1200;
    play.configure(spec);
    const auto mss = [](std::uint8_t high, std::uint8_t low) { return Bytes{1, 1, 1, 1, 2, 4, high, low}; };
    play.take(tcp_packet({.flags = tcp_syn, .options = mss(0x05, 0xb4)}));  // 1460
    play.take(tcp_packet({.flags = tcp_syn, .options = mss(0x02, 0x18)}));  // 536
    const auto announced = [&](std::size_t i) {
        const auto& packet = *play.passed.at(i).packet;
        EXPECT_TRUE(checksums_right(packet));
        return packet.bytes[packet.headers.transport + 26U] << 8 | packet.bytes[packet.headers.transport + 27U];
    };
    EXPECT_EQ(announced(0), 1200);
    EXPECT_EQ(announced(1), 536);
}

TEST(MssClampEffect, MalformedOptionsAreLetBe) {
    MssClampEffect effect;
    Playbook play(effect);
    DirectionSpec spec;
    spec.mss_clamp = 1200;
    play.configure(spec);
    for (const auto& options : {Bytes{2, 0, 0, 0}, Bytes{9, 200, 0, 0}, Bytes{1, 1, 1, 2}, Bytes{2, 4, 0, 0}})
        play.take(tcp_packet({.flags = tcp_syn, .options = options}));
    EXPECT_EQ(play.passed.size(), 4U);
    EXPECT_EQ(effect.touched().get(), 0U);
}

class IdleTest : public testing::Test {
  protected:
    void set(bool reset) {
        DirectionSpec spec;
        spec.idle = IdleLimit{seconds(10), reset};
        play.configure(spec);
    }
    std::shared_ptr<FlowTable> flows = std::make_shared<FlowTable>();
    IdleLimitEffect effect{Direction::client_to_server, flows};
    Playbook play{effect};
};

TEST_F(IdleTest, ForgottenFlowVanishes) {
    set(false);
    play.take(tcp_packet({.flags = tcp_syn}));
    for (const int pause : {9, 9, 11, 1}) {
        play.wait(seconds(pause));
        play.take(1);
    }
    EXPECT_THAT(play.ordinals(), ElementsAre(1, 2, 3));
    EXPECT_TRUE(play.answers.empty());
}

TEST_F(IdleTest, ForgottenFlowIsReset) {
    set(true);
    play.take(tcp_packet({.flags = tcp_syn}));
    play.wait(seconds(11));
    play.take(tcp_packet({.sequence = 5, .acknowledged = 99, .payload = 3}));
    const auto& answer = *play.answers.at(0).packet;
    EXPECT_EQ(answer.headers.kind, Kind::reset);
    EXPECT_EQ(answer.headers.sequence, 99U);  // exactly what the sender expects next
}

TEST_F(IdleTest, TheOtherDirectionKeepsItAlive) {
    set(false);
    play.take(tcp_packet({.flags = tcp_syn}));
    play.wait(seconds(9));
    const auto answer = tcp_packet({}, true);
    flows->heard(flow_of(answer->headers, answer->frame(), Direction::server_to_client), false, seconds(10), play.now);
    play.wait(seconds(9));
    play.take(1);
    EXPECT_EQ(play.passed.size(), 2U);
}

TEST_F(IdleTest, NewConnectionFromTheSamePortIsNew) {
    set(false);
    play.take(tcp_packet({.flags = tcp_syn}));
    play.wait(seconds(20));
    play.take(tcp_packet({.flags = tcp_syn}));
    play.take(1);
    EXPECT_EQ(play.passed.size(), 3U);
}

}  // namespace
}  // namespace rdpfault::link
