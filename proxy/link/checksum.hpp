// The Internet checksum (RFC 1071) of IPv4, TCP, UDP and ICMP.
#pragma once

#include <cstdint>

#include "protocol/bytes.hpp"

namespace rdpfault::link {

// A sum of 16-bit words in network order, not yet folded; sums may be added up. `bytes` of an odd length are padded
// with a zero, so only the last of several may be odd.
std::uint64_t checksum_add(ByteView bytes, std::uint64_t sum = 0);
// The folded complement, to be stored as it is in memory.
std::uint16_t checksum_finish(std::uint64_t sum);

// Of the pseudo header (RFC 9293 3.1, RFC 8200 8.1): addresses of four or sixteen bytes, protocol, length.
std::uint64_t pseudo_header(ByteView source, ByteView destination, std::uint8_t protocol, std::uint32_t length);

}  // namespace rdpfault::link
