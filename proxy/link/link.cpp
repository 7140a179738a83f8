#include "proxy/link/link.hpp"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <system_error>

namespace rdpfault::link {

std::unique_ptr<Link> Link::open(const LinkConfig& config, std::string& why) {
    std::unique_ptr<Link> made(new Link);
    NamespaceConfig namespaces;
    namespaces.client_mtu = config.network.client_mtu;
    namespaces.any_destination = config.any_destination;
    namespaces.congestion = config.network.congestion;
    made->namespaces_ = Namespaces::open(namespaces, why);
    if (!made->namespaces_) return nullptr;
    try {
        made->forwarder_ =
            std::make_unique<Forwarder>(*made->namespaces_, config.network, config.seed, config.scenario, config.hooks);
    } catch (const std::system_error& error) {
        why = error.what();
        return nullptr;
    }
    return made;
}

Link::~Link() = default;

Descriptor Link::socket(Place place, int domain, int type, int protocol) {
    return namespaces_->socket(place, domain, type, protocol);
}

std::vector<SocketFacts> Link::facts(Place place) {
    const auto netlink = namespaces_->socket(place, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
    return netlink ? socket_facts(netlink.get()) : std::vector<SocketFacts>{};
}

Descriptor Link::listen(Place place, std::uint16_t& port) {
    auto socket = namespaces_->socket(place, AF_INET, SOCK_STREAM, 0);
    if (!socket) return {};
    const int one = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.get(), generic, size) != 0 || ::listen(socket.get(), SOMAXCONN) != 0 ||
        ::getsockname(socket.get(), generic, &size) != 0)
        return {};
    port = ntohs(address.sin_port);
    return socket;
}

}  // namespace rdpfault::link
