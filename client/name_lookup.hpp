// Asks a name server of its own for a host's IPv4 addresses, as the C library's resolver asks that of the system: over
// UDP, so long for an answer, so many times.
#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/probe_config.hpp"

namespace rdpfault::client {

class NameLookup : public std::enable_shared_from_this<NameLookup> {
  public:
    using Addresses = std::vector<boost::asio::ip::address>;
    // Addresses, or, when there are none, why.
    using Done = std::function<void(Addresses, Ending)>;

    NameLookup(const boost::asio::any_io_executor& executor, NameServer server, std::string name, Done done);

    // `done` is called exactly once, on the executor, later; not after cancel().
    void start();
    void cancel();

  private:
    bool open();
    void ask();
    void listen();
    void take(std::size_t size);
    void finish(Addresses addresses, std::string why);

    NameServer server_;
    std::string name_;
    Done done_;
    boost::asio::ip::udp::socket socket_;
    boost::asio::steady_timer timer_;
    std::array<std::uint8_t, 4096> buffer_;
    unsigned asked_ = 0;
};

}  // namespace rdpfault::client
