#include "proxy/faults/field.hpp"

#include "protocol/tpkt.hpp"

namespace rdpfault::proxy {

namespace {

constexpr std::size_t tpkt_length_at = 2;
constexpr std::uint8_t long_form = 0x80;

// What a length reads, and how many bytes it is written in.
struct Length {
    std::size_t size = 0;  // 0: it does not lie within the unit
    std::uint64_t value = 0;
    std::uint64_t most = 0;  // that its form holds
};

Length read_length(const Bytes& unit, const Field& field) {
    if (field.offset >= unit.size()) return {};
    const auto first = unit[field.offset];
    if (first < long_form) return {1, first, long_form - 1};
    if (field.form == Form::per_length) {
        if (unit.size() - field.offset < 2) return {};
        return {2, (first & 0x7FU) * 0x100U + unit[field.offset + 1], 0x7FFF};
    }
    const std::size_t count = first & 0x7FU;
    if (count == 0 || count > 4 || unit.size() - field.offset <= count) return {};
    Length length{1 + count, 0, (std::uint64_t{1} << 8 * count) - 1};
    for (std::size_t i = 1; i <= count; ++i)
        length.value = length.value << 8 | unit[field.offset + i];
    return length;
}

Bytes wide_length(Form form, std::uint64_t value) {
    const auto high = static_cast<std::uint8_t>(value >> 8);
    const auto low = static_cast<std::uint8_t>(value);
    if (form == Form::per_length) return {static_cast<std::uint8_t>(long_form | high), low};
    return {long_form | 2, high, low};
}

void put(Bytes& unit, std::size_t at, std::size_t size, std::uint64_t value, bool big_endian) {
    for (std::size_t i = 0; i < size; ++i)
        unit[at + i] = static_cast<std::uint8_t>(value >> 8 * (big_endian ? size - 1 - i : i));
}

// Three or four bits, the last three of which end at the top of the second byte.
void put_straddling(Bytes& unit, std::size_t at, unsigned value, unsigned bits_in_first, unsigned bits_in_second) {
    const auto first_mask = (1U << bits_in_first) - 1;
    const auto shift = 8 - bits_in_second;
    const auto second_mask = ((1U << bits_in_second) - 1) << shift;
    unit[at] = static_cast<std::uint8_t>((unit[at] & ~first_mask) | (value >> bits_in_second & first_mask));
    unit[at + 1] = static_cast<std::uint8_t>((unit[at + 1] & ~second_mask) | (value << shift & second_mask));
}

std::size_t size_of(const Bytes& unit, const Field& field) {
    switch (field.form) {
        case Form::u8: return 1;
        case Form::be16:
        case Form::le16:
        case Form::outcome:
        case Form::reason: return 2;
        case Form::be32:
        case Form::le32: return 4;
        case Form::ber_length:
        case Form::per_length: return read_length(unit, field).size;
    }
    return 0;
}

bool set_tpkt_length(Bytes& unit) {
    if (unit.size() < protocol::tpkt_header_size || unit.size() > protocol::tpkt_max_size) return false;
    put(unit, tpkt_length_at, 2, unit.size(), true);
    return true;
}

}  // namespace

bool write_field(Bytes& unit, const Field& field, std::uint64_t value) {
    const auto size = size_of(unit, field);
    if (size == 0 || field.offset > unit.size() || size > unit.size() - field.offset) return false;
    const auto at = field.offset;
    switch (field.form) {
        case Form::u8:
        case Form::be16:
        case Form::be32: put(unit, at, size, value, true); break;
        case Form::le16:
        case Form::le32: put(unit, at, size, value, false); break;
        case Form::ber_length:
            if (size == 1)
                put(unit, at, 1, value & 0x7F, true);
            else
                put(unit, at + 1, size - 1, value, true);
            break;
        case Form::per_length: put(unit, at, size, size == 1 ? value & 0x7F : (value & 0x7FFF) | 0x8000, true); break;
        case Form::outcome: put_straddling(unit, at, static_cast<unsigned>(value), 1, 3); break;
        case Form::reason: put_straddling(unit, at, static_cast<unsigned>(value), 2, 1); break;
    }
    return true;
}

bool make_room(Bytes& unit, const FieldPath& path, std::uint64_t value) {
    if (path.empty()) return false;
    if (path.back().form != Form::ber_length && path.back().form != Form::per_length) return true;
    const auto target = read_length(unit, path.back());
    if (target.size == 0) return false;
    if (value <= target.most || target.size > 1) return true;
    Bytes wider = unit;
    std::size_t inserted = 0;
    // From the inside out: what lies further out lies further in front, and stays where it is.
    for (auto field = path.rbegin(); field != path.rend(); ++field) {
        const auto length = read_length(wider, *field);
        if (length.size == 0) return false;
        const auto grown = length.value + inserted;
        if (field != path.rbegin() && grown <= length.most) {
            write_field(wider, *field, grown);
            continue;
        }
        if (length.size > 1) return false;  // wide already, and full
        const auto form = wide_length(field->form, grown);
        const auto at = wider.begin() + static_cast<std::ptrdiff_t>(field->offset);
        wider.insert(wider.erase(at), form.begin(), form.end());
        inserted += form.size() - 1;
    }
    if (!set_tpkt_length(wider)) return false;
    unit = std::move(wider);
    return true;
}

bool remove_bytes(Bytes& unit, std::size_t offset, std::size_t count) {
    if (offset > unit.size() || count > unit.size() - offset || unit.size() - count < protocol::tpkt_min_size)
        return false;
    const auto first = unit.begin() + static_cast<std::ptrdiff_t>(offset);
    unit.erase(first, first + static_cast<std::ptrdiff_t>(count));
    return set_tpkt_length(unit);
}

}  // namespace rdpfault::proxy
