// The Packed Encoding Rules (aligned) as MCS domain PDUs and GCC conference PDUs use them (ITU-T X.691 10; T.125 and
// T.124 as profiled by MS-RDPBCGR). Only the shapes RDP sends. Readers fail the Reader they are given.
#pragma once

#include <array>
#include <cstdint>

#include "protocol/reader.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol::per {

// A length determinant: one byte below 0x80, else two with the top bit set. RDP peers use all fifteen bits; the
// fragmented form of X.691 does not occur.
inline constexpr std::size_t max_length = 0x7fff;
std::size_t read_length(Reader& reader, std::string_view what);
void write_length(Writer& writer, std::size_t length);

// A constrained INTEGER of two bytes, sent as its distance from `minimum` (a user id: 1001).
std::uint16_t read_integer16(Reader& reader, std::uint16_t minimum, std::string_view what);
void write_integer16(Writer& writer, std::uint16_t value, std::uint16_t minimum);

// An unconstrained INTEGER: a length of 1 to 4, then that many bytes.
std::uint32_t read_integer(Reader& reader, std::string_view what);
void write_integer(Writer& writer, std::uint32_t value);

// An ENUMERATED of fewer than 256 values: one byte below `count`.
std::uint8_t read_enumerated(Reader& reader, std::uint8_t count, std::string_view what);

// An OCTET STRING whose length is sent as its distance from `minimum`.
ByteView read_octet_string(Reader& reader, std::size_t minimum, std::string_view what);
void write_octet_string(Writer& writer, ByteView content, std::size_t minimum);

// A NumericString, two digits a byte, high digit first. Digits only; at least `minimum` of them.
void skip_numeric_string(Reader& reader, std::size_t minimum, std::string_view what);
void write_numeric_string(Writer& writer, std::string_view digits, std::size_t minimum);

// An OBJECT IDENTIFIER of six arcs, the first two packed into one byte ({0 0 20 124 0 1}: 00 14 7c 00 01).
using ObjectIdentifier = std::array<std::uint8_t, 5>;
// The T.124 key every GCC connect PDU begins with.
inline constexpr ObjectIdentifier t124_identifier{0x00, 0x14, 0x7c, 0x00, 0x01};
void expect_object_identifier(Reader& reader, const ObjectIdentifier& expected, std::string_view what);
void write_object_identifier(Writer& writer, const ObjectIdentifier& identifier);

}  // namespace rdpfault::protocol::per
