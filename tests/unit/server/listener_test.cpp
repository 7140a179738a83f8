// The listener on real sockets: what the kernel really does.
#include "server/listener.hpp"

#include <dirent.h>
#include <gmock/gmock.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "tests/unit/server/scripted_client.hpp"

namespace rdpfault::server::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

const Bytes tls_request{0x03, 0, 0, 0x13, 0x0e, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 1, 0, 0, 0};

std::size_t descriptors() {
    std::size_t count = 0;
    DIR* directory = opendir("/proc/self/fd");
    while (readdir(directory))
        ++count;
    closedir(directory);
    return count;
}

class ListenerTest : public testing::Test {
  protected:
    // The descriptors that an io_context takes for itself are taken now.
    ListenerTest() { const tcp::socket opened_and_closed(context_, tcp::v4()); }

    void listen(Config config = {}, const char* address = "127.0.0.1") {
        ListenerCallbacks callbacks;
        callbacks.event = [this](std::uint32_t, const Event& event) {
            if (event.stage) stages_.emplace_back(to_string(*event.stage));
        };
        callbacks.ended = [this](const ConnectionReport& report) { reports_.push_back(report); };
        listener_ = std::make_unique<Listener>(context_, std::move(config), credential(),
                                               tcp::endpoint(asio::ip::make_address(address), 0), callbacks);
    }

    tcp::socket connect() {
        tcp::socket socket(context_);
        socket.connect({listener_->endpoint().address(), listener_->port()});
        return socket;
    }

    // Runs the context until `condition` holds, at most ten seconds.
    template <class Condition>
    bool run_until(Condition condition) {
        const auto limit = std::chrono::steady_clock::now() + 10s;
        while (!condition() && std::chrono::steady_clock::now() < limit)
            if (context_.stopped())
                context_.restart();
            else
                context_.run_one_for(100ms);
        return condition();
    }

    // Everything that comes, and how it ended.
    boost::system::error_code read_all(tcp::socket& socket, Bytes& into) {
        std::optional<boost::system::error_code> result;
        asio::async_read(socket, asio::dynamic_buffer(into), [&](const auto& error, std::size_t) { result = error; });
        EXPECT_TRUE(run_until([&] { return result.has_value(); }));
        return result.value_or(asio::error::timed_out);
    }

    Bytes read_some(tcp::socket& socket, std::size_t count) {
        Bytes bytes(count);
        bool done = false;
        asio::async_read(socket, asio::buffer(bytes), [&](const auto&, std::size_t) { done = true; });
        EXPECT_TRUE(run_until([&] { return done; }));
        return bytes;
    }

    // A whole TLS handshake's worth of client; gives back the engine.
    void to_client_hello(tcp::socket& socket) {
        asio::write(socket, asio::buffer(tls_request));
        EXPECT_EQ(read_some(socket, 19)[5], 0xd0);
        tls::Engine engine(tls::EngineConfig{});
        engine.start();
        asio::write(socket, asio::buffer(engine.take_output()));
    }

    asio::io_context context_;
    std::vector<std::string> stages_;
    std::vector<ConnectionReport> reports_;
    std::unique_ptr<Listener> listener_;  // last: it reports when it is destroyed
};

TEST_F(ListenerTest, AnswersOnIpv4AndIpv6) {
    for (const auto* address : {"127.0.0.1", "::1"}) {
        listen({}, address);
        auto socket = connect();
        asio::write(socket, asio::buffer(tls_request));
        EXPECT_EQ(to_hex(read_some(socket, 19)), "030000130ed000001234000201080001000000");
        EXPECT_EQ(listener_->connections(), 1u);
    }
}

TEST_F(ListenerTest, WildcardIpv6TakesIpv4) {
    listen({}, "::");
    tcp::socket socket(context_);
    socket.connect({asio::ip::address_v4::loopback(), listener_->port()});
    asio::write(socket, asio::buffer(tls_request));
    EXPECT_EQ(read_some(socket, 19)[5], 0xd0);
}

TEST_F(ListenerTest, KeyUnusableReallyResets) {
    listen(with([](Config& config) { config.certificate_key_unusable = CloseKind::reset; }));
    auto socket = connect();
    to_client_hello(socket);
    Bytes answer;
    EXPECT_EQ(read_all(socket, answer), asio::error::connection_reset);
    EXPECT_TRUE(answer.empty());
    ASSERT_EQ(reports_.size(), 1u);
    EXPECT_EQ(reports_[0].bytes_sent, 19u);
    EXPECT_GT(reports_[0].bytes_received, 19u + 200u) << "the ClientHello was read";
    EXPECT_EQ(reports_[0].session.ending.kind, EndKind::reset);
    EXPECT_EQ(reports_[0].session.by, Side::server);
}

TEST_F(ListenerTest, KeyUnusableReallyCloses) {
    listen(with([](Config& config) { config.certificate_key_unusable = CloseKind::close; }));
    auto socket = connect();
    to_client_hello(socket);
    Bytes answer;
    EXPECT_EQ(read_all(socket, answer), asio::error::eof);
    EXPECT_TRUE(answer.empty());
    // The client may still talk; it is not reset for it.
    asio::write(socket, asio::buffer(tls_request));
    EXPECT_TRUE(reports_.empty());
    socket.close();
    EXPECT_TRUE(run_until([&] { return reports_.size() == 1; }));
}

TEST_F(ListenerTest, AClientThatDoesNotGoIsMadeToGo) {
    listen(with([](Config& config) { config.negotiation_failure = 5; }));
    auto socket = connect();
    asio::write(socket, asio::buffer(tls_request));
    EXPECT_TRUE(run_until([&] { return !reports_.empty(); })) << "the drain is bounded";
    EXPECT_EQ(listener_->connections(), 0u);
}

TEST_F(ListenerTest, NoticesAClientsReset) {
    listen();
    auto socket = connect();
    asio::write(socket, asio::buffer(tls_request));
    read_some(socket, 19);
    socket.set_option(asio::socket_base::linger(true, 0));
    socket.close();
    ASSERT_TRUE(run_until([&] { return !reports_.empty(); }));
    EXPECT_EQ(reports_[0].session.ending.kind, EndKind::reset);
    EXPECT_EQ(reports_[0].session.ending.system_error, ECONNRESET);
    EXPECT_EQ(reports_[0].session.by, Side::client);
}

TEST_F(ListenerTest, NoticesAClientsClose) {
    listen();
    auto socket = connect();
    asio::write(socket, asio::buffer(tls_request));
    read_some(socket, 19);
    socket.close();
    ASSERT_TRUE(run_until([&] { return !reports_.empty(); }));
    EXPECT_EQ(reports_[0].session.ending.kind, EndKind::close);
    EXPECT_EQ(reports_[0].session.furthest, Stage::x224_confirm);
    EXPECT_THAT(stages_, testing::ElementsAre("x224.request", "x224.confirm"));
}

TEST_F(ListenerTest, CutsOffASlowClient) {
    listen(with([](Config& config) { config.stage_timeout = 50ms; }));
    auto socket = connect();
    Bytes answer;
    EXPECT_EQ(read_all(socket, answer), asio::error::eof);
    socket.close();
    ASSERT_TRUE(run_until([&] { return !reports_.empty(); }));
    EXPECT_EQ(reports_[0].session.ending.kind, EndKind::timeout);
    EXPECT_GE(reports_[0].session.duration, 50ms);
}

TEST_F(ListenerTest, ClosesBeyondTheLimitAndServesAgainBelowIt) {
    listen(with([](Config& config) { config.max_connections = 1; }));
    auto first = connect();
    asio::write(first, asio::buffer(tls_request));
    read_some(first, 19);
    auto second = connect();
    asio::write(second, asio::buffer(tls_request));
    Bytes answer;
    EXPECT_EQ(read_all(second, answer), asio::error::eof) << "a FIN, also when the client has spoken already";
    EXPECT_TRUE(answer.empty());
    first.close();
    second.close();
    ASSERT_TRUE(run_until([&] { return reports_.size() == 2; }));
    auto third = connect();
    asio::write(third, asio::buffer(tls_request));
    EXPECT_EQ(read_some(third, 19)[5], 0xd0);
}

TEST_F(ListenerTest, StopLeavesNothingBehind) {
    const auto before = descriptors();
    {
        listen();
        std::vector<tcp::socket> sockets;
        for (int i = 0; i < 5; ++i) {
            sockets.push_back(connect());
            asio::write(sockets.back(), asio::buffer(tls_request));
        }
        for (auto& socket : sockets)
            read_some(socket, 19);
        bool done = false;
        listener_->stop([&] { done = true; }, 200ms);
        EXPECT_THROW(connect(), boost::system::system_error) << "nobody listens any more";
        context_.restart();
        context_.run_for(10s);
        EXPECT_TRUE(done) << "clients that do not go are reset";
        EXPECT_TRUE(context_.stopped()) << "no timer and no operation is left";
        EXPECT_EQ(reports_.size(), 5u);
        EXPECT_EQ(listener_->connections(), 0u);
        listener_.reset();
    }
    EXPECT_EQ(descriptors(), before);
}

TEST_F(ListenerTest, StopWithoutConnectionsIsDoneAtOnce) {
    listen();
    bool done = false;
    listener_->stop([&] { done = true; });
    EXPECT_TRUE(done);
    context_.run();
}

TEST_F(ListenerTest, DestructionResets) {
    const auto before = descriptors();
    {
        listen();
        auto socket = connect();
        asio::write(socket, asio::buffer(tls_request));
        read_some(socket, 19);
        listener_.reset();
        EXPECT_EQ(reports_.size(), 1u);
        Bytes answer;
        EXPECT_EQ(read_all(socket, answer), asio::error::connection_reset);
        socket.close();
        context_.restart();
        context_.run();
    }
    EXPECT_EQ(descriptors(), before);
}

TEST_F(ListenerTest, RefusesAWrongConfiguration) {
    EXPECT_THROW(listen(with([](Config& config) { config.tls_ciphers = "no-such-cipher"; })), std::runtime_error);
    listen();
    EXPECT_THROW(Listener(context_, {}, credential(), listener_->endpoint()), boost::system::system_error);
}

}  // namespace
}  // namespace rdpfault::server::test
