// A relay between an in-test client and server on loopback, all on one io_context, and everything waited for with a
// bound. Peers write and check a pattern, so that many megabytes can be compared without being kept.
#pragma once

#include <gmock/gmock.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>

#include "proxy/relay/relay.hpp"

namespace rdpfault::proxy {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr auto patience = seconds(20);

// Runs until `done`; false when it takes too long.
inline bool run_until(asio::io_context& io, const std::function<bool()>& done, Clock::duration limit = patience) {
    const auto deadline = Clock::now() + limit;
    while (!done()) {
        if (Clock::now() >= deadline) return false;
        if (io.stopped()) io.restart();
        io.run_one_for(milliseconds(10));
    }
    return true;
}

inline std::size_t count_in(const char* directory) {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory), std::filesystem::directory_iterator{}));
}
inline std::size_t descriptors() {
    return count_in("/proc/self/fd");
}
inline std::size_t threads() {
    return count_in("/proc/self/task");
}
inline std::size_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::size_t size = 0, resident = 0;
    statm >> size >> resident;
    return resident * 4096;
}

// The byte at an offset of a stream.
inline std::uint8_t pattern(std::uint64_t offset) {
    return static_cast<std::uint8_t>((offset * 0x9E3779B97F4A7C15U) >> 56);
}

// One end of a TCP connection.
class Peer : public std::enable_shared_from_this<Peer> {
  public:
    explicit Peer(tcp::socket the_socket) : socket(std::move(the_socket)) {}

    void start() {
        socket.non_blocking(true);
        read();
    }
    void say(const Bytes& bytes) {
        append(out_, bytes);
        write();
    }
    // Writes the pattern, `bytes` of it.
    void say_pattern(std::uint64_t bytes) {
        to_say_ += bytes;
        write();
    }
    void finish() {  // FIN behind what was said
        finish_ = true;
        write();
    }
    void close() {
        error_code ignored;
        socket.close(ignored);
    }
    void reset() {
        error_code ignored;
        socket.set_option(asio::socket_base::linger(true, 0), ignored);
        socket.close(ignored);
    }
    void read_on(bool on) {
        reads_ = on;
        if (on) read();
    }

    // Everything said has been acknowledged by the other kernel.
    bool acknowledged() {
        int count = 0;
        return said_all() && ioctl(socket.native_handle(), SIOCOUTQ, &count) == 0 && count == 0;
    }
    bool said_all() const { return out_.empty() && said == to_say_; }
    bool ended() const { return end.has_value(); }
    bool saw_fin() const { return end == asio::error::eof; }
    bool saw_rst() const { return end == asio::error::connection_reset; }

    tcp::socket socket;
    bool keep = true;  // keep what was heard, or compare it with the pattern
    Bytes heard;       // with keep
    std::uint64_t received = 0;
    bool differs = false;    // from the pattern
    std::uint64_t said = 0;  // of the pattern, taken by the kernel
    std::optional<error_code> end;
    std::optional<error_code> write_error;

  private:
    void read() {
        if (reading_ || !reads_ || end || !socket.is_open()) return;
        reading_ = true;
        socket.async_wait(asio::socket_base::wait_read, [self = shared_from_this()](error_code error) {
            self->reading_ = false;
            if (!error && self->reads_ && self->socket.is_open()) self->take();
        });
    }
    void take() {
        static thread_local std::array<std::uint8_t, 64 * 1024> buffer;
        error_code error;
        const auto count = socket.read_some(asio::buffer(buffer), error);
        if (keep) append(heard, ByteView(buffer.data(), count));
        if (!keep)
            for (std::size_t i = 0; i < count; ++i)
                differs = differs || buffer[i] != pattern(received + i);
        received += count;
        if (error && error != asio::error::would_block)
            end = error;
        else
            read();
    }
    void write() {
        error_code error;
        while (!error && !said_all() && socket.is_open()) {
            if (out_.empty()) {
                const auto size = std::min<std::uint64_t>(to_say_ - said, 64 * 1024);
                Bytes chunk(size);
                for (std::size_t i = 0; i < size; ++i)
                    chunk[i] = pattern(said + i);
                said += socket.write_some(asio::buffer(chunk), error);
            } else {
                const auto count = socket.write_some(asio::buffer(out_), error);
                out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(count));
            }
        }
        if (error && error != asio::error::would_block) {
            write_error = error;
        } else if (error) {
            if (writing_) return;
            writing_ = true;
            socket.async_wait(asio::socket_base::wait_write, [self = shared_from_this()](error_code failed) {
                self->writing_ = false;
                if (!failed) self->write();
            });
        } else if (finish_) {
            socket.shutdown(asio::socket_base::shutdown_send, error);
        }
    }

    Bytes out_;
    std::uint64_t to_say_ = 0;
    bool finish_ = false, reading_ = false, writing_ = false, reads_ = true;
};

class TestServer {
  public:
    TestServer(asio::io_context& io, const asio::ip::address& address) : acceptor_(io, tcp::endpoint(address, 0)) {
        accept();
    }
    tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }
    void close() { acceptor_.close(); }

    std::vector<std::shared_ptr<Peer>> peers;
    std::function<void(Peer&)> greet;  // a connection was accepted

  private:
    void accept() {
        acceptor_.async_accept([this](error_code error, tcp::socket socket) {
            if (error == asio::error::operation_aborted) return;
            if (!error) {
                peers.push_back(std::make_shared<Peer>(std::move(socket)));
                peers.back()->start();
                if (greet) greet(*peers.back());
            }
            accept();
        });
    }
    tcp::acceptor acceptor_;
};

inline LegTimeouts short_limits() {
    return {milliseconds(300), milliseconds(300)};
}

// Starts everything; faults come as a plan.
class Lab {
  public:
    explicit Lab(FaultPlan plan = {}, unsigned threads = 0,
                 const asio::ip::address& address = asio::ip::address_v4::loopback(),
                 std::function<void(RelaySettings&)> change = {})
        : server(io, address) {
        RelaySettings settings;
        settings.listen = {address, 0};
        settings.connection.upstream = {server.endpoint()};
        settings.connection.leg = short_limits();
        settings.threads = threads;
        if (change) change(settings);
        relay.emplace(io, std::move(plan), settings);
        relay->start();
        address_ = {address, relay->port()};
    }
    ~Lab() {
        if (!relay) return;
        EXPECT_TRUE(stop());
    }
    Lab(const Lab&) = delete;
    Lab& operator=(const Lab&) = delete;

    // Connects; `error` says how that went.
    std::shared_ptr<Peer> connect(error_code* result = nullptr) {
        tcp::socket socket(io);
        std::optional<error_code> connected;
        socket.async_connect(address_, [&](error_code error) { connected = error; });
        EXPECT_TRUE(until([&] { return connected.has_value(); }));
        if (result)
            *result = connected.value_or(asio::error::timed_out);
        else
            EXPECT_FALSE(connected.value_or(asio::error::timed_out));
        auto peer = std::make_shared<Peer>(std::move(socket));
        if (connected == error_code{}) peer->start();
        return peer;
    }
    // A client, and the server's end of its connection.
    std::pair<std::shared_ptr<Peer>, std::shared_ptr<Peer>> pair() {
        const auto before = server.peers.size();
        auto client = connect();
        EXPECT_TRUE(until([&] { return server.peers.size() > before; }));
        return {client, server.peers.back()};
    }

    bool until(const std::function<bool()>& done, Clock::duration limit = patience) {
        return run_until(io, done, limit);
    }
    bool finished(std::size_t connections) {
        return until([&] { return relay->logs().size() >= connections; });
    }
    // Ends the relay, and waits for that.
    bool stop() {
        bool stopped = false;
        relay->stop([&] { stopped = true; });
        return until([&] { return stopped; });
    }

    asio::io_context io;
    TestServer server;
    std::optional<Relay> relay;

  private:
    tcp::endpoint address_;
};

inline Fault fault(decltype(Trigger::moment) moment, Action action, ConnectionSelector connection = {}) {
    Fault made;
    made.id = "f";
    made.trigger.moment = moment;
    made.trigger.connection = connection;
    made.action = std::move(action);
    return made;
}
inline FaultPlan plan_of(Fault fault) {
    return {"relay-test", 1, {std::move(fault)}};
}

inline AtStage at(Stage stage) {
    return {stage, std::nullopt, 1, false, std::nullopt};
}
inline AtStage after(Stage stage) {
    return {stage, std::nullopt, 1, true, std::nullopt};
}

inline Bytes hex(std::string_view text) {
    Bytes bytes;
    EXPECT_TRUE(from_hex(text, bytes));
    return bytes;
}
inline const Bytes request = hex("03000013 0ee00000000000 0100080001000000");
inline const Bytes confirm = hex("03000013 0ed00000123400 0200080001000000");

}  // namespace rdpfault::proxy
