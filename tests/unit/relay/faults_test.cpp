// Faults on the wire: what a peer's kernel tells it.
#include "lab.hpp"

namespace rdpfault::proxy {
namespace {

using Who = ConnectionLog::Who;
using Kind = ConnectionSelector::Kind;

// The client asks, the server answers.
void up_to_confirm(Lab& lab, Peer& client, Peer& server) {
    client.say(request);
    ASSERT_TRUE(lab.until([&] { return server.received == request.size(); }));
    server.say(confirm);
}

TEST(Reset, AtTheConfirmHoldsItBack) {
    Lab lab(plan_of(fault(at(Stage::x224_confirm), action::Reset{Sides::client})));
    const auto [client, server] = lab.pair();
    up_to_confirm(lab, *client, *server);
    ASSERT_TRUE(lab.until([&, &c = client, &s = server] { return c->ended() && s->ended(); }));
    EXPECT_TRUE(client->saw_rst());
    EXPECT_EQ(client->heard, Bytes{});
    EXPECT_TRUE(server->saw_fin()) << "the other leg is closed in order";
    server->close();
    ASSERT_TRUE(lab.finished(1));
    const auto log = lab.relay->logs().front();
    EXPECT_EQ(log.ended_by, Who::proxy);
    EXPECT_EQ(log.furthest, Stage::x224_confirm);
    EXPECT_TRUE(log.client_leg->by_proxy);
    EXPECT_EQ(log.client_leg->ending.kind, EndKind::reset);
}

TEST(Reset, AfterTheConfirmDeliversIt) {
    for (const auto sides : {Sides::client, Sides::server, Sides::both}) {
        Lab lab(plan_of(fault(after(Stage::x224_confirm), action::Reset{sides})));
        const auto [client, server] = lab.pair();
        up_to_confirm(lab, *client, *server);
        ASSERT_TRUE(lab.until([&, &c = client, &s = server] { return c->ended() && s->ended(); }));
        EXPECT_EQ(client->heard, confirm);
        EXPECT_EQ(client->saw_rst(), sides != Sides::server);
        EXPECT_EQ(client->saw_fin(), sides == Sides::server);
        EXPECT_EQ(server->saw_rst(), sides != Sides::client);
        EXPECT_EQ(server->saw_fin(), sides == Sides::client);
    }
}

// The RST waits until the client's kernel has all there was before it.
TEST(Reset, DeliversAllThatCameBefore) {
    constexpr std::uint64_t offset = 3'000'000;
    Lab lab(plan_of(fault(AtByte{Direction::server_to_client, offset}, action::Reset{Sides::client})));
    const auto [client, server] = lab.pair();
    client->keep = false;
    server->say_pattern(4 * offset);
    ASSERT_TRUE(lab.until([&, &c = client] { return c->ended(); }));
    EXPECT_TRUE(client->saw_rst());
    EXPECT_EQ(client->received, offset);
    EXPECT_FALSE(client->differs);
    ASSERT_TRUE(lab.finished(1));
    EXPECT_EQ(lab.relay->logs().front().client_leg->undelivered, 0U);
}

// Also when the client's kernel has no room for it yet: these bytes lie in our kernel, and an RST would drop them.
TEST(Reset, WaitsForTheAcknowledgement) {
    constexpr std::uint64_t offset = 1'000'000;
    Lab lab(plan_of(fault(AtByte{Direction::server_to_client, offset}, action::Reset{Sides::client})), 0,
            asio::ip::address_v4::loopback(), [](RelaySettings& settings) {
                settings.connection.limits.high_water = 2 * offset;
                settings.connection.leg.deliver = patience;
            });
    const auto [client, server] = lab.pair();
    client->keep = false;
    client->read_on(false);
    server->say_pattern(offset + 1);
    ASSERT_TRUE(lab.until([&, &s = server] { return s->saw_fin(); })) << "the fault has acted";
    client->read_on(true);
    ASSERT_TRUE(lab.until([&, &c = client] { return c->ended(); }));
    EXPECT_TRUE(client->saw_rst());
    EXPECT_EQ(client->received, offset);
    EXPECT_FALSE(client->differs);
}

TEST(Reset, GivesUpOnAReaderThatDoesNotRead) {
    Lab lab(plan_of(fault(AtByte{Direction::server_to_client, 30'000'000}, action::Reset{Sides::client})), 0,
            asio::ip::address_v4::loopback(),
            [](RelaySettings& settings) { settings.connection.limits.high_water = 40'000'000; });
    const auto [client, server] = lab.pair();
    client->read_on(false);
    server->say_pattern(40'000'000);
    const auto begin = Clock::now();
    ASSERT_TRUE(lab.finished(1));
    EXPECT_LT(Clock::now() - begin, seconds(10));
    EXPECT_GT(lab.relay->logs().front().client_leg->undelivered, 0U);
    client->keep = false;
    client->read_on(true);
    ASSERT_TRUE(lab.until([&, &c = client] { return c->ended(); }));
    EXPECT_TRUE(client->saw_rst());
}

TEST(Reset, CanDiscardWhatIsOnItsWay) {
    auto discard = fault(AtByte{Direction::server_to_client, 30'000'000}, action::Reset{Sides::client});
    discard.in_flight = InFlight::discard;
    Lab lab(plan_of(discard), 0, asio::ip::address_v4::loopback(),
            [](RelaySettings& settings) { settings.connection.limits.high_water = 40'000'000; });
    const auto [client, server] = lab.pair();
    client->keep = false;
    client->read_on(false);
    server->say_pattern(40'000'000);
    ASSERT_TRUE(lab.until([&] { return !lab.relay->logs().empty(); }));
    client->read_on(true);
    ASSERT_TRUE(lab.until([&, &c = client] { return c->ended(); }));
    EXPECT_TRUE(client->saw_rst());
    EXPECT_LT(client->received, 30'000'000U);
    EXPECT_GT(lab.relay->logs().front().client_leg->undelivered, 0U);
}

// A socket that is closed with unread bytes would send RST. The client is still talking, and must see FIN.
TEST(Close, IsFinAlsoWhileThePeerTalks) {
    Lab lab(plan_of(fault(after(Stage::x224_confirm), action::Close{Sides::client})));
    const auto [client, server] = lab.pair();
    up_to_confirm(lab, *client, *server);
    client->say_pattern(2'000'000);
    ASSERT_TRUE(lab.until([&, &c = client] { return c->ended() && c->acknowledged(); })) << "and no RST";
    EXPECT_TRUE(client->saw_fin()) << client->end->message();
    EXPECT_EQ(client->heard, confirm);
    EXPECT_FALSE(client->write_error);
    client->finish();
    ASSERT_TRUE(lab.until([&, &s = server] { return s->ended(); }));
    EXPECT_TRUE(server->saw_fin());
    server->finish();
    ASSERT_TRUE(lab.finished(1));
}

TEST(Close, DoesNotWaitForEverForThePeersFin) {
    Lab lab(plan_of(fault(after(Stage::x224_confirm), action::Close{Sides::both})));
    const auto [client, server] = lab.pair();
    up_to_confirm(lab, *client, *server);
    ASSERT_TRUE(lab.until([&, &c = client] { return c->saw_fin(); }));
    const auto begin = Clock::now();
    ASSERT_TRUE(lab.finished(1));  // neither peer has closed
    EXPECT_LT(Clock::now() - begin, seconds(5));
}

TEST(HalfClose, LeavesTheOtherDirectionOpen) {
    Lab lab(plan_of(fault(after(Stage::x224_confirm), action::HalfClose{Sides::client})));
    const auto [client, server] = lab.pair();
    up_to_confirm(lab, *client, *server);
    ASSERT_TRUE(lab.until([&, &c = client] { return c->ended(); }));
    EXPECT_TRUE(client->saw_fin());
    client->say(to_bytes("still here"));
    ASSERT_TRUE(lab.until([&, &s = server] { return s->received == request.size() + 10; }));
    EXPECT_FALSE(server->ended());
    client->finish();
    ASSERT_TRUE(lab.until([&, &s = server] { return s->saw_fin(); }));
    ASSERT_TRUE(lab.finished(1));
}

TEST(Delay, TakesItsTime) {
    Lab lab(plan_of(fault(AtStart{}, action::Delay{Directions::both, milliseconds(80), Duration{}, Jitter::uniform})));
    const auto [client, server] = lab.pair();
    const auto begin = Clock::now();
    up_to_confirm(lab, *client, *server);
    ASSERT_TRUE(lab.until([&, &c = client] { return c->heard == confirm; }));
    EXPECT_GE(Clock::now() - begin, milliseconds(160));
}

TEST(Inject, AnswersTheClient) {
    const auto alert = hex("15 0303 0002 0228");
    Lab lab(plan_of(fault(at(Stage::x224_confirm),
                          action::Inject{Side::client, alert, "tls_alert 40", true, action::Then::close})));
    const auto [client, server] = lab.pair();
    up_to_confirm(lab, *client, *server);
    ASSERT_TRUE(lab.until([&, &c = client] { return c->ended(); }));
    EXPECT_EQ(client->heard, alert);
    EXPECT_TRUE(client->saw_fin());
}

// ---- at the port

TEST(Refuse, FromTheSecondConnectionOn) {
    Lab lab(plan_of(fault(AtStart{}, action::Refuse{}, {Kind::from, 2})));
    const auto [client, server] = lab.pair();
    for (int i = 0; i < 3; ++i) {
        error_code error;
        (void)lab.connect(&error);
        EXPECT_EQ(error, asio::error::connection_refused) << error.message();
    }
    client->say(to_bytes("I am still served"));
    ASSERT_TRUE(lab.until([&, &s = server] { return s->received == 17; }));
    ASSERT_FALSE(lab.relay->logs().empty());
    const auto refused = lab.relay->logs().front();
    EXPECT_EQ(refused.ordinal, 2U);
    EXPECT_EQ(refused.first_end.kind, EndKind::refused);
    EXPECT_EQ(refused.events.front().action, "refuse");
}

TEST(Refuse, FromTheFirst) {
    for (const bool v6 : {false, true}) {
        const auto address = v6 ? asio::ip::address(asio::ip::address_v6::loopback())
                                : asio::ip::address(asio::ip::address_v4::loopback());
        Lab lab(plan_of(fault(AtStart{}, action::Refuse{})), 0, address);
        error_code error;
        (void)lab.connect(&error);
        EXPECT_EQ(error, asio::error::connection_refused) << error.message();
        EXPECT_TRUE(lab.server.peers.empty());
    }
}

TEST(HoldAccept, ConnectsAndNothingElse) {
    Lab lab(plan_of(fault(AtStart{}, action::HoldAccept{})));
    const auto client = lab.connect();
    client->say(request);
    ASSERT_TRUE(lab.until([&] { return client->acknowledged() && !lab.relay->logs().empty(); }));
    EXPECT_EQ(lab.relay->logs().front().events.front().action, "hold_accept");
    EXPECT_FALSE(lab.until([&] { return client->ended() || !lab.server.peers.empty(); }, milliseconds(200)));
    ASSERT_TRUE(lab.stop());
    ASSERT_TRUE(lab.until([&] { return client->ended(); }));
    EXPECT_TRUE(client->saw_rst());
}

TEST(AcceptThenClose, BothWays) {
    for (const bool reset : {false, true}) {
        Lab lab(plan_of(fault(AtStart{}, action::AcceptThenClose{reset}, {Kind::exactly, 2})));
        const auto [first, server] = lab.pair();
        const auto second = lab.connect();
        ASSERT_TRUE(lab.until([&] { return second->ended(); }));
        EXPECT_EQ(second->saw_rst(), reset);
        EXPECT_EQ(second->saw_fin(), !reset);
        second->close();
        ASSERT_TRUE(lab.finished(1));
        EXPECT_EQ(lab.relay->logs().front().ordinal, 2U);
        EXPECT_EQ(lab.relay->logs().front().ended_by, Who::proxy);
        const auto [third, server_of_third] = lab.pair();
        EXPECT_EQ(lab.server.peers.size(), 2U) << "the second never reached the server";
    }
}

TEST(MaxConnections, CountsThoseThatAreServed) {
    for (const bool reset : {false, true}) {
        Lab lab(plan_of(fault(AtStart{}, action::MaxConnections{2, reset})));
        const auto [first, server_of_first] = lab.pair();
        const auto [second, server_of_second] = lab.pair();
        std::vector<std::shared_ptr<Peer>> left_open;  // an end that nobody answers must not take a place
        for (int i = 0; i < 5; ++i) {
            const auto refused = left_open.emplace_back(lab.connect());
            ASSERT_TRUE(lab.until([&] { return refused->ended(); }));
            EXPECT_EQ(refused->saw_rst(), reset);
            EXPECT_EQ(refused->saw_fin(), !reset);
        }
        first->close();
        ASSERT_TRUE(lab.until([&, &s = server_of_first] { return s->ended(); }));
        server_of_first->close();
        ASSERT_TRUE(lab.until([&] {
            for (const auto& log : lab.relay->logs())
                if (log.ordinal == 1) return true;
            return false;
        }));
        const auto [again, server_again] = lab.pair();
        again->say(request);
        ASSERT_TRUE(lab.until([&, &s = server_again] { return s->received == request.size(); }));
    }
}

TEST(Upstream, RefusedIsRstForTheClient) {
    Lab lab;
    lab.server.close();
    const auto client = lab.connect();
    ASSERT_TRUE(lab.until([&] { return client->ended(); }));
    EXPECT_TRUE(client->saw_rst());
    ASSERT_TRUE(lab.finished(1));
    const auto log = lab.relay->logs().front();
    EXPECT_EQ(log.ended_by, Who::server);
    EXPECT_EQ(log.first_end.kind, EndKind::refused);
    EXPECT_EQ(log.first_end.system_error, ECONNREFUSED);
}

TEST(Upstream, TriesTheNextAddress) {
    asio::io_context other;
    tcp::socket taken(other, tcp::endpoint(asio::ip::address_v4::loopback(), 0));  // bound, and nobody listens
    Lab lab({}, 0, asio::ip::address_v4::loopback(), [&](RelaySettings& settings) {
        auto& upstream = settings.connection.upstream;
        upstream.insert(upstream.begin(), taken.local_endpoint());
    });
    const auto [client, server] = lab.pair();
    client->say(request);
    ASSERT_TRUE(lab.until([&, &s = server] { return s->heard == request; }));
}

}  // namespace
}  // namespace rdpfault::proxy
