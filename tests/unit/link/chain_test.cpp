// All effects of a direction together, the timeline, and the spotter.
#include "proxy/link/chain.hpp"

#include <gmock/gmock.h>

#include "proxy/link/spotter.hpp"
#include "proxy/link/timeline.hpp"
#include "tests/unit/link/playbook.hpp"

namespace rdpfault::link {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

class ChainTest : public testing::Test {
  protected:
    std::vector<std::int64_t> times() const {
        std::vector<std::int64_t> result;
        for (const auto& seen : out)
            result.push_back(std::chrono::duration_cast<milliseconds>(seen.at - began).count());
        return result;
    }

    std::vector<Seen> out, answers;
    Chain chain{{.seed = 1},
                std::make_shared<FlowTable>(),
                [this](PacketPtr packet, Time at) {
                    out.push_back({std::move(packet), at});
                },
                [this](PacketPtr packet, Time at) {
                    answers.push_back({std::move(packet), at});
                }};
    const Time began{seconds(100)};
};

TEST_F(ChainTest, RateThenLatency) {
    DirectionSpec spec;
    spec.rate = Rate{.bytes_per_second = 100'000};
    spec.latency = milliseconds(30);
    chain.configure(spec, began);
    chain.enter(tcp_packet({.payload = 960}), began);
    chain.enter(tcp_packet({.payload = 960}), began);
    chain.advance(began + seconds(5));  // one late call for all: the times are those of a punctual clock
    EXPECT_THAT(times(), ElementsAre(40, 50));
}

TEST_F(ChainTest, LostPacketsHaveUsedTheLine) {
    DirectionSpec spec;
    spec.rate = Rate{.bytes_per_second = 100'000};
    spec.loss = Pattern{{{1, 1}}};
    chain.configure(spec, began);
    chain.enter(tcp_packet({.payload = 960}), began);
    chain.enter(tcp_packet({.payload = 960}), began);
    chain.advance(began + seconds(5));
    EXPECT_THAT(times(), ElementsAre(20));
}

TEST_F(ChainTest, AnswersGoBack) {
    DirectionSpec spec;
    spec.syn = SynAnswer::reset;
    chain.configure(spec, began);
    chain.enter(tcp_packet({.flags = tcp_syn}), began);
    EXPECT_TRUE(out.empty());
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].packet->headers.kind, Kind::reset);
}

TEST_F(ChainTest, SameSeedSameFates) {
    const auto play = [](std::uint64_t seed) {
        std::vector<std::pair<std::uint64_t, Time>> result;
        Chain mine({.seed = seed}, std::make_shared<FlowTable>(),
                   [&](PacketPtr packet, Time at) { result.emplace_back(packet->ordinal, at); }, {});
        DirectionSpec spec;
        spec.loss = Bernoulli{0.2};
        spec.jitter = Jitter{milliseconds(5), Spread::normal, false};
        spec.latency = milliseconds(20);
        spec.duplicate = 0.1;
        spec.reorder = Reorder{0.1, 2, milliseconds(10)};
        mine.configure(spec, Time{});
        for (int i = 0; i < 500; ++i)
            mine.enter(tcp_packet(), Time{} + milliseconds(i));
        mine.advance(Time{} + seconds(10));
        return result;
    };
    EXPECT_EQ(play(4), play(4));
    EXPECT_NE(play(4), play(5));
}

TEST_F(ChainTest, PassesAllWhenNothingIsAsked) {
    chain.configure({}, began);
    for (int i = 0; i < 10; ++i)
        chain.enter(tcp_packet(), began);
    EXPECT_EQ(out.size(), 10U);
    EXPECT_EQ(chain.entered(), 10U);
    EXPECT_EQ(chain.left(), 10U);
    EXPECT_FALSE(chain.due());
}

TEST(Timeline, ChangesAtItsTimesAndStages) {
    NetworkSpec spec;
    spec.towards_client.latency = milliseconds(10);
    Change loss, silence;
    loss.at = seconds(2);
    loss.towards_client.loss = Bernoulli{0.5};
    silence.after_stage = Stage::rdp_active;
    silence.towards_client.silent = true;
    spec.timeline = {loss, silence};
    const Time began{};
    Timeline timeline(spec, began);
    EXPECT_EQ(timeline.due(), began + seconds(2));
    EXPECT_EQ(timeline.advance(began + milliseconds(1999)), 0U);
    EXPECT_EQ(timeline.advance(began + seconds(2)), 1U);
    EXPECT_EQ(timeline.advance(began + seconds(3)), 0U);
    EXPECT_FALSE(timeline.due());
    EXPECT_EQ(timeline.at(Stage::rdp_active), 0U);
    EXPECT_EQ(timeline.after(Stage::rdp_active), 1U);
    EXPECT_EQ(timeline.after(Stage::rdp_active), 0U);
    const auto& now = timeline.of(Direction::server_to_client);
    EXPECT_EQ(now.latency, Duration(10'000));  // as it was
    EXPECT_EQ(now.loss, Loss(Bernoulli{0.5}));
    EXPECT_EQ(now.silent, true);
    EXPECT_EQ(timeline.of(Direction::client_to_server), DirectionSpec{});
}

class SpotterTest : public testing::Test {
  protected:
    std::vector<Stage> look(const Made& made) {
        const auto packet = tcp_packet(made);
        spotter.look(*packet, Direction::client_to_server);
        return packet->stages;
    }
    // An X.224 Connection Request without options (MS-RDPBCGR 2.2.1.1), 11 bytes.
    const std::string request{"\x03\x00\x00\x0b\x06\xe0\x00\x00\x00\x00\x00", 11};
    Spotter spotter;
};

TEST_F(SpotterTest, NamesThePacketWithTheLastByte) {
    look({.flags = tcp_syn, .sequence = 99});
    EXPECT_THAT(look({.sequence = 100, .text = request.substr(0, 5)}), ElementsAre());
    EXPECT_THAT(look({.sequence = 105, .text = request.substr(5)}), ElementsAre(Stage::x224_request));
}

TEST_F(SpotterTest, RetransmissionsCarryNothingNew) {
    look({.flags = tcp_syn, .sequence = 99});
    EXPECT_THAT(look({.sequence = 100, .text = request}), ElementsAre(Stage::x224_request));
    EXPECT_THAT(look({.sequence = 100, .text = request}), ElementsAre());
}

TEST_F(SpotterTest, StreamsDoNotMix) {
    look({.flags = tcp_syn, .sequence = 99});
    look({.flags = tcp_syn, .sequence = 99, .source_port = 5});
    look({.sequence = 100, .text = request.substr(0, 5)});
    EXPECT_THAT(look({.sequence = 105, .source_port = 5, .text = request.substr(5)}), ElementsAre());
}

TEST_F(SpotterTest, GapIsNotGuessedOver) {
    look({.flags = tcp_syn, .sequence = 99});
    EXPECT_THAT(look({.sequence = 200, .text = request}), ElementsAre());
}

}  // namespace
}  // namespace rdpfault::link
