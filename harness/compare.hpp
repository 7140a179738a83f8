// Two reports of the same scenarios, before and after a change: what became of each arm. Pure.
//
// An arm *works* when it passed, and is *broken* when it failed. A fault that did not fire is broken too when the
// connection ended without a session: then it ended before the fault had its moment, and not by it. Whatever else is
// no pass (cut off by a time limit, a rate that the runs do not decide, skipped, an error) is not known to be either.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/report_read.hpp"

namespace rdpfault::harness {

enum class Change : std::uint8_t {
    newly_broken,  // worked, and is broken
    undecided,     // one of the two is not known; or, where chance has a say, the shares may be the same
    fixed,         // was broken, and works
    changed,       // the verdict is the same, and how the connection ended, or how often, is not
    still_broken,  // in the same way
    unchanged,     // works, in the same way
    added,         // not in the first report
    removed,       // not in the second
    not_run,       // skipped both times
};
std::string_view to_string(Change change);  // "newly broken"

struct ArmChange {
    std::optional<PastArm> before, after;  // one at least
    Change change = Change::unchanged;
    std::string why;  // one line; may be empty

    const PastArm& any() const { return after ? *after : *before; }
};

struct Comparison {
    std::string started;             // of the second report
    std::vector<std::string> notes;  // what else differs between the two: server, client, version
    std::vector<ArmChange> arms;     // in the order of the second report, then what only the first has
};

// `confidence`: of the interval for the difference of two shares (wilson.hpp), for arms with chance in them.
Comparison compare(const PastReport& before, const PastReport& after, double confidence = 0.95);

// 1 something is newly broken, 3 something is undecided, else 0.
int exit_status(const Comparison& comparison);

}  // namespace rdpfault::harness
