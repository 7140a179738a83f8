// The headers before TCP: link and IP. Internal to decode().
#pragma once

#include "harness/capture/packet.hpp"
#include "protocol/reader.hpp"

namespace rdpfault::capture {

struct IpHeader {
    std::uint8_t protocol = 0;
    std::uint8_t hops = 0;
    Address source;
    Address destination;
    std::size_t size = 0;  // of what follows, on the wire
};

using IpResult = std::variant<Skipped, IpHeader>;

// Goes past the link's header. The EtherType it names; 0 where it names none, and the packet itself says.
std::uint16_t behind_link(LinkType link, protocol::Reader& reader);

// Goes past the header of IPv4, or that of IPv6 and its extensions.
IpResult read_ip(protocol::Reader& reader);

}  // namespace rdpfault::capture
