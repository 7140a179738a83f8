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

// An event that an admin finds, or misses, when this is the cause. What it means is in protocol/events.hpp.
struct Sign {
    std::string_view log;  // EventLog::name
    std::uint32_t id = 0;
    bool absent = false;    // its absence is the sign
    std::string_view note;  // what of it matters here; may be empty
};

enum class ActionKind : std::uint8_t { registry, policy, certificate, service, command, network, client, vendor };
std::string_view to_string(ActionKind kind);

// Something to change. In `action` capitals such as SERVER or THUMBPRINT stand for one's own.
struct Remedy {
    std::string_view what;  // in plain words
    ActionKind kind;
    std::string_view action;  // literally: registry path and value, policy path, command, step in the certificate store
    std::string_view proof;   // the event or stage that shows it helped
    std::string_view caution;  // what it costs, and when it is a diagnosis or a step back; may be empty
};

struct Cause {
    std::string_view id;  // "certificate-key-unusable"
    std::string_view title;
    std::string_view explanation;  // a few sentences
    Grade grade = Grade::none;
    std::string_view grounds;                  // what the evidence is
    std::string_view signature;                // what the wire shows
    std::string_view limits;                   // what this program cannot show of it; may be empty
    std::vector<Stage> stages;                 // the last stage completed when the connection dies; empty: any
    std::vector<MstscPair> shows;              // what mstsc is expected to show
    std::vector<Sign> events;                  // in the event logs
    std::vector<std::string_view> signs;       // elsewhere
    std::vector<Remedy> fixes;                 // what an admin changes, the likeliest first
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

// "Schannel 36870 (status 0x8009030D)", "no RemoteConnectionManager 1149".
std::string to_string(const Sign& sign);

// What mstsc's dialog says, in our words; empty: not recorded anywhere.
std::string_view dialog_wording(const MstscPair& pair);

}  // namespace rdpfault::harness
