#include "proxy/link/kind_loss.hpp"

#include <gmock/gmock.h>

#include "tests/unit/link/playbook.hpp"

namespace rdpfault::link {
namespace {

using testing::ElementsAre;

class KindLossTest : public testing::Test {
  protected:
    void lose(const KindLoss& loss) {
        DirectionSpec spec;
        spec.lose = std::vector{loss};
        play.configure(spec);
    }
    PacketPtr carrying(Stage stage, std::uint32_t sequence) {
        auto packet = tcp_packet({.sequence = sequence, .payload = 50});
        packet->stages.push_back(stage);
        return packet;
    }

    KindLossEffect effect{Direction::client_to_server};
    Playbook play{effect};
};

TEST_F(KindLossTest, LosesTheFirstSynAndLetsItsRepetitionPass) {
    lose({.kind = Kind::syn});
    play.take(tcp_packet({.flags = tcp_syn}));
    play.take(tcp_packet({.flags = tcp_syn}));
    EXPECT_THAT(play.ordinals(), ElementsAre(2));
}

TEST_F(KindLossTest, CountsOnlyItsKind) {
    lose({.kind = Kind::data, .nth = 2, .count = 2});
    for (const std::size_t payload : {0, 10, 0, 10, 10, 10})
        play.take(1, payload);
    EXPECT_THAT(play.ordinals(), ElementsAre(1, 2, 3, 6));
}

TEST_F(KindLossTest, LosesThePacketOfAStageOnce) {
    lose({.stage = Stage::tls_client_hello});
    play.take(carrying(Stage::x224_request, 1000));
    play.take(carrying(Stage::tls_client_hello, 1050));
    play.take(tcp_packet({.sequence = 1050, .payload = 50}));  // its retransmission carries nothing for the first time
    EXPECT_THAT(play.ordinals(), ElementsAre(1, 3));
}

TEST_F(KindLossTest, LosesRetransmissionsOfAStageToo) {
    lose({.stage = Stage::tls_client_hello, .count = 3});
    play.take(carrying(Stage::tls_client_hello, 1000));
    play.take(tcp_packet({.sequence = 1000, .payload = 50}));
    play.take(tcp_packet({.sequence = 2000, .payload = 50}));                        // other bytes
    play.take(tcp_packet({.sequence = 1000, .payload = 50, .source_port = 40001}));  // another connection
    play.take(tcp_packet({.sequence = 990, .payload = 100}));
    play.take(tcp_packet({.sequence = 1000, .payload = 50}));
    EXPECT_THAT(play.ordinals(), ElementsAre(3, 4, 6));
}

TEST_F(KindLossTest, KnowsTheLastByteAcrossTheEndOfSequenceNumbers) {
    lose({.stage = Stage::tls_client_hello, .count = 2});
    play.take(carrying(Stage::tls_client_hello, 0xfffffff0));
    play.take(tcp_packet({.sequence = 0xfffffff0, .payload = 50}));
    EXPECT_TRUE(play.passed.empty());
}

}  // namespace
}  // namespace rdpfault::link
