// How a session ends when nothing is wrong with the server: the client goes, is too slow, or the server is asked to
// stop.
#include <gmock/gmock.h>

#include "protocol/session_end.hpp"
#include "tests/unit/server/scripted_client.hpp"

namespace rdpfault::server::test {
namespace {

using namespace std::chrono_literals;
using Wish = Acceptor::Wish;

// The places a client may get stuck in, and whether a Disconnect Provider Ultimatum means something there.
struct Place {
    Stage stage;
    bool mcs;
};
const Place places[] = {
    {Stage::tcp_connect, false},         {Stage::x224_confirm, false},           {Stage::tls_established, false},
    {Stage::mcs_connect_response, true}, {Stage::mcs_attach_user_confirm, true}, {Stage::mcs_channel_join, true},
    {Stage::rdp_demand_active, true},    {Stage::rdp_confirm_active, true},      {Stage::rdp_active, true}};

class EveryPlace : public testing::TestWithParam<Place> {
  protected:
    EveryPlace() { client_.go_to(GetParam().stage); }
    ScriptedClient client_;
};

TEST_P(EveryPlace, ASlowClientIsCutOff) {
    if (GetParam().stage == Stage::rdp_active) {
        EXPECT_EQ(client_.acceptor.wake_at(), std::nullopt);
        return;
    }
    ASSERT_TRUE(client_.acceptor.wake_at());
    EXPECT_LE(*client_.acceptor.wake_at(), Time(30s));
    client_.acceptor.wake(29s);
    EXPECT_EQ(client_.acceptor.wish(), Wish::open);
    client_.acceptor.wake(30s);
    EXPECT_EQ(client_.acceptor.wish(), Wish::close);
    EXPECT_EQ(client_.ending().kind, EndKind::timeout);
    EXPECT_EQ(client_.acceptor.wake_at(), std::nullopt);
}

TEST_P(EveryPlace, StopsInOrder) {
    client_.units.clear();
    client_.acceptor.stop(1s);
    client_.listen();
    EXPECT_EQ(client_.acceptor.wish(), Wish::close);
    EXPECT_EQ(client_.ending().kind, EndKind::orderly);
    EXPECT_EQ(client_.acceptor.report().by, Side::server);
    EXPECT_EQ(client_.units.size(), (GetParam().mcs ? 1u : 0u) + (GetParam().stage == Stage::rdp_active ? 1u : 0u));
    if (client_.tls) {
        EXPECT_EQ(client_.tls->state(), tls::Engine::State::closed);
    }
    EXPECT_EQ(client_.reached(Stage::rdp_disconnect), GetParam().mcs);
}

TEST_P(EveryPlace, TheClientMayClose) {
    client_.acceptor.peer_closed(1s);
    client_.listen();
    EXPECT_EQ(client_.acceptor.wish(), Wish::close);
    EXPECT_EQ(client_.ending().kind, EndKind::close);
    EXPECT_EQ(client_.acceptor.report().by, Side::client);
}

TEST_P(EveryPlace, TheClientMayReset) {
    Ending why;
    why.kind = EndKind::reset;
    client_.acceptor.peer_lost(1s, why);
    client_.listen();
    EXPECT_EQ(client_.acceptor.wish(), Wish::reset);
    EXPECT_EQ(client_.ending().kind, EndKind::reset);
    EXPECT_EQ(client_.acceptor.report().by, Side::client);
}

TEST_P(EveryPlace, WhatComesAfterTheEndIsIgnored) {
    client_.acceptor.stop(1s);
    client_.listen();
    const auto stages = client_.stages();
    const auto received = client_.received;
    client_.wire(Bytes(100, 0x16));
    client_.acceptor.peer_closed(2s);
    client_.acceptor.wake(24h);
    client_.acceptor.stop(3s);
    client_.listen();
    EXPECT_EQ(client_.received, received);
    EXPECT_EQ(client_.stages(), stages);
    EXPECT_EQ(client_.acceptor.report().duration, Time(1s));
}

TEST_P(EveryPlace, TheClientMaySayGoodbye) {
    if (!GetParam().mcs) return;
    client_.units.clear();
    client_.mcs(protocol::DisconnectProviderUltimatum{3});
    EXPECT_EQ(client_.acceptor.wish(), Wish::close);
    EXPECT_TRUE(client_.ending().same(Ending{EndKind::disconnect, 3, 0, 0, {}}));
    EXPECT_EQ(client_.acceptor.report().by, Side::client);
    EXPECT_EQ(client_.tls->state(), tls::Engine::State::closed) << "the server closes TLS";
    EXPECT_TRUE(client_.units.empty());
}

INSTANTIATE_TEST_SUITE_P(Ending, EveryPlace, testing::ValuesIn(places), [](const auto& param) {
    std::string name(to_string(param.param.stage));
    std::ranges::replace(name, '.', '_');
    return name;
});

TEST(Ending, EachStageHasTheWholeTime) {
    ScriptedClient client;
    client.go_to(Stage::x224_confirm);
    client.now = 20s;
    tls::EngineConfig config;
    client.tls = std::make_unique<tls::Engine>(config);
    client.tls->start();
    client.wire(client.tls->take_output());
    EXPECT_EQ(client.acceptor.wake_at(), Time(50s));
}

TEST(Ending, RepeatingAStageDoesNotBuyTime) {
    ScriptedClient client;
    client.go_to(Stage::mcs_attach_user_confirm);
    client.now = 10s;
    client.mcs(protocol::ChannelJoinRequest{client.user(), 1003});
    client.now = 20s;
    client.mcs(protocol::ChannelJoinRequest{client.user(), 1003});
    EXPECT_EQ(client.acceptor.wake_at(), Time(40s));
}

TEST(Ending, AShutdownRequestIsDenied) {
    ScriptedClient client;
    client.go_to(Stage::rdp_active);
    client.units.clear();
    client.pdu(protocol::ShutdownRequest{client.origin()});
    ASSERT_EQ(client.units.size(), 1u);
    const auto data = protocol::SendDataIndication::decode(*protocol::data_payload(client.units[0]));
    ASSERT_TRUE(data);
    EXPECT_TRUE(protocol::ShutdownDenied::decode(data->payload));
    EXPECT_EQ(client.acceptor.wish(), Wish::open);
}

TEST(Ending, CloseNotifyIsAnswered) {
    ScriptedClient client;
    client.go_to(Stage::rdp_active);
    client.tls->close();
    client.wire(client.tls->take_output());
    EXPECT_EQ(client.acceptor.wish(), Wish::close);
    EXPECT_EQ(client.ending().kind, EndKind::close);
    EXPECT_EQ(client.acceptor.report().by, Side::client);
    EXPECT_EQ(client.tls->state(), tls::Engine::State::closed);
}

}  // namespace
}  // namespace rdpfault::server::test
