// Beginning and end of a relay: what it leaves behind is nothing.
#include "lab.hpp"

namespace rdpfault::proxy {
namespace {

TEST(Life, NeedsItsPort) {
    asio::io_context io;
    RelaySettings settings;
    settings.listen = {asio::ip::address_v4::loopback(), 0};
    Relay first(io, {}, settings);
    first.start();
    EXPECT_NE(first.port(), 0);
    settings.listen.port(first.port());
    EXPECT_THROW(Relay(io, {}, settings), boost::system::system_error);
}

TEST(Life, KeepsTheContextBusyUntilItIsStopped) {
    for (const unsigned workers : {0U, 2U}) {
        asio::io_context io;
        RelaySettings settings;
        settings.listen = {asio::ip::address_v4::loopback(), 0};
        settings.threads = workers;
        Relay relay(io, plan_of(fault(AtStart{}, action::Refuse{})), settings);
        relay.start();
        io.run_for(milliseconds(20));
        EXPECT_FALSE(io.stopped()) << "a closed port is work too";
        bool stopped = false;
        relay.stop([&] { stopped = true; });
        io.run();
        EXPECT_TRUE(stopped);
    }
}

// Stalled, idle, busy, half-closed and unconnected ones.
void stop_with_connections(unsigned workers) {
    const auto fds = descriptors(), tasks = threads();
    {
        Lab lab(plan_of(fault(after(Stage::x224_request), action::Stall{Directions::both, std::nullopt})), workers);
        std::vector<std::shared_ptr<Peer>> clients;
        for (int i = 0; i < 20; ++i) {
            clients.push_back(lab.pair().first);
            if (i % 4 == 1) clients.back()->say(request);
            if (i % 4 == 2) clients.back()->say_pattern(std::uint64_t{1} << 30);
            if (i % 4 == 3) clients.back()->finish();
        }
        ASSERT_TRUE(lab.until([&] { return lab.server.peers[1]->received == request.size(); }));
        const auto begin = Clock::now();
        ASSERT_TRUE(lab.stop());
        EXPECT_LT(Clock::now() - begin, seconds(3));
        EXPECT_EQ(lab.relay->logs().size(), 20U);
        EXPECT_EQ(threads(), tasks);
        error_code error;
        (void)lab.connect(&error);
        EXPECT_EQ(error, asio::error::connection_refused);
    }
    EXPECT_EQ(descriptors(), fds);
}

TEST(Life, StopsWithinABoundAndLeavesNothing) {
    stop_with_connections(0);
}

TEST(Life, StopsThreadsToo) {
    stop_with_connections(2);
}

// Not recommended, and yet nothing may be left.
TEST(Life, CanBeDestroyedInTheMiddleOfEverything) {
    const auto fds = descriptors(), tasks = threads();
    for (const unsigned workers : {0U, 2U}) {
        Lab lab({}, workers);
        std::vector<std::shared_ptr<Peer>> clients;
        for (int i = 0; i < 10; ++i) {
            clients.push_back(lab.pair().first);
            clients.back()->say_pattern(std::uint64_t{1} << 30);
            clients.back()->read_on(false);
        }
        lab.relay.reset();
        for (const auto& client : clients)
            EXPECT_TRUE(lab.until([&] { return client->write_error.has_value() || client->ended(); }));
        EXPECT_EQ(threads(), tasks);
    }
    EXPECT_EQ(descriptors(), fds);
}

TEST(Life, CanBeStoppedBeforeItIsStarted) {
    asio::io_context io;
    RelaySettings settings;
    settings.listen = {asio::ip::address_v4::loopback(), 0};
    Relay relay(io, {}, settings);
    bool stopped = false;
    relay.stop([&] { stopped = true; });
    io.run();
    EXPECT_TRUE(stopped);
}

TEST(Threads, ServeManyConnectionsAtOnce) {
    constexpr std::size_t connections = 200;
    constexpr std::uint64_t each = 100'000;
    Lab lab({}, 2);
    lab.server.greet = [](Peer& peer) {
        peer.keep = false;
        peer.say_pattern(each);
    };
    std::vector<std::shared_ptr<Peer>> clients;
    for (std::size_t i = 0; i < connections; ++i) {
        clients.push_back(lab.connect());
        clients.back()->keep = false;
        clients.back()->say_pattern(each);
        clients.back()->finish();
    }
    for (const auto& client : clients) {
        ASSERT_TRUE(lab.until([&] { return client->received == each; }));
        EXPECT_FALSE(client->differs);
    }
    ASSERT_EQ(lab.server.peers.size(), connections);
    for (const auto& peer : lab.server.peers) {
        ASSERT_TRUE(lab.until([&] { return peer->ended(); }));
        EXPECT_TRUE(peer->saw_fin());
        EXPECT_EQ(peer->received, each);
        EXPECT_FALSE(peer->differs);
        peer->finish();
    }
    ASSERT_TRUE(lab.finished(connections));
    const auto logs = lab.relay->logs();
    for (std::size_t i = 0; i < connections; ++i)
        EXPECT_EQ(logs[i].ordinal, i + 1);
}

// Connections in a row through a fault: no descriptor, no thread and no memory is left behind.
void soak(int connections, unsigned workers) {
    Lab lab(plan_of(fault(after(Stage::x224_confirm), action::Reset{Sides::client})), workers,
            asio::ip::address_v4::loopback(), [](RelaySettings& settings) { settings.keep_logs = false; });
    lab.server.greet = [](Peer& peer) { peer.say(confirm); };
    const auto one = [&] {
        const auto client = lab.connect();
        client->say(request);
        ASSERT_TRUE(lab.until([&] { return client->ended(); }));
        ASSERT_TRUE(client->saw_rst()) << client->end->message();
        ASSERT_EQ(client->heard, confirm);
        ASSERT_TRUE(lab.until([&] { return lab.server.peers.back()->ended(); }));
        lab.server.peers.clear();
    };
    for (int i = 0; i < 200 && !testing::Test::HasFatalFailure(); ++i)
        one();
    (void)lab.until([] { return false; }, milliseconds(50));  // let the last one go
    const auto fds = descriptors(), tasks = threads(), memory = resident_bytes();
    for (int i = 0; i < connections && !testing::Test::HasFatalFailure(); ++i)
        one();
    EXPECT_TRUE(lab.until([&] { return descriptors() == fds; }, seconds(2))) << descriptors() << " and not " << fds;
    EXPECT_EQ(threads(), tasks);
#ifndef __SANITIZE_ADDRESS__  // it keeps freed memory for a while, on purpose
    EXPECT_LT(resident_bytes(), memory + 2 * 1024 * 1024);
#endif
}

TEST(Soak, TenThousandConnectionsInARowLeaveNothingBehind) {
    soak(10'000, 0);
}

TEST(Soak, NorDoTheyOnThreads) {
    soak(2'000, 2);
}

}  // namespace
}  // namespace rdpfault::proxy
