// Advice on 0x904/0x7 that is going round and that the evidence contradicts or does not carry: what users are told,
// what is to be thought of it, and the scenario of the library that shows why.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace rdpfault::harness {

enum class Standing : std::uint8_t {
    contradicted,  // what is documented, or what the wire shows, speaks against it
    unsupported,   // nobody shows that it helps, and nothing says how it could
    misread,       // true of something else, and taken for more than it says
    diagnosis,     // tells something when tried for a moment; no cure, and a step back when left so
};
std::string_view to_string(Standing standing);

struct Advice {
    std::string_view id;     // "disable-udp"
    std::string_view claim;  // what users are told to do or believe
    std::string_view told_by;
    Standing standing;
    std::string_view reason;
    std::string_view instead;                 // what to do
    std::vector<std::string_view> scenarios;  // names of scenarios that show it
    std::vector<std::string_view> words;      // other words by which it is found, in lower case
    std::string_view source;                  // keys for source_text(), separated by blanks
};

std::span<const Advice> all_advice();

// By id or one of its words, upper and lower case alike. "advice" itself is nobody's word. nullptr: nothing.
const Advice* find_advice(std::string_view word);

}  // namespace rdpfault::harness
