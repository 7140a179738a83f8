// What the wire shows of each cause, as data: the catalogue says it in prose. Only rank_causes.cpp reads it.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/ending.hpp"

namespace rdpfault::harness {

enum class Pace : std::uint8_t { any, quick, slow };  // from the last stage to the end

// An ending that says a code.
struct Coded {
    EndKind kind;
    std::vector<std::uint32_t> codes = {};  // empty: any
};

struct Signature {
    std::string_view cause;      // its id
    std::vector<EndKind> kinds;  // ways to end without a word
    std::vector<Coded> said;     // and with one
    bool client = false;         // who ends it
    bool server = false;
    bool between = false;
    Pace pace = Pace::any;
    bool later_connections = false;  // the second connection of an attempt rather than the first
};

// nullptr: the control, or no cause.
const Signature* find_signature(std::string_view cause);

}  // namespace rdpfault::harness
