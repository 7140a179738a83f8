// TPKT, the frame of every slow-path unit: 03, a reserved byte, and the length of the whole unit (RFC 1006 6,
// MS-RDPBCGR 2.2.1.1: tpktHeader).
#pragma once

#include "protocol/error.hpp"
#include "protocol/reader.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

inline constexpr std::uint8_t tpkt_version = 3;
inline constexpr std::size_t tpkt_header_size = 4;
// The header and the shortest TPDU (X.224 data).
inline constexpr std::size_t tpkt_min_size = 7;
inline constexpr std::size_t tpkt_max_size = 65535;

// Reads the header and gives a reader over the payload. The length must be that of the span exactly: a longer length is
// `truncated`, a shorter one `trailing`, less than tpkt_min_size `bad_length`. A failed reader carries the error.
Reader open_tpkt(ByteView unit);

// Writes the header with the length left open, and fills the length in once the payload is written:
// `const auto start = begin_tpkt(w); ... end_tpkt(w, start);` Throws std::length_error above tpkt_max_size.
std::size_t begin_tpkt(Writer& writer);
void end_tpkt(Writer& writer, std::size_t start);

}  // namespace rdpfault::protocol
