// The embedded RDP server on a TCP port: accepts, and drives one Acceptor a connection. Everything runs on the thread
// of the io_context; nothing is logged here, callbacks tell.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string_view>

#include "server/acceptor.hpp"

namespace rdpfault::server {

struct ConnectionReport {
    std::uint32_t ordinal = 0;  // 1 for the first connection accepted
    std::string peer;           // "127.0.0.1:49152"
    SessionReport session;
    std::uint64_t bytes_received = 0;  // on the wire
    std::uint64_t bytes_sent = 0;
};

// Called on the thread of the io_context; must not throw.
struct ListenerCallbacks {
    std::function<void(std::uint32_t ordinal, const Event&)> event;
    std::function<void(const ConnectionReport&)> ended;
    std::function<void(std::string_view line)> key_log;  // NSS key log lines; unset: keys are told to nobody
};

class Listener {
  public:
    // Listens at once; port 0 takes a free one. An IPv6 wildcard address accepts IPv4 too. Throws
    // boost::system::system_error when it cannot listen, std::runtime_error when OpenSSL or the GSS-API
    // refuses the configuration.
    Listener(boost::asio::io_context& context, Config config, std::shared_ptr<const tls::Credential> credential,
             const boost::asio::ip::tcp::endpoint& endpoint, ListenerCallbacks callbacks = {});
    // Resets what is still open; `ended` is called for each.
    ~Listener();

    std::uint16_t port() const;
    boost::asio::ip::tcp::endpoint endpoint() const;
    std::size_t connections() const;  // open now

    // Accepts no more, ends every session in order, resets what has not gone after `bound`; `done` when none is left.
    void stop(std::function<void()> done = {}, std::chrono::milliseconds bound = std::chrono::seconds(2));

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace rdpfault::server
