// What a captured packet says of a TCP connection. Pure: bytes in, values out; every length is checked.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "protocol/bytes.hpp"

namespace rdpfault::capture {

using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

// One end of a TCP connection.
struct Address {
    bool v6 = false;
    std::array<std::uint8_t, 16> ip{};  // the first four for IPv4
    std::uint16_t port = 0;

    auto operator<=>(const Address&) const = default;
};
std::string to_string(const Address& address);  // "192.0.2.1:3389", "[2001:db8::1]:3389"

// How the frames of a capture begin. Of each the header that LINKTYPE_... describes.
enum class LinkType : std::uint8_t { loopback, ethernet, raw_ip, linux_sll, linux_sll2 };

namespace flag {
constexpr std::uint8_t fin = 0x01, syn = 0x02, rst = 0x04, ack = 0x10;
}

struct Segment {
    Address source;
    Address destination;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;  // with flag::ack
    std::uint8_t flags = 0;
    std::uint16_t window = 0;                  // as in the header, not scaled
    std::optional<std::uint8_t> window_scale;  // of a SYN
    std::uint8_t hops = 0;                     // TTL or hop limit
    ByteView payload;                          // as much of it as was captured
    std::uint32_t size = 0;                    // of the payload on the wire

    bool has(std::uint8_t what) const { return (flags & what) != 0; }
    // What it takes of the sequence space.
    std::uint32_t length() const { return size + (has(flag::syn) ? 1U : 0U) + (has(flag::fin) ? 1U : 0U); }
};

// A router's or host's word that a packet of a TCP connection could not be delivered (ICMP type 3, ICMPv6 type 1).
struct Unreachable {
    Address source;  // of the packet that it is about
    Address destination;
    std::uint32_t sequence = 0;
    std::uint8_t code = 0;  // of ICMP
    bool v6 = false;
};

// A packet that says nothing here, and why.
enum class Skipped : std::uint8_t {
    not_tcp,    // another protocol
    fragment,   // of an IP packet: they are not put together
    cut_off,    // the snapshot length ended it within its headers
    malformed,  // a length or an offset that cannot be
};

using Packet = std::variant<Skipped, Segment, Unreachable>;

// `frame` as far as it was captured; views in the result point into it.
Packet decode(LinkType link, ByteView frame);

}  // namespace rdpfault::capture
