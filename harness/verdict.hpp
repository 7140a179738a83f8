// What a run proved. Pure: evidence in, judgement out; nothing passes because nothing happened.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "client/probe_config.hpp"
#include "client/process_report.hpp"
#include "harness/arm.hpp"
#include "harness/calibration.hpp"
#include "harness/network_evidence.hpp"
#include "protocol/prediction.hpp"
#include "proxy/event.hpp"

namespace rdpfault::harness {

enum class Judgement : std::uint8_t {
    passed,
    skipped,          // could not be run here, with the reason
    inconclusive,     // ran out of time, which nobody expected
    fault_not_fired,  // whatever happened, it was not the fault's doing
    failed,           // not what is expected
    error,            // the harness itself could not run it
};
std::string_view to_string(Judgement judgement);

// What the embedded server says of itself; absent when the server is not ours.
struct ServerTestimony {
    std::uint32_t connections = 0;
    bool misbehaved = false;        // what `server:` configures has happened
    bool session_up = false;        // on the last connection
    std::optional<Stage> furthest;  // of the last connection
    std::string text;               // "closed after TLS", for people
    // What it told the client inside TLS before it ended the last connection: ERRINFO, licence error, ultimatum.
    std::optional<Ending> said;
};

// One moment on both clocks: it turns the steady times of a run into dates.
struct ClockPair {
    std::chrono::system_clock::time_point wall{};
    proxy::Time steady{};
};

// What was collected in one run of one arm.
struct Evidence {
    std::vector<proxy::ConnectionLog> connections;  // in the order of accept
    // Ids of the faults that fired, also of those that act at the listener, where no connection log exists.
    std::vector<std::string> fired;
    std::variant<std::monostate, client::ProbeReport, client::ProcessReport> client;
    std::optional<ServerTestimony> server;
    std::optional<NetworkEvidence> network;  // of the emulated link; nullopt: there was none
    std::optional<server::DnsReport> dns;    // of the name server; nullopt: an address was dialled
    bool timed_out = false;                  // the wall clock of the arm ran out
    std::string skipped;                     // why it was not run; else empty
    std::string error;                       // why it could not be run; else empty
    std::chrono::milliseconds duration{0};
    ClockPair began;
};

// Ids of the faults with a `fault` event in these logs, without repetition.
std::vector<std::string> fired_in(const std::vector<proxy::ConnectionLog>& connections);

// The last connection of the attempt, which is the one a user is told about.
struct Observed {
    std::optional<Stage> stage;  // the furthest one
    Ending ended_by;             // as the client met it; as the proxy saw it where the client cannot tell
    proxy::ConnectionLog::Who who = proxy::ConnectionLog::Who::nobody;
    std::optional<bool> session_up;  // nullopt: no witness could tell
    std::uint32_t connections = 0;
};

struct Witness {
    std::string_view name;  // "decision log", "sockets", "client"
    std::string text;       // what it says
    bool agrees = false;    // with what is expected, as far as it can see it
};

struct Verdict {
    Judgement result = Judgement::error;
    std::vector<std::string> reasons;  // sentences; empty only when passed
    Observed observed;
    std::array<Witness, 3> witnesses;
    Prediction prediction;  // what mstsc would show
};

// Of a proxy that was held open for a client elsewhere: what it saw, and no judgement.
Verdict held_open(const Arm& arm, const Evidence& evidence);
// `calibration`: measured codes, which come before predicted ones; null: none.
Verdict judge(const Arm& arm, const Evidence& evidence, const Calibration* calibration = nullptr);

}  // namespace rdpfault::harness
