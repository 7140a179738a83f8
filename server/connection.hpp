// One accepted TCP connection: carries bytes, time and endings between a socket and an Acceptor.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/acceptor.hpp"
#include "server/listener.hpp"

namespace rdpfault::server {

// What the connections of a listener share, and what outlives it as long as one of them is there.
struct ListenerShared {
    Config config;
    tls::EngineConfig tls;
    std::shared_ptr<const nla::AcceptorCredential> users;
    ListenerCallbacks callbacks;
};

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<const ListenerShared> shared,
               std::uint32_t ordinal);

    // `gone` is called once, when the socket is closed and the report is out.
    void start(std::function<void()> gone);
    void refuse(std::string why, std::function<void()> gone);
    // Ends the session in order; what is not over after `bound` is reset.
    void stop(std::chrono::milliseconds bound);
    // Resets, now.
    void abort();

  private:
    Time now() const;
    void pump();
    void read();
    void write();
    void arm();
    void tell_events();
    void on_read(const boost::system::error_code& error, std::size_t count);
    void on_write(const boost::system::error_code& error, std::size_t count);
    void on_timer();
    void leave();
    void close(bool reset);

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<const ListenerShared> shared_;
    Acceptor acceptor_;
    std::chrono::steady_clock::time_point accepted_ = std::chrono::steady_clock::now();
    std::function<void()> gone_;
    ConnectionReport report_;
    std::array<std::uint8_t, 16 * 1024> incoming_{};
    Bytes outgoing_;
    bool reading_ = false;
    bool writing_ = false;
    bool broken_ = false;    // a write failed: nothing more can be said, but something may still be heard
    bool finished_ = false;  // FIN is sent; what the client still says is read and forgotten
    bool closed_ = false;
    std::uint64_t forgotten_ = 0;
    std::chrono::milliseconds farewell_{2'000};
    std::optional<Time> leave_by_;  // once the acceptor wishes no more
    std::optional<Time> armed_;
};

}  // namespace rdpfault::server
