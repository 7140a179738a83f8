// A packet as it is on the wire: an Ethernet frame of at most one MTU, and what its headers say.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "protocol/bytes.hpp"
#include "protocol/stage.hpp"
#include "proxy/event.hpp"

namespace rdpfault::link {

enum class Kind : std::uint8_t { syn, syn_ack, fin, reset, data, ack, udp, icmp, other };
std::string_view to_string(Kind kind);

// Offsets are from the beginning of the frame, and lie within it.
struct Headers {
    std::uint8_t version = 0;   // 4, 6
    std::uint8_t protocol = 0;  // 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6, ...
    Kind kind = Kind::other;
    std::uint8_t flags = 0;       // TCP's
    std::uint16_t network = 0;    // where the IP header is
    std::uint16_t transport = 0;  // where TCP, UDP, ICMP is
    std::uint16_t payload = 0;    // where what it carries begins
    std::uint16_t end = 0;        // one past the IP packet; what follows is Ethernet padding
    std::uint16_t source_port = 0;
    std::uint16_t destination_port = 0;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;

    std::uint32_t payload_size() const { return static_cast<std::uint32_t>(end - payload); }
    bool tcp() const { return protocol == 6; }
    // Where the addresses are, and how long one is.
    std::size_t source_at() const { return network + (version == 4 ? 12U : 8U); }
    std::size_t destination_at() const { return network + (version == 4 ? 16U : 24U); }
    std::size_t address_size() const { return version == 4 ? 4 : 16; }
};

inline constexpr std::uint8_t tcp_fin = 0x01, tcp_syn = 0x02, tcp_rst = 0x04, tcp_psh = 0x08, tcp_ack = 0x10,
                              tcp_cwr = 0x80;

// Reads the headers of an Ethernet frame of any length; nullopt when it is not whole IPv4 or IPv6, or lies about its
// lengths. A later fragment, or a protocol unknown, is Kind::other.
std::optional<Headers> parse(ByteView frame);

// The two ends of a TCP or UDP flow, the same for both directions.
struct FlowKey {
    std::array<std::uint8_t, 16> client{}, server{};
    std::uint16_t client_port = 0, server_port = 0;
    auto operator<=>(const FlowKey&) const = default;
};
FlowKey flow_of(const Headers& headers, ByteView frame, Direction direction);

inline constexpr std::size_t ethernet_size = 14;
inline constexpr std::size_t max_frame = ethernet_size + 1500;

struct Packet {
    Headers headers;
    std::uint64_t ordinal = 0;  // in its direction, from 1; 0: made by the link itself
    proxy::Time entered{};
    std::vector<Stage> stages;  // whose units' last bytes it carries, for the first time
    std::uint16_t size = 0;
    std::array<std::uint8_t, max_frame> bytes;

    ByteView frame() const { return {bytes.data(), size}; }
    ByteView payload() const { return {bytes.data() + headers.payload, headers.payload_size()}; }
};
using PacketPtr = std::unique_ptr<Packet>;

// A copy of the frame; null when it does not parse or is longer than max_frame.
PacketPtr make_packet(ByteView frame);
PacketPtr copy_of(const Packet& packet);

// Computes the checksums of the IPv4 header and of TCP, UDP or ICMP anew.
void write_checksums(Packet& packet);
// All checksums are right. (A UDP datagram over IPv4 may be without one.)
bool checksums_right(const Packet& packet);

}  // namespace rdpfault::link
