// mstsc's codes that stand near 0x904 and for which no scenario can be written: what leads to them on the wire is not
// known, or is not of the wire. They are here so that nobody takes the gap for an oversight.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace rdpfault::harness {

struct Unexplained {
    std::uint32_t code;
    std::string_view why;
    std::string_view source;  // keys for source_text()
};

// Ascending by code.
std::span<const Unexplained> unexplained_codes();

// nullptr: not among them.
const Unexplained* find_unexplained(std::uint32_t code);

}  // namespace rdpfault::harness
