// What a scenario file says by itself, in the words of a table: for `rdpfault scenarios`, scenarios/README.md and
// `explain`. Nothing is run.
#pragma once

#include <string>
#include <vector>

#include "harness/scenario.hpp"

namespace rdpfault::harness {

struct ScenarioFacts {
    std::string stage;             // the furthest one that is expected; empty: not said
    std::string ended_by;          // "reset", "close or reset", "connected"
    std::vector<MstscPair> pairs;  // what mstsc would show for that, as far as the file decides it; empty: unknown
    Confidence confidence = Confidence::unknown;  // of the pairs: the weakest that may apply
    std::vector<std::string> fidelity;            // of "wire", "packet", "modelled"; empty: nothing is broken
    std::vector<std::string> needs;               // what a run must have: `requires:`, and what follows from the rest
    std::vector<std::string> arms;                // "control", "fault", "fix:key-readable"
};

ScenarioFacts facts_of(const Scenario& scenario);

// All that is expected of fault arms: the scenario's own ends, or those of its variants. Empty: it must connect.
std::vector<EndExpectation> expected_ends(const Scenario& scenario);

// The rules of protocol/prediction_rules.hpp that an expected end may fall under.
std::vector<Prediction> possible_predictions(const EndExpectation& end);

}  // namespace rdpfault::harness
