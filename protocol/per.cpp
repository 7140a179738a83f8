#include "protocol/per.hpp"

#include <algorithm>

namespace rdpfault::protocol::per {

std::size_t read_length(Reader& reader, std::string_view what) {
    const std::size_t first = reader.u8(what);
    if (first < 0x80) return first;
    return (first & 0x7f) << 8 | reader.u8(what);
}

void write_length(Writer& writer, std::size_t length) {
    if (length < 0x80) return writer.u8(length);
    writer.u16be(0x8000 | length);
}

std::uint16_t read_integer16(Reader& reader, std::uint16_t minimum, std::string_view what) {
    const auto start = reader.offset();
    const unsigned distance = reader.u16be(what);
    if (distance + minimum > 0xffff) reader.fail_at(start, Errc::bad_value, what);
    return static_cast<std::uint16_t>(distance + minimum);
}

void write_integer16(Writer& writer, std::uint16_t value, std::uint16_t minimum) {
    writer.u16be(static_cast<std::uint16_t>(value - minimum));
}

std::uint32_t read_integer(Reader& reader, std::string_view what) {
    const auto start = reader.offset();
    const auto length = read_length(reader, what);
    if (length == 0 || length > sizeof(std::uint32_t)) {
        reader.fail_at(start, Errc::bad_length, what);
        return 0;
    }
    std::uint32_t value = 0;
    for (const auto byte : reader.take(length, what))
        value = value << 8 | byte;
    return value;
}

void write_integer(Writer& writer, std::uint32_t value) {
    int count = 1;
    while (count < 4 && value >> (8 * count))
        ++count;
    writer.u8(static_cast<unsigned>(count));
    for (int i = count - 1; i >= 0; --i)
        writer.u8(value >> (8 * i) & 0xff);
}

std::uint8_t read_enumerated(Reader& reader, std::uint8_t count, std::string_view what) {
    const auto start = reader.offset();
    const auto value = reader.u8(what);
    if (value >= count) reader.fail_at(start, Errc::bad_value, what);
    return value;
}

ByteView read_octet_string(Reader& reader, std::size_t minimum, std::string_view what) {
    const auto distance = read_length(reader, what);
    return reader.take(minimum + distance, what);
}

void write_octet_string(Writer& writer, ByteView content, std::size_t minimum) {
    write_length(writer, content.size() - minimum);
    writer.bytes(content);
}

void skip_numeric_string(Reader& reader, std::size_t minimum, std::string_view what) {
    const auto digits = minimum + read_length(reader, what);
    reader.skip((digits + 1) / 2, what);
}

void write_numeric_string(Writer& writer, std::string_view digits, std::size_t minimum) {
    write_length(writer, digits.size() - minimum);
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const auto high = static_cast<unsigned>(digits[i] - '0');
        const auto low = i + 1 < digits.size() ? static_cast<unsigned>(digits[i + 1] - '0') : 0u;
        writer.u8(high << 4 | low);
    }
}

void expect_object_identifier(Reader& reader, const ObjectIdentifier& expected, std::string_view what) {
    const auto start = reader.offset();
    const auto length = read_length(reader, what);
    if (length != expected.size()) reader.fail_at(start, Errc::bad_length, what);
    const auto found = reader.take(length, what);
    if (!std::ranges::equal(found, expected)) reader.fail_at(start, Errc::bad_value, what);
}

void write_object_identifier(Writer& writer, const ObjectIdentifier& identifier) {
    write_length(writer, identifier.size());
    writer.bytes(identifier);
}

}  // namespace rdpfault::protocol::per
