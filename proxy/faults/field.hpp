// Where a field of a unit lies, how it is written there, and how a length is given a form that holds more.
#pragma once

#include <cstdint>
#include <vector>

#include "protocol/bytes.hpp"

namespace rdpfault::proxy {

enum class Form : std::uint8_t {
    u8,
    be16,
    be32,
    le16,
    le32,
    ber_length,  // X.690 8.1.3: one byte below 0x80, or 0x80 + n and n bytes
    per_length,  // one byte below 0x80, or two with the top bit set (protocol/per.hpp)
    outcome,     // T.125 Result: the last bit of a byte and the first three of the next
    reason,      // of the Disconnect Provider Ultimatum: two bits end the first byte, one begins the next
};

struct Field {
    std::size_t offset = 0;
    Form form{};
};

// A field with the lengths that count it, outermost first; the field itself comes last. The TPKT length, which counts
// them all, is not among them. Empty: the unit has no such field.
using FieldPath = std::vector<Field>;

// Overwrites the field as far as its form holds the value; what is too much is cut off. False, and the unit untouched,
// when it does not lie within the unit.
bool write_field(Bytes& unit, const Field& field, std::uint64_t value);

// Gives the length at the end of the path a form that holds `value` (or sixteen bits of it), its own value unchanged,
// and repairs the lengths around it: nothing but the form is another afterwards. False, and the unit untouched, when
// that cannot be. Any other field has the room it has.
bool make_room(Bytes& unit, const FieldPath& path, std::uint64_t value);

// Deletes bytes of a TPKT unit and repairs its length.
bool remove_bytes(Bytes& unit, std::size_t offset, std::size_t count);

}  // namespace rdpfault::proxy
