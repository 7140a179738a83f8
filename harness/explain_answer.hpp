// What the words of an `explain` mean: rows of the tables, before anything is written about them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/advice.hpp"
#include "harness/causes.hpp"
#include "harness/explain.hpp"
#include "protocol/catalogue.hpp"
#include "protocol/events.hpp"
#include "protocol/prediction.hpp"
#include "protocol/stage.hpp"

namespace rdpfault::harness {

// Endings after which mstsc is expected to show something; `first` to `last` are the furthest stages it holds for,
// nullopt where the stage does not matter.
struct Expected {
    std::string ending;  // "reset or close", "alert 40 handshake_failure"
    std::optional<Stage> first;
    std::optional<Stage> last;
    bool session_up;
    Prediction prediction;
    std::string mstsc;  // "0x904/0x7"; "0x3/n" for several codes n; empty: unknown
};

struct Answer {
    std::string question;
    std::vector<const CodeInfo*> codes;  // what was asked for, one of these
    std::optional<MstscPair> pair;       // with `codes` naming its parts
    std::vector<const EventInfo*> events;
    const Cause* cause = nullptr;
    const StageInfo* stage = nullptr;
    std::vector<const Advice*> advice;

    std::vector<const CodeInfo*> related;         // codes of other families that stand for the same
    std::vector<Expected> expected;               // the endings that lead here, or follow from here
    std::vector<const Cause*> causes;             // causes that show this code or event, or die at this stage
    std::vector<const KnownScenario*> scenarios;  // those that are most to the point first
    std::vector<std::string> suggestions;         // when nothing was found

    bool found() const {
        return !codes.empty() || !events.empty() || cause != nullptr || stage != nullptr || !advice.empty();
    }
    // A code of mstsc's own of which nobody knows what leads there.
    bool unexplained() const { return expected.empty() && !codes.empty() && codes.front()->family == Family::mstsc; }
};

Answer answer(const std::vector<std::string>& words, std::span<const KnownScenario> scenarios);

// All endings that are predicted with this code (and extended code, when given).
std::vector<Expected> endings_shown_as(std::uint32_t code, std::optional<std::uint32_t> extended);

// What mstsc shows when the connection ends after this stage.
std::vector<Expected> endings_after(Stage stage);

// What is predicted for a code that came over the wire: an alert, a failure, an ERRINFO ...; empty: not of the wire.
std::vector<Expected> endings_with(const CodeInfo& row);

}  // namespace rdpfault::harness
