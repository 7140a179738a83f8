// UTF-8 in our structs, UTF-16LE on the wire. A lone surrogate becomes U+FFFD, in either direction, so that what was
// decoded encodes to the same text.
#pragma once

#include <string>
#include <string_view>

#include "protocol/reader.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

// Text without terminator. Bytes that are not UTF-8 become U+FFFD.
Bytes to_utf16le(std::string_view utf8);
// An odd last byte is dropped.
std::string from_utf16le(ByteView bytes);
// The text before the first NUL, or all of it.
std::string until_nul_utf16le(ByteView bytes);

// A field of `size` bytes (even) that holds text and at least one NUL; text past size/2 - 1 units is cut.
std::string read_fixed_utf16(Reader& reader, std::size_t size, std::string_view what);
void write_fixed_utf16(Writer& writer, std::string_view utf8, std::size_t size);

}  // namespace rdpfault::protocol
