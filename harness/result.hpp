// The result of `rdpfault run`, as the report writers take it.
#pragma once

#include "harness/rate.hpp"
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
    std::size_t looks = 1;                  // planned at the runs so far: rate.hpp
    std::optional<RateResult> rate;         // where the arm has a rate, and the runs can be counted
};

// The share of the runs that gave what the arm expects; nullopt for an arm without a rate, and when a run was skipped,
// could not be run or lacked a fault that is not left to chance.
std::optional<RateResult> rate_of(const ArmResult& result);

// Judges the runs of an arm together and fills `result`, `reasons`, `rate` and `duration`. With a rate, its interval
// decides: `inconclusive` while it lies on both sides of the threshold. Without one every run must pass. Where a fault
// has a probability (and the arm no rate), a run in which it did not fire must connect, it must have fired in at least
// one, and as often as its probability lets expect (two-sided binomial, one in ten thousand); the last two hold with a
// rate too.
void combine(ArmResult& result);

struct Report {
    std::string version;
    std::string started;  // ISO 8601, UTC
    std::chrono::milliseconds duration{0};
    std::string server;      // "embedded" or HOST:PORT
    std::string client;      // "probe", ...
    std::uint16_t port = 0;  // of the proxy, where it was one for all; 0: each run had its own
    std::uint64_t seed = 1;
    bool interrupted = false;  // Ctrl-C: what was run so far
    std::vector<ArmResult> arms;
};

// 0 everything passed or was skipped; 1 something failed; 3 something was inconclusive or did not fire. Nothing run: 3.
int exit_status(const Report& report);

}  // namespace rdpfault::harness
