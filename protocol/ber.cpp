#include "protocol/ber.hpp"

namespace rdpfault::protocol::ber {

namespace {
constexpr std::uint8_t high_tag_number = 0x1f;
constexpr bool two_bytes(Tag tag) {
    return tag > 0xff;
}

std::uint32_t read_number(Reader& reader, Tag tag, std::string_view what) {
    const auto start = reader.offset();
    auto content = read_primitive(reader, tag, what);
    while (content.size() > 1 && content[0] == 0)
        content = content.subspan(1);
    if (content.empty() || content.size() > sizeof(std::uint32_t)) {
        reader.fail_at(start, Errc::bad_length, what);
        return 0;
    }
    std::uint32_t value = 0;
    for (const auto byte : content)
        value = value << 8 | byte;
    return value;
}
}  // namespace

Tag peek_tag(const Reader& reader) {
    const auto rest = reader.rest();
    if (rest.empty()) return 0;
    if ((rest[0] & high_tag_number) != high_tag_number) return rest[0];
    return rest.size() < 2 ? 0 : static_cast<Tag>(rest[0]) << 8 | rest[1];
}

std::size_t read_length(Reader& reader, std::string_view what) {
    const auto start = reader.offset();
    const auto first = reader.u8(what);
    if (first < 0x80) return first;
    const auto count = first & 0x7f;
    // 0x80 is the indefinite form, which DER forbids and T.125 peers do not send.
    if (count == 0 || count > 4) {
        reader.fail_at(start, Errc::bad_length, what);
        return 0;
    }
    std::size_t length = 0;
    for (int i = 0; i < count; ++i)
        length = length << 8 | reader.u8(what);
    return length;
}

Reader enter(Reader& reader, Tag tag, std::string_view what) {
    const auto start = reader.offset();
    const Tag found = two_bytes(tag) ? reader.u16be(what) : reader.u8(what);
    if (found != tag) reader.fail_at(start, Errc::bad_value, what);
    const auto length = read_length(reader, what);
    return reader.sub(length, what);
}

ByteView read_primitive(Reader& reader, Tag tag, std::string_view what) {
    return enter(reader, tag, what).rest();
}

bool read_boolean(Reader& reader, std::string_view what) {
    const auto start = reader.offset();
    const auto content = read_primitive(reader, boolean, what);
    if (content.size() == 1) return content[0] != 0;
    reader.fail_at(start, Errc::bad_length, what);
    return false;
}

std::uint32_t read_integer(Reader& reader, std::string_view what) {
    return read_number(reader, integer, what);
}

std::uint32_t read_enumerated(Reader& reader, std::string_view what) {
    return read_number(reader, enumerated, what);
}

void write_tag(Writer& writer, Tag tag) {
    if (two_bytes(tag)) writer.u8(tag >> 8);
    writer.u8(tag & 0xff);
}

void write_length(Writer& writer, std::size_t length) {
    if (length < 0x80) return writer.u8(length);
    auto count = 1;
    while (count < 4 && length >> (8 * count))
        ++count;
    writer.u8(0x80u | static_cast<unsigned>(count));
    for (int i = count - 1; i >= 0; --i)
        writer.u8(length >> (8 * i) & 0xff);
}

void write(Writer& writer, Tag tag, ByteView content) {
    write_tag(writer, tag);
    write_length(writer, content.size());
    writer.bytes(content);
}

void write_boolean(Writer& writer, bool value) {
    const std::uint8_t content = value ? 0xff : 0;
    write(writer, boolean, {&content, 1});
}

void write_integer(Writer& writer, std::uint32_t value) {
    int count = 1;
    while (count < 5 && static_cast<std::uint64_t>(value) >> (8 * count - 1))
        ++count;
    writer.u8(integer);
    writer.u8(static_cast<unsigned>(count));
    for (int i = count - 1; i >= 0; --i)
        writer.u8(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff);
}

void write_integer32(Writer& writer, std::uint32_t value) {
    writer.u8(integer);
    writer.u8(4);
    writer.u32be(value);
}

void write_enumerated(Writer& writer, std::uint8_t value) {
    write(writer, enumerated, {&value, 1});
}

}  // namespace rdpfault::protocol::ber
