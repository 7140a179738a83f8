#include "protocol/utf16.hpp"

#include <algorithm>

namespace rdpfault::protocol {

namespace {

constexpr std::uint32_t replacement = 0xFFFD;
constexpr bool is_high(std::uint32_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
constexpr bool is_low(std::uint32_t unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

// The code point at `at`, which moves past it; past one byte only where the bytes are not UTF-8.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint32_t first = byte(at++);
    if (first < 0x80) return first;
    const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    if (first < 0xC2 || first > 0xF4 || text.size() - at < more) return replacement;
    std::uint32_t value = first & (0x3Fu >> more);
    for (std::size_t i = 0; i < more; ++i) {
        if ((byte(at + i) & 0xC0) != 0x80) return replacement;
        value = value << 6 | (byte(at + i) & 0x3Fu);
    }
    constexpr std::uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    if (value < smallest[more] || value > 0x10FFFF || is_high(value) || is_low(value)) return replacement;
    at += more;
    return value;
}

void append_utf8(std::string& to, std::uint32_t value) {
    const auto put = [&](std::uint32_t byte) { to.push_back(static_cast<char>(byte)); };
    if (value < 0x80) return put(value);
    if (value < 0x800) {
        put(0xC0 | value >> 6);
    } else {
        if (value < 0x10000) {
            put(0xE0 | value >> 12);
        } else {
            put(0xF0 | value >> 18);
            put(0x80 | (value >> 12 & 0x3F));
        }
        put(0x80 | (value >> 6 & 0x3F));
    }
    put(0x80 | (value & 0x3F));
}

}  // namespace

Bytes to_utf16le(std::string_view utf8) {
    Writer writer;
    for (std::size_t at = 0; at < utf8.size();) {
        const auto value = next_code_point(utf8, at);
        if (value < 0x10000) {
            writer.u16le(value);
        } else {
            writer.u16le(0xD800 + (value - 0x10000) / 0x400);
            writer.u16le(0xDC00 + (value - 0x10000) % 0x400);
        }
    }
    return writer.take();
}

std::string from_utf16le(ByteView bytes) {
    const auto unit = [&](std::size_t i) {
        return static_cast<std::uint32_t>(bytes[2 * i]) | static_cast<std::uint32_t>(bytes[2 * i + 1]) << 8;
    };
    std::string text;
    const auto units = bytes.size() / 2;
    for (std::size_t i = 0; i < units; ++i) {
        auto value = unit(i);
        if (is_high(value) && i + 1 < units && is_low(unit(i + 1))) {
            value = 0x10000 + (value - 0xD800) * 0x400 + (unit(++i) - 0xDC00);
        } else if (is_high(value) || is_low(value)) {
            value = replacement;
        }
        append_utf8(text, value);
    }
    return text;
}

std::string until_nul_utf16le(ByteView bytes) {
    std::size_t end = 0;
    while (end + 1 < bytes.size() && (bytes[end] != 0 || bytes[end + 1] != 0))
        end += 2;
    return from_utf16le(bytes.first(end));
}

std::string read_fixed_utf16(Reader& reader, std::size_t size, std::string_view what) {
    const auto field = reader.take(size, what);
    if (field.empty()) return {};
    return until_nul_utf16le(field.first(size - 2));
}

void write_fixed_utf16(Writer& writer, std::string_view utf8, std::size_t size) {
    auto text = to_utf16le(utf8);
    text.resize(std::min(text.size(), size - 2));
    writer.bytes(text);
    writer.zeros(size - text.size());
}

}  // namespace rdpfault::protocol
