// The few rtnetlink(7) requests that build a link, sent to the network namespace the calling thread is in. Each returns
// 0 or an errno value.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "proxy/link/descriptor.hpp"

namespace rdpfault::link {

using Mac = std::array<std::uint8_t, 6>;

struct VethEnd {
    std::string name;
    Mac mac{};
};

class Netlink {
  public:
    // Of the namespace the thread is in now, also when it goes elsewhere later.
    Netlink();
    explicit operator bool() const { return bool(socket_); }

    // Two interfaces joined back to back; `peer` is born in the namespace that `peer_namespace` is a descriptor of.
    // Neither makes packets over `gso_limit` bytes.
    int add_veth(const VethEnd& here, const VethEnd& peer, int peer_namespace, std::uint32_t mtu,
                 std::uint32_t gso_limit);
    // Without an IPv6 address of its own accord. Without ARP: the other end is the only one there is.
    int set_up(const std::string& name, bool without_arp);
    // `address`: four bytes or sixteen, in the order of the network.
    int add_address(const std::string& name, const std::vector<std::uint8_t>& address);
    // A route to `destination`/`prefix` through the interface. `local`: to this host itself, whatever the address is.
    // `among_local`: in the table that is asked first.
    int add_route(const std::string& name, const std::vector<std::uint8_t>& destination, std::uint8_t prefix,
                  bool local, bool among_local);

  private:
    class Message;
    int talk(Message& message);
    unsigned index_of(const std::string& name) const;

    Descriptor socket_;
};

}  // namespace rdpfault::link
