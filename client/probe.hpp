// The probe: an RDP client that connects, reports every stage, and leaves. It resolves the name, makes as many
// connections as config.reconnects allows until one works, and leaves no descriptor and no timer behind.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "client/name_lookup.hpp"
#include "client/probe_config.hpp"
#include "client/probe_connection.hpp"

namespace rdpfault::client {

// Handlers run on the executor, one at a time; start() and cancel() are called there too. Whoever lets go of it, the
// object lives until `done` was called.
class Probe : public std::enable_shared_from_this<Probe> {
  public:
    using Done = std::function<void(ProbeReport)>;

    // `host`: a name, or an IPv4 or IPv6 address without brackets.
    Probe(const boost::asio::any_io_executor& executor, std::string host, std::uint16_t port, ProbeConfig config,
          Done done);

    // `done` is called exactly once, later.
    void start();
    void cancel();

  private:
    void resolve();
    void ask_name_server();
    void dial();
    void on_end(ConnectionReport report);
    void fail_to_resolve(Ending ending);
    void finish();

    boost::asio::any_io_executor executor_;
    std::string host_;
    std::uint16_t port_;
    ProbeConfig config_;
    Done done_;
    boost::asio::ip::tcp::resolver resolver_;
    std::shared_ptr<NameLookup> lookup_;
    boost::asio::steady_timer timer_;
    std::chrono::steady_clock::time_point began_;
    ProbeConnection::Endpoints endpoints_;
    std::shared_ptr<ProbeConnection> connection_;
    ProbeReport report_;
    bool cancelled_ = false;
};

}  // namespace rdpfault::client
