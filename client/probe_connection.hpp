// One TCP connection of the probe: the sockets and the clock around a Connector.
#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "client/connector.hpp"

namespace rdpfault::client {

class ProbeConnection : public std::enable_shared_from_this<ProbeConnection> {
  public:
    using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
    using Done = std::function<void(ConnectionReport)>;

    // Tries the endpoints (at least one) in order until one accepts.
    ProbeConnection(const boost::asio::any_io_executor& executor, Endpoints endpoints, const ProbeConfig& config,
                    Done done);

    // `done` is called exactly once, later, when nothing of the connection is left.
    void start();
    // Ends it at once; the report's ending is EndKind::none unless it had already ended.
    void cancel();

  private:
    using Clock = std::chrono::steady_clock;

    void connect_next(std::size_t index);
    void on_connect(const boost::system::error_code& error, std::size_t index);
    bool connected_to_itself() const;
    void set_timer();
    void on_timer();
    void read();
    void on_read(const boost::system::error_code& error, std::size_t size);
    void pump();
    void write();
    void begin_close();
    void close();

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    Endpoints endpoints_;
    std::chrono::milliseconds connect_timeout_;
    std::function<int(int family)> make_socket_;
    Done done_;
    Clock::time_point began_;
    Connector connector_;
    std::array<std::uint8_t, 16384> input_;
    Bytes output_;  // being written
    bool writing_ = false;
    bool closing_ = false;  // the connector has finished; what it sent last is still on its way
    bool peer_ended_ = false;
};

}  // namespace rdpfault::client
