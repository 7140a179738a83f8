// The Basic Encoding Rules as MCS Connect (T.125) and CredSSP (MS-CSSP) use them: tags of one or two bytes, definite
// lengths of up to four bytes (ITU-T X.690 8.1). Readers fail the Reader they are given, writers append to a Writer.
#pragma once

#include <cstdint>

#include "protocol/reader.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol::ber {

// Tags as their bytes read: 0x30, or 0x7f65 for the two-byte tag 7f 65.
using Tag = std::uint32_t;

inline constexpr Tag boolean = 0x01;
inline constexpr Tag integer = 0x02;
inline constexpr Tag octet_string = 0x04;
inline constexpr Tag object_identifier = 0x06;
inline constexpr Tag enumerated = 0x0a;
inline constexpr Tag sequence = 0x30;
// [n] in a SEQUENCE, constructed: context(0) is a0.
constexpr Tag context(unsigned number) {
    return 0xa0 + number;
}
// [APPLICATION n], constructed, n from 31 to 127: application(101) is 7f 65.
constexpr Tag application(unsigned number) {
    return 0x7f00 + number;
}

// The tag of the next element, or 0 at the end.
Tag peek_tag(const Reader& reader);
std::size_t read_length(Reader& reader, std::string_view what);

// Reads tag and length, and gives a reader over the content. `what` names the element in errors.
Reader enter(Reader& reader, Tag tag, std::string_view what);
// The content of a primitive element: an OCTET STRING, an OBJECT IDENTIFIER.
ByteView read_primitive(Reader& reader, Tag tag, std::string_view what);
inline ByteView read_octet_string(Reader& reader, std::string_view what) {
    return read_primitive(reader, octet_string, what);
}
bool read_boolean(Reader& reader, std::string_view what);
// Up to four significant bytes, taken as unsigned: an NTSTATUS is an INTEGER of four bytes and counts as positive.
std::uint32_t read_integer(Reader& reader, std::string_view what);
std::uint32_t read_enumerated(Reader& reader, std::string_view what);

void write_tag(Writer& writer, Tag tag);
// The shortest form, as DER demands.
void write_length(Writer& writer, std::size_t length);
void write(Writer& writer, Tag tag, ByteView content);
inline void write_octet_string(Writer& writer, ByteView content) {
    write(writer, octet_string, content);
}
void write_boolean(Writer& writer, bool value);
// Minimal and positive: a leading zero keeps the sign bit clear.
void write_integer(Writer& writer, std::uint32_t value);
// The four bytes as they are, as CredSSP peers write an NTSTATUS.
void write_integer32(Writer& writer, std::uint32_t value);
void write_enumerated(Writer& writer, std::uint8_t value);

}  // namespace rdpfault::protocol::ber
