// Packets made by hand.
#pragma once

#include <gmock/gmock.h>

#include "harness/capture/flow_table.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::capture::test {

inline Bytes cat(std::initializer_list<Bytes> parts) {
    Bytes out;
    for (const auto& part : parts)
        append(out, part);
    return out;
}

inline Bytes be16(std::uint32_t value) {
    return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}
inline Bytes be32(std::uint32_t value) {
    return cat({be16(value >> 16), be16(value & 0xFFFF)});
}

struct Tcp {
    std::uint16_t source = 40000;
    std::uint16_t destination = 3389;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;
    std::uint8_t flags = flag::ack;
    Bytes payload = {};
    std::uint8_t hops = 64;
    Bytes options = {};  // whole words
};

inline Bytes tcp_bytes(const Tcp& tcp) {
    const auto words = static_cast<std::uint32_t>(5 + tcp.options.size() / 4);
    return cat({be16(tcp.source), be16(tcp.destination), be32(tcp.sequence), be32(tcp.acknowledged),
                be16(words << 12 | tcp.flags), be16(0x1000), be32(0), tcp.options, tcp.payload});
}

// From 10.0.0.1 to 10.0.0.2 when it goes to the lower port, and back.
inline Bytes ipv4(const Bytes& body, const Tcp& tcp, std::uint8_t protocol = 6, std::uint16_t fragment = 0x4000) {
    const bool to_server = tcp.source > tcp.destination;
    return cat({{0x45, 0},
                be16(static_cast<std::uint32_t>(20 + body.size())),
                be16(7),
                be16(fragment),
                {tcp.hops, protocol},
                be16(0),
                {10, 0, 0, std::uint8_t(to_server ? 1 : 2)},
                {10, 0, 0, std::uint8_t(to_server ? 2 : 1)},
                body});
}

inline Bytes ipv6(const Bytes& body, std::uint8_t next = 6) {
    const Bytes address{0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    return cat({{0x60, 0, 0, 0}, be16(static_cast<std::uint32_t>(body.size())), {next, 64}, address, address, body});
}

inline Bytes ethernet(const Bytes& packet, std::uint16_t type = 0x0800) {
    return cat({Bytes(12, 0xEE), be16(type), packet});
}

inline Bytes frame(const Tcp& tcp) {
    return ethernet(ipv4(tcp_bytes(tcp), tcp));
}

}  // namespace rdpfault::capture::test
