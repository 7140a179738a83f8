// What `wevtutil qe Microsoft-Windows-TerminalServices-RDPClient/Operational /f:xml` prints on a Windows client: events
// of mstsc's control, and the attempts to connect that they tell of. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rdpfault::harness {

using WallTime = std::chrono::system_clock::time_point;

struct ClientEvent {
    WallTime time;
    std::uint32_t id = 0;           // 1024 begins an attempt, 1026 ends it with the reason
    std::string activity;           // ActivityID, which all events of an attempt have in common; empty: none
    std::vector<std::string> data;  // of EventData or UserData, in order
};

// In the order of their times. Throws ReportError: `file` with the byte at which it is no XML, or the number of the
// event that lacks something.
std::vector<ClientEvent> read_windows_events(const std::string& xml, const std::string& file);

// One attempt of mstsc, from its first event to the end.
struct MstscAttempt {
    WallTime began;
    WallTime ended;
    std::string server;                     // as it was dialled
    std::optional<std::uint32_t> reason;    // of event 1026: the primary code; nullopt: never told
    std::optional<std::uint32_t> extended;  // from elsewhere: the event does not carry it
    bool session_up = false;                // event 1027: connected to a session
    bool credentials = false;               // event 1029: the step with the user's name was reached
    std::vector<std::string> failures;      // event 226: the state machine that failed to move, and how
};

// Those that ended. Events without an activity belong to the attempt that is open.
std::vector<MstscAttempt> attempts_of(const std::vector<ClientEvent>& events);

// A line "TIME, CODE, EXTENDED" or "TIME, 0x904/0x7" each, as OnDisconnected and ExtendedDisconnectReason of the
// ActiveX control or mstsc's dialog tell them; `#` begins a comment. Throws ReportError with file and line.
struct ToldCode {
    WallTime time;
    std::uint32_t code = 0, extended = 0;
};
std::vector<ToldCode> read_told_codes(const std::string& text, const std::string& file);
// Each code to the attempt with this reason that ended last before it, no more than ten minutes.
void add_told_codes(std::vector<MstscAttempt>& attempts, const std::vector<ToldCode>& codes);

}  // namespace rdpfault::harness
