// Passes datagrams on between the sockets of two networks: for each sender a socket of its own, whose answers go back.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>

namespace rdpfault::harness {

class UdpRelay : public std::enable_shared_from_this<UdpRelay> {
  public:
    static constexpr std::size_t most_flows = 1024;         // senders beyond this are not heard
    static constexpr std::chrono::seconds idle_limit{120};  // RFC 4787, REQ-5

    // Takes over `socket`, binds it to `inside` and passes on to `outside`. Throws boost::system::system_error when it
    // cannot be bound. Everything happens on the io_context's thread, this call too.
    static std::shared_ptr<UdpRelay> start(boost::asio::io_context& io, int socket,
                                           const boost::asio::ip::udp::endpoint& inside,
                                           const boost::asio::ip::udp::endpoint& outside);
    void stop();

  private:
    struct Flow {
        explicit Flow(boost::asio::io_context& io) : socket(io), idle(io) {}
        boost::asio::ip::udp::endpoint sender;
        boost::asio::ip::udp::socket socket;
        boost::asio::steady_timer idle;
    };

    UdpRelay(boost::asio::io_context& io, boost::asio::ip::udp::endpoint outside)
        : io_(io), outside_(std::move(outside)), inside_(io) {}
    void receive();
    void pass_on(std::size_t size);
    std::shared_ptr<Flow> flow_of(const boost::asio::ip::udp::endpoint& sender);
    void answer(const std::shared_ptr<Flow>& flow);
    void keep(const std::shared_ptr<Flow>& flow);
    void forget(const std::shared_ptr<Flow>& flow);

    boost::asio::io_context& io_;
    boost::asio::ip::udp::endpoint outside_;
    boost::asio::ip::udp::socket inside_;
    boost::asio::ip::udp::endpoint sender_;  // of the datagram in buffer_
    std::array<char, 65536> buffer_;
    std::array<char, 65536> answer_;  // one for all flows, which wait without a buffer: there may be many
    std::map<boost::asio::ip::udp::endpoint, std::shared_ptr<Flow>> flows_;
};

}  // namespace rdpfault::harness
