// From the way a connection ended to what may be behind it: the rows of the cause catalogue that agree, best first.
// Pure; the same for a run's report and for somebody's capture.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "harness/causes.hpp"
#include "protocol/ending.hpp"

namespace rdpfault::harness {

// Who ended it first, as the client's side of the wire shows it.
enum class Party : std::uint8_t {
    unknown,
    client,
    server,   // or the proxy in its place
    between,  // neither end
};
std::string_view to_string(Party party);

struct Symptoms {
    Stage stage = Stage::tcp_connect;  // the last one completed
    bool stage_certain = true;         // false: at least this one
    bool hidden = false;               // what TLS carries was not read: `stage` may be tls.application_data for long
    bool first_records = false;        // hidden, and of application data there were a few records at most
    std::optional<bool> nla;           // whether the server selected it; nullopt: not known
    Ending ending;                     // what the client was told, else how the stream ended
    bool told_by_client = false;       // `ending` is what the client told the server
    Party who = Party::unknown;
    std::optional<bool> session_up;                        // nullopt: not known
    std::optional<std::chrono::microseconds> since_stage;  // from the last stage to the end
    std::uint32_t ordinal = 1;                             // of the connection within the client's attempt
};

struct RankedCause {
    const Cause* cause = nullptr;
    double score = 0;    // 0 to 1: how much of what is known agrees. No probability.
    std::string reason;  // one sentence
};

// At most eight, best first; empty when nothing failed or nothing is known. Never the control.
std::vector<RankedCause> rank_causes(const Symptoms& symptoms);

// How mstsc would see it: predict() of the stage, with the session taken as down where it is not known.
Prediction prediction_of(const Symptoms& symptoms);

}  // namespace rdpfault::harness
