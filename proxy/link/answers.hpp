// Packets that a box on the way sends back to the sender of another packet.
#pragma once

#include "proxy/link/packet.hpp"

namespace rdpfault::link {

enum class Unreachable : std::uint8_t { port, host, prohibited };

// The RST that a closed port, or a firewall in its name, would send (RFC 9293 3.10.7.1). Null for what is not TCP, and
// for a RST.
PacketPtr make_reset(const Packet& packet);
// ICMP destination unreachable (RFC 792; RFC 4443 3.1). Null for ICMP.
PacketPtr make_unreachable(const Packet& packet, Unreachable why);
// ICMP fragmentation needed (RFC 1191) or packet too big (RFC 4443 3.2). Null for ICMP.
PacketPtr make_too_big(const Packet& packet, std::uint32_t mtu);

}  // namespace rdpfault::link
