// For a TLS program that knows nothing of RDP: a port of its own where TLS begins with the first byte. To the server
// behind it, it says the X.224 Connection Request for TLS and hears the confirm; from there on bytes go both ways as
// they are.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <thread>

namespace rdpfault::peers {

class X224Preamble {
  public:
    explicit X224Preamble(std::uint16_t server);  // of 127.0.0.1
    ~X224Preamble();                              // ends what still goes through it
    X224Preamble(const X224Preamble&) = delete;
    X224Preamble& operator=(const X224Preamble&) = delete;

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> join(boost::asio::ip::tcp::socket client);

    boost::asio::io_context io_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::ip::tcp::endpoint server_;
    std::thread thread_;
};

}  // namespace rdpfault::peers
