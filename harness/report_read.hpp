// A results.json of an earlier run, read again: what `rdpfault compare` needs of it. The file may be anything, so
// every value is looked at before it is used; what is wrong is said with the file and the key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/json_node.hpp"
#include "harness/verdict.hpp"
#include "protocol/stage.hpp"

namespace rdpfault::harness {

// What one run saw; the texts are those of the report.
struct PastSight {
    std::optional<Stage> stage;
    std::string ended_by;  // "alert 40 handshake_failure"; empty: none
    std::string who;       // "client", "server", "proxy"; empty: nobody, or not known
    std::optional<bool> session_up;
    std::string pair;  // predicted for mstsc; empty: none
    bool operator==(const PastSight&) const = default;
};

struct PastArm {
    std::string scenario, family, arm;
    Judgement verdict = Judgement::error;
    std::string reason;  // the first
    bool chance = false;
    std::uint32_t runs = 0, hits = 0;  // that were judged; that passed
    std::uint64_t duration_ms = 0;     // of all runs
    std::optional<PastSight> sight;    // of the run that speaks for the arm; nullopt: it saw nothing

    std::string name() const { return family.empty() ? scenario : family + "/" + scenario; }
};

struct PastReport {
    std::string path, version, started, server, client;
    bool interrupted = false;
    std::vector<PastArm> arms;  // each (family, scenario, arm) once
};

// `given`: the file, or the folder that it lies in. Throws ReportError: "after.json: arms[3].verdict: expected one of
// ..., found 'x'". Over 256 MiB is not read.
PastReport read_report(const std::string& given);
PastReport parse_report(const std::string& text, const std::string& path);

}  // namespace rdpfault::harness
