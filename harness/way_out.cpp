#include "harness/way_out.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <future>
#include <iostream>

namespace rdpfault::harness {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;

namespace {

// Somebody who scans ports behind the link does not get a relay for each.
constexpr std::size_t most_destinations = 1024;

template <class Address>
Address address_at(const std::uint8_t* bytes) {
    typename Address::bytes_type address;
    std::copy(bytes, bytes + address.size(), address.begin());
    return Address(address);
}

asio::ip::address destination_of(const link::Packet& packet) {
    const auto* bytes = packet.bytes.data() + packet.headers.destination_at();
    if (packet.headers.version == 4) return address_at<asio::ip::address_v4>(bytes);
    return address_at<asio::ip::address_v6>(bytes);
}

}  // namespace

WayOut::~WayOut() {
    asio::post(io_, [this] {
        relays_.clear();
        for (auto& relay : udp_relays_)
            relay->stop();
        udp_relays_.clear();
    });
    work_.reset();
    thread_.join();
}

void WayOut::open(link::Link& link, const link::Packet& packet) {
    const bool datagram = packet.headers.kind == link::Kind::udp;
    const tcp::endpoint destination(destination_of(packet), packet.headers.destination_port);
    if (destination.address().is_multicast() || known_.size() >= most_destinations) return;
    if (!known_.emplace(datagram, destination).second) return;
    std::promise<void> done;
    asio::post(io_, [&] {
        try {
            if (datagram)
                start_udp(link, {destination.address(), destination.port()});
            else
                start_tcp(link, destination);
        } catch (const std::exception& error) {
            std::cerr << "rdpfault link: no way to " << destination << ": " << error.what() << '\n';
        }
        done.set_value();
    });
    done.get_future().wait();
}

void WayOut::start_tcp(link::Link& link, const tcp::endpoint& destination) {
    proxy::RelaySettings settings;
    settings.listen = destination;
    settings.keep_logs = false;
    settings.make_listener = [&link](int family) {
        return link.socket(link::Place::server, family, SOCK_STREAM).release();
    };
    const auto address = outside(destination.address());
    const bool here = address != destination.address();
    settings.connection.upstream = {{address, destination.port()}};
    if (here && !named_.empty() && named_.front().port() == destination.port()) settings.connection.upstream = named_;
    auto relay = std::make_unique<proxy::Relay>(io_, proxy::FaultPlan{}, settings);
    relay->start();
    relays_.push_back(std::move(relay));
}

void WayOut::start_udp(link::Link& link, const udp::endpoint& destination) {
    auto inside = link.socket(link::Place::server, destination.protocol().family(), SOCK_DGRAM);
    if (!inside) throw boost::system::system_error(errno, boost::system::system_category(), "socket");
    udp_relays_.push_back(
        UdpRelay::start(io_, inside.release(), destination, {outside(destination.address()), destination.port()}));
}

asio::ip::address WayOut::outside(const Address& destination) const {
    if (destination == asio::ip::make_address(link::server_address)) return asio::ip::address_v4::loopback();
    if (destination == asio::ip::make_address(link::server_address6)) return asio::ip::address_v6::loopback();
    return destination;
}

}  // namespace rdpfault::harness
