#include "lab.hpp"

namespace rdpfault::proxy {
namespace {

using asio::ip::address;
using asio::ip::address_v4;
using asio::ip::address_v6;
using Who = ConnectionLog::Who;

class OverIp : public testing::TestWithParam<bool> {
  protected:
    address loopback() const { return GetParam() ? address(address_v6::loopback()) : address(address_v4::loopback()); }
};

TEST_P(OverIp, CarriesMuchBothWaysAtOnce) {
    constexpr std::uint64_t much = 32 * 1024 * 1024;
    Lab lab({}, 0, loopback());
    const auto [client, server] = lab.pair();
    for (const auto& peer : {client, server}) {
        peer->keep = false;
        peer->say_pattern(much);
        peer->finish();
    }
    ASSERT_TRUE(lab.until([&] { return client->ended() && server->ended(); }, seconds(60)));
    for (const auto& peer : {client, server}) {
        EXPECT_EQ(peer->received, much);
        EXPECT_FALSE(peer->differs);
        EXPECT_TRUE(peer->saw_fin());
    }
    ASSERT_TRUE(lab.finished(1));
    const auto log = lab.relay->logs().front();
    EXPECT_EQ(log.client_leg->bytes_read, much);
    EXPECT_EQ(log.client_leg->bytes_written, much);
    EXPECT_FALSE(log.client_leg->by_proxy);
    EXPECT_FALSE(log.server_leg->by_proxy);
    EXPECT_EQ(log.events.front().text.find(GetParam() ? "[::1]:" : "127.0.0.1:"), 0U) << log.events.front().text;
}

TEST_P(OverIp, CarriesHalfAClose) {
    Lab lab({}, 0, loopback());
    const auto [client, server] = lab.pair();
    client->say(to_bytes("question"));
    client->finish();
    ASSERT_TRUE(lab.until([&] { return server->ended(); }));
    EXPECT_TRUE(server->saw_fin());
    EXPECT_EQ(server->heard, to_bytes("question"));
    EXPECT_FALSE(client->ended());
    client->keep = false;
    server->say_pattern(1'000'000);
    server->finish();
    ASSERT_TRUE(lab.until([&] { return client->ended(); }));
    EXPECT_TRUE(client->saw_fin());
    EXPECT_EQ(client->received, 1'000'000U);
    EXPECT_FALSE(client->differs);
    ASSERT_TRUE(lab.finished(1));
    EXPECT_EQ(lab.relay->logs().front().ended_by, Who::client);
    EXPECT_EQ(lab.relay->logs().front().first_end.kind, EndKind::close);
}

INSTANTIATE_TEST_SUITE_P(Relay, OverIp, testing::Bool(),
                         [](const auto& row) { return std::string(row.param ? "V6" : "V4"); });

// Everything before the RST arrives, and then the RST, as what it is.
TEST(PassThrough, CarriesRstBehindTheBytes) {
    for (const bool from_client : {false, true}) {
        Lab lab;
        const auto [client, server] = lab.pair();
        const auto& speaker = from_client ? client : server;
        const auto& listener = from_client ? server : client;
        listener->keep = false;
        speaker->say_pattern(300'000);
        ASSERT_TRUE(lab.until([&] { return speaker->acknowledged(); }));
        speaker->reset();
        ASSERT_TRUE(lab.until([&] { return listener->ended(); }));
        EXPECT_TRUE(listener->saw_rst()) << listener->end->message();
        EXPECT_EQ(listener->received, 300'000U);
        EXPECT_FALSE(listener->differs);
        ASSERT_TRUE(lab.finished(1));
        const auto log = lab.relay->logs().front();
        EXPECT_EQ(log.ended_by, from_client ? Who::client : Who::server);
        EXPECT_EQ(log.first_end.kind, EndKind::reset);
        EXPECT_EQ(log.first_end.system_error, ECONNRESET);
    }
}

// Whoever writes to a peer that has sent RST is told first, and must not make a FIN of it.
TEST(PassThrough, CarriesTheRstOfAPeerThatIsBeingWrittenTo) {
    for (int round = 0; round < 20; ++round) {
        Lab lab;
        const auto [client, server] = lab.pair();
        client->read_on(false);
        server->say_pattern(std::uint64_t{1} << 40);
        ASSERT_TRUE(lab.until([&] { return server->said > 1'000'000; }));
        client->reset();
        ASSERT_TRUE(lab.until([&] { return server->ended() || server->write_error; }));
        if (server->ended())
            EXPECT_TRUE(server->saw_rst()) << server->end->message();
        else
            EXPECT_EQ(server->write_error, asio::error::connection_reset);
        ASSERT_TRUE(lab.finished(1));
        EXPECT_EQ(lab.relay->logs().front().first_end.kind, EndKind::reset);
        EXPECT_EQ(lab.relay->logs().front().ended_by, Who::client);
    }
}

// A reader that stops: the source stops too, and the relay holds no more than it may.
TEST(PassThrough, StopsTheSourceOfASlowReader) {
    constexpr std::uint64_t much = 256 * 1024 * 1024;
    Lab lab;
    const auto [client, server] = lab.pair();
    client->keep = false;
    client->read_on(false);
    const auto memory = resident_bytes();
    server->say_pattern(much);
    std::uint64_t before = 0;
    // No progress for 300 ms: the source has stopped.
    while (lab.until([&] { return server->said > before; }, milliseconds(300)))
        before = server->said;
    EXPECT_LT(server->said, 64U * 1024 * 1024) << "the kernels' buffers, and no more";
    EXPECT_LT(resident_bytes(), memory + 4 * 1024 * 1024);

    client->read_on(true);
    server->finish();
    ASSERT_TRUE(lab.until([&] { return client->ended(); }, seconds(60)));
    EXPECT_EQ(client->received, much);
    EXPECT_FALSE(client->differs);
}

// Nothing passes and nothing is read: enough bytes for a pause came in.
FaultPlan stalled() {
    return plan_of(fault(AtStart{}, action::Stall{Directions::both, std::nullopt}));
}
void small_marks(RelaySettings& settings) {
    settings.connection.limits.high_water = 1'000;
    settings.connection.limits.low_water = 100;
    settings.connection.limits.orphan = milliseconds(100);
}

// A pause must not hide that the peer has gone.
TEST(PassThrough, NoticesTheRstOfAPausedSource) {
    Lab lab(stalled(), 0, asio::ip::address_v4::loopback(), small_marks);
    const auto [client, server] = lab.pair();
    server->say_pattern(2'000);
    ASSERT_TRUE(lab.until([&, &s = server] { return s->acknowledged(); }));
    (void)lab.until([] { return false; }, milliseconds(50));
    server->reset();
    ASSERT_TRUE(lab.finished(1));
    EXPECT_EQ(lab.relay->logs().front().ended_by, Who::server);
    EXPECT_EQ(lab.relay->logs().front().first_end.kind, EndKind::reset);
}

// So must half a close.
TEST(PassThrough, NoticesTheRstOfASourceThatHasFinished) {
    Lab lab;
    const auto [client, server] = lab.pair();
    client->finish();
    ASSERT_TRUE(lab.until([&, &s = server] { return s->saw_fin(); }));
    client->reset();
    ASSERT_TRUE(lab.finished(1));
    server->say(to_bytes("anyone?"));
    ASSERT_TRUE(lab.until([&, &s = server] { return s->write_error.has_value(); }));
    EXPECT_EQ(lab.relay->logs().front().server_leg->ending.kind, EndKind::reset);
}

// Urgent data is data; and it must not make the relay read on where it has paused.
TEST(PassThrough, CarriesUrgentData) {
    Lab lab;
    const auto [client, server] = lab.pair();
    client->socket.send(asio::buffer("ab", 2), 0);
    client->socket.send(asio::buffer("!", 1), asio::socket_base::message_out_of_band);
    client->socket.send(asio::buffer("cd", 2), 0);
    ASSERT_TRUE(lab.until([&] { return server->received == 5; }));
    EXPECT_EQ(server->heard, to_bytes("ab!cd"));
}

TEST(PassThrough, StaysPausedWhateverIsUrgent) {
    Lab lab(stalled(), 0, asio::ip::address_v4::loopback(), small_marks);
    const auto [client, server] = lab.pair();
    server->say_pattern(2'000);  // enough for a pause
    ASSERT_TRUE(lab.until([&, &s = server] { return s->acknowledged(); }));
    (void)lab.until([] { return false; }, milliseconds(50));
    const auto memory = resident_bytes();
    server->socket.send(asio::buffer("!", 1), asio::socket_base::message_out_of_band);
    server->say_pattern(std::uint64_t{1} << 30);
    std::uint64_t before = 0;
    while (lab.until([&, &s = server] { return s->said > before; }, milliseconds(300)))
        before = server->said;
    EXPECT_LT(server->said, 64U * 1024 * 1024);
    EXPECT_LT(resident_bytes(), memory + 4 * 1024 * 1024);
}

}  // namespace
}  // namespace rdpfault::proxy
