// The result of `rdpfault run`, as the report writers take it.
#pragma once

#include "harness/verdict.hpp"

namespace rdpfault::harness {

struct RunRecord {
    std::uint32_t repeat = 1;  // from 1
    std::uint64_t seed = 1;
    Evidence evidence;
    Verdict verdict;
};

struct ArmResult {
    std::string scenario;
    std::string family;
    std::string path;
    std::string summary;
    std::string cause;
    Arm arm;
    std::vector<RunRecord> runs;
    Judgement result = Judgement::error;  // of all runs together: combine()
    std::vector<std::string> reasons;
    std::chrono::milliseconds duration{0};  // of all runs
};

// Judges the runs of an arm together and fills `result`, `reasons` and `duration`. Every run must pass. Where a fault
// has a probability, a run in which it did not fire must connect, it must have fired in at least one, and as often as
// its probability lets expect (two-sided binomial, one in ten thousand).
void combine(ArmResult& result);

struct Report {
    std::string version;
    std::string started;  // ISO 8601, UTC
    std::chrono::milliseconds duration{0};
    std::string server;  // "embedded" or HOST:PORT
    std::string client;  // "probe", ...
    std::uint64_t seed = 1;
    bool interrupted = false;  // Ctrl-C: what was run so far
    std::vector<ArmResult> arms;
};

// 0 everything passed or was skipped; 1 something failed; 3 something was inconclusive or did not fire. Nothing run: 3.
int exit_status(const Report& report);

}  // namespace rdpfault::harness
