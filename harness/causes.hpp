// The cause catalogue: what can be wrong on a machine or on the path when mstsc gives up, as far as it is known. A
// scenario names one of these in `cause:`. A cause is not a code: many causes end the connection in the same way, and
// only the way it ended decides what mstsc shows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/prediction.hpp"
#include "protocol/stage.hpp"

namespace rdpfault::harness {

// How good the evidence is that this cause leads to 0x904/0x7.
enum class Grade : std::uint8_t {
    none,          // not a cause: the control
    contradicted,  // what is documented speaks against it
    weak,          // users and copied pages say so, nobody shows it
    medium,        // documented for the symptoms, or one report
    good,          // documented or reported with its root found
};
std::string_view to_string(Grade grade);

struct Cause {
    std::string_view id;  // "certificate-key-unusable"
    std::string_view title;
    std::string_view explanation;  // a few sentences
    Grade grade = Grade::none;
    std::string_view grounds;                  // what the evidence is
    std::string_view signature;                // what the wire shows
    std::vector<Stage> stages;                 // the last stage completed when the connection dies; empty: any
    std::vector<MstscPair> shows;              // what mstsc is expected to show
    std::vector<std::string_view> signs;       // what an admin sees: events, logs
    std::vector<std::string_view> fixes;       // what an admin changes
    std::vector<std::string_view> no_fix;      // what is often tried and does not help
    std::vector<std::string_view> neighbours;  // ids of causes that look the same or nearly so
    std::string_view source;                   // keys for source_text(), separated by blanks
};

// Those of the server first, then those of the path and the client; the last is `control`, the healthy path.
std::span<const Cause> causes();

// nullptr: no such id.
const Cause* find_cause(std::string_view id);

// Ids most like a mistyped one, best first.
std::vector<std::string_view> nearest_causes(std::string_view id);

}  // namespace rdpfault::harness
