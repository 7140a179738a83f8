// The way out of an emulated link: relays of ours at its far end, one for each destination that somebody behind the
// link talks to, made when the first packet for it comes by. The link's own far address stands for this host, as it is
// seen from itself.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "harness/udp_relay.hpp"
#include "proxy/link/link.hpp"
#include "proxy/relay/relay.hpp"

namespace rdpfault::harness {

class WayOut {
  public:
    // `named`: what the far address stands for at the port of its first endpoint; may be empty.
    explicit WayOut(std::vector<boost::asio::ip::tcp::endpoint> named) : named_(std::move(named)) {}
    ~WayOut();
    WayOut(const WayOut&) = delete;
    WayOut& operator=(const WayOut&) = delete;

    // On the link's thread, with a TCP SYN or a UDP datagram towards the server: what it is for is open when this
    // returns, or there will be no answer.
    void open(link::Link& link, const link::Packet& packet);

  private:
    using Address = boost::asio::ip::address;
    void start_tcp(link::Link& link, const boost::asio::ip::tcp::endpoint& destination);
    void start_udp(link::Link& link, const boost::asio::ip::udp::endpoint& destination);
    Address outside(const Address& destination) const;

    std::vector<boost::asio::ip::tcp::endpoint> named_;
    std::set<std::pair<bool, boost::asio::ip::tcp::endpoint>> known_;  // of the link's thread; UDP or not
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    std::vector<std::unique_ptr<proxy::Relay>> relays_;
    std::vector<std::shared_ptr<UdpRelay>> udp_relays_;
    std::thread thread_{[this] { io_.run(); }};
};

}  // namespace rdpfault::harness
