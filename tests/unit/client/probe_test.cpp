// The probe's sockets and clock, against a listener on loopback that misbehaves as told.
#include "client/probe.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>

#include "protocol/tls/engine.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::client {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using boost::system::error_code;

std::size_t open_descriptors() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
        ++count;
    return count;
}

class ProbeTest : public testing::Test {
  protected:
    using Behaviour = std::function<void(std::shared_ptr<tcp::socket>)>;

    ProbeTest() {
        config_.connect_timeout = 5s;
        config_.stage_timeout = 5s;
    }

    // Accepts for as long as the test runs, and does this with every connection.
    void listen(Behaviour behaviour, const char* address = "127.0.0.1") {
        acceptor_.emplace(context_, tcp::endpoint(boost::asio::ip::make_address(address), 0));
        behaviour_ = std::move(behaviour);
        accept();
    }
    void accept() {
        acceptor_->async_accept([this](const error_code& error, tcp::socket socket) {
            if (error) return;
            ++accepted_;
            behaviour_(std::make_shared<tcp::socket>(std::move(socket)));
            accept();
        });
    }

    const ConnectionReport& run(const std::string& host = "127.0.0.1", std::uint16_t port = 0) {
        auto probe = std::make_shared<Probe>(context_.get_executor(), host,
                                             port != 0 ? port : acceptor_->local_endpoint().port(), config_,
                                             [this](ProbeReport report) {
                                                 report_ = std::move(report);
                                                 ++reports_;
                                                 if (acceptor_) acceptor_->close();
                                             });
        probe->start();
        probe_ = probe;
        probe.reset();
        context_.run_for(20s);
        EXPECT_EQ(reports_, 1);
        EXPECT_TRUE(context_.stopped()) << "something is still waiting";
        EXPECT_TRUE(probe_.expired());
        static const ConnectionReport none;
        return report_.connections.empty() ? none : report_.connections.back();
    }

    // After so many bytes of the client.
    static void after(std::shared_ptr<tcp::socket> socket, std::size_t size, Behaviour then) {
        auto bytes = std::make_shared<Bytes>(size);
        boost::asio::async_read(*socket, boost::asio::buffer(*bytes),
                                [socket, bytes, then](const error_code& error, std::size_t) {
                                    if (!error) then(socket);
                                });
    }
    static void reset(const std::shared_ptr<tcp::socket>& socket) {
        socket->set_option(boost::asio::socket_base::linger(true, 0));
        socket->close();
    }
    // Holds the connection open until the client ends it.
    static void hold(const std::shared_ptr<tcp::socket>& socket) {
        after(socket, 1, [](const auto& next) { hold(next); });
    }

    static constexpr std::size_t request_size = 46;  // X.224 Connection Request with the cookie "rdpfault"

    boost::asio::io_context context_;
    ProbeConfig config_;
    std::optional<tcp::acceptor> acceptor_;
    Behaviour behaviour_;
    std::weak_ptr<Probe> probe_;
    ProbeReport report_;
    int accepted_ = 0;
    int reports_ = 0;
};

TEST_F(ProbeTest, AServerThatCloses) {
    listen([](const auto& socket) { after(socket, request_size, [](const auto& s) { s->close(); }); });
    const auto& report = run();
    EXPECT_TRUE(report.connected);
    EXPECT_EQ(report.ending.kind, EndKind::close);
    EXPECT_EQ(report.ended_in, Stage::x224_confirm);
    EXPECT_EQ(report.furthest, Stage::x224_request);
    EXPECT_EQ(report.bytes_sent, request_size);
    EXPECT_FALSE(report_.worked());
}

TEST_F(ProbeTest, AServerThatResets) {
    listen([](const auto& socket) { after(socket, request_size, reset); });
    const auto& report = run();
    EXPECT_EQ(report.ending.kind, EndKind::reset);
    EXPECT_EQ(report.ending.system_error, ECONNRESET);
    EXPECT_EQ(report.ended_in, Stage::x224_confirm);
}

TEST_F(ProbeTest, AServerThatResetsAtTheClientHello) {
    listen([](const auto& socket) {
        after(socket, request_size, [](const auto& s) {
            protocol::ConnectionConfirm confirm;
            confirm.response = protocol::NegotiationResponse{0, protocol::protocol_ssl};
            boost::asio::write(*s, boost::asio::buffer(protocol::encoded(confirm)));
            after(s, 1, reset);
        });
    });
    const auto& report = run();
    EXPECT_EQ(report.ending.kind, EndKind::reset);
    EXPECT_EQ(report.furthest, Stage::tls_client_hello);
    EXPECT_EQ(report.ended_in, Stage::tls_server_hello);
    EXPECT_EQ(report.selected_protocol, 1u);
    EXPECT_EQ(report.bytes_received, 19u);
}

TEST_F(ProbeTest, WhatTheServerSaysBeforeItEndsIsHeard) {
    listen([](const auto& socket) {
        protocol::ConnectionConfirm confirm;
        confirm.failure = protocol::NegotiationFailure{0, 5};
        boost::asio::write(*socket, boost::asio::buffer(protocol::encoded(confirm)));
        socket->shutdown(tcp::socket::shutdown_send);
        hold(socket);
    });
    const auto& report = run();
    EXPECT_EQ(report.ending.kind, EndKind::negotiation_failure);
    EXPECT_EQ(report.ending.code, 5u);
}

TEST_F(ProbeTest, AForeignListener) {
    listen([](const auto& socket) {
        boost::asio::write(*socket, boost::asio::buffer(std::string_view("HTTP/1.1 400 Bad Request\r\n\r\n")));
        hold(socket);
    });
    const auto& report = run();
    EXPECT_EQ(report.ending.kind, EndKind::malformed);
    EXPECT_EQ(report.ending.offset, 0u);
}

TEST_F(ProbeTest, AServerThatSaysNothing) {
    config_.stage_timeout = 60ms;
    listen(hold);
    const auto& report = run();
    EXPECT_EQ(report.ending.kind, EndKind::timeout);
    EXPECT_EQ(report.ended_in, Stage::x224_confirm);
    EXPECT_GE(report.duration, 60ms);
    EXPECT_LT(report.duration, 5s);
}

TEST_F(ProbeTest, AServerThatNeverReadsDoesNotHoldIt) {
    config_.stage_timeout = 60ms;
    std::shared_ptr<tcp::socket> kept;
    listen([&](const auto& socket) { kept = socket; });
    EXPECT_EQ(run().ending.kind, EndKind::timeout);
}

TEST_F(ProbeTest, ARefusedPort) {
    // Bound but not listening: the port is nobody else's, and refuses.
    tcp::socket owner(context_, tcp::endpoint(tcp::v4(), 0));
    const auto& report = run("127.0.0.1", owner.local_endpoint().port());
    EXPECT_EQ(report.ending.kind, EndKind::refused);
    EXPECT_EQ(report.ending.system_error, ECONNREFUSED);
    EXPECT_FALSE(report.connected);
    EXPECT_EQ(report.ended_in, Stage::tcp_connect);
}

TEST_F(ProbeTest, AFullBacklogIsUnreachable) {
    // A listener that accepts nothing and whose queue is full lets every SYN fall.
    tcp::acceptor full(context_);
    full.open(tcp::v4());
    full.bind({boost::asio::ip::address_v4::loopback(), 0});
    full.listen(0);
    std::vector<tcp::socket> fillers;
    for (int i = 0; i < 4; ++i) {
        fillers.emplace_back(context_).open(tcp::v4());
        fillers.back().non_blocking(true);
        const auto endpoint = full.local_endpoint();  // Asio's own connect would wait
        ::connect(fillers.back().native_handle(), endpoint.data(), static_cast<socklen_t>(endpoint.size()));
    }
    config_.connect_timeout = 100ms;
    const auto& report = run("127.0.0.1", full.local_endpoint().port());
    EXPECT_EQ(report.ending.kind, EndKind::unreachable);
    EXPECT_FALSE(report.connected);
}

TEST_F(ProbeTest, ANameThatDoesNotResolve) {
    EXPECT_EQ(run("rdpfault.invalid", 3389).ending.kind, EndKind::name_not_found);
    EXPECT_EQ(report_.connections.size(), 1u);
}

TEST_F(ProbeTest, SpeaksIpv6AndNames) {
    listen([](const auto& socket) { after(socket, request_size, reset); }, "::1");
    EXPECT_EQ(run("::1").ending.kind, EndKind::reset);
}

TEST_F(ProbeTest, ResolvesANameAndSendsItAsServerName) {
    Bytes hello(400);
    listen([&hello](const auto& socket) {
        after(socket, request_size, [&hello](const auto& s) {
            protocol::ConnectionConfirm confirm;
            confirm.response = protocol::NegotiationResponse{0, protocol::protocol_ssl};
            boost::asio::write(*s, boost::asio::buffer(protocol::encoded(confirm)));
            s->async_read_some(boost::asio::buffer(hello), [s](const error_code&, std::size_t) { reset(s); });
        });
    });
    EXPECT_EQ(run("localhost").ending.kind, EndKind::reset);
    EXPECT_NE(std::string_view(reinterpret_cast<const char*>(hello.data()), hello.size()).find("localhost"),
              std::string_view::npos);
}

TEST_F(ProbeTest, DialsAsOftenAsItMay) {
    config_.reconnects = 2;
    listen([](const auto& socket) { after(socket, request_size, reset); });
    run();
    EXPECT_EQ(accepted_, 3);
    ASSERT_EQ(report_.connections.size(), 3u);
    for (const auto& report : report_.connections)
        EXPECT_EQ(report.ending.kind, EndKind::reset);
}

TEST_F(ProbeTest, CancelEndsItAtOnce) {
    config_.reconnects = 5;
    listen([this](const auto& socket) {
        hold(socket);
        probe_.lock()->cancel();
    });
    const auto& report = run();
    EXPECT_EQ(report.ending.kind, EndKind::none);
    EXPECT_EQ(report.ending.detail, "cancelled");
    EXPECT_EQ(accepted_, 1);
}

TEST_F(ProbeTest, LeavesNoDescriptorBehind) {
    config_.reconnects = 50;
    listen([](const auto& socket) { after(socket, request_size, reset); });
    const auto before = open_descriptors();
    run();
    EXPECT_EQ(report_.connections.size(), 51u);
    EXPECT_EQ(open_descriptors(), before - 1);  // the listener is closed, too
}

}  // namespace
}  // namespace rdpfault::client
