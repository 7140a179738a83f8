// A fault: when it fires and what it does. Plain data, filled by the scenario loader; the engine decides, the session
// acts.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/bytes.hpp"
#include "protocol/stage.hpp"
#include "proxy/faults/injected_pdu.hpp"
#include "proxy/segment.hpp"

namespace rdpfault::proxy {

using Duration = std::chrono::microseconds;

// Which TCP connections of a run, counted from 1 in the order of accept.
struct ConnectionSelector {
    enum class Kind : std::uint8_t { every, exactly, from } kind = Kind::every;
    std::uint32_t ordinal = 1;
    bool matches(std::uint32_t connection) const {
        return kind == Kind::every || (kind == Kind::exactly ? connection == ordinal : connection >= ordinal);
    }
};

// The moment of a trigger. Every moment in a stream is a byte offset that the tracker names, never a read() boundary.
struct AtStart {};  // the connection was accepted
struct AtStage {    // a unit was seen whole
    Stage stage{};
    std::optional<Direction> from;  // nullopt: the stage's own direction, or whichever comes first
    std::uint32_t nth = 1;
    bool forwarded = false;             // `after:` the unit has been passed on; `at:` it is held back
    std::optional<std::uint64_t> byte;  // only with `at:`: this many bytes of the unit are passed on first
};
struct AtRecord {  // TLS record `nth` of a direction was seen whole and is held back (or passed on: `forwarded`)
    Direction from{};
    std::uint32_t nth = 1;
    bool forwarded = false;
};
struct AtByte {  // `offset` bytes of this direction have been passed on
    Direction from{};
    std::uint64_t offset = 0;
};
struct AtIdle {  // no byte in either direction for this long
    Duration time{};
};

struct Trigger {
    std::variant<AtStart, AtStage, AtRecord, AtByte, AtIdle> moment;
    Duration elapsed{};  // fire this long after the moment
    ConnectionSelector connection;
    double probability = 1.0;  // drawn once a connection, keyed by (seed, scenario, connection, fault)
};

enum class Sides : std::uint8_t { client, server, both };
constexpr bool covers(Sides sides, Side side) {
    return sides == Sides::both || (sides == Sides::client) == (side == Side::client);
}
// Which streams an effect works on.
enum class Directions : std::uint8_t { client_to_server, server_to_client, both };
constexpr bool covers(Directions directions, Direction direction) {
    return directions == Directions::both ||
           (directions == Directions::client_to_server) == (direction == Direction::client_to_server);
}
// What becomes of bytes already accepted for a leg that the fault ends: wait (bounded) until its peer's kernel has
// acknowledged them, or throw them away.
enum class InFlight : std::uint8_t { deliver, discard };

enum class Jitter : std::uint8_t { uniform, normal, pareto };

namespace action {
struct Reset {
    Sides sides = Sides::client;
};  // RST; the other leg is closed in order
struct Close {
    Sides sides = Sides::client;
};  // FIN, then the leg is read to its end and closed
struct HalfClose {
    Sides sides = Sides::client;
};              // FIN towards that side; the other direction goes on
struct Stall {  // nothing is passed on; the kernel still acknowledges
    Directions directions = Directions::both;
    std::optional<Duration> time;  // nullopt: for ever
};
struct Delay {  // from here on, each byte is passed on this much later; order is kept
    Directions directions = Directions::both;
    Duration time{};
    Duration jitter{};
    Jitter distribution = Jitter::uniform;
};
struct Throttle {  // from here on
    Directions directions = Directions::both;
    std::uint64_t bytes_per_second = 0;
};
// From here on, as if packets of the stream were lost and TCP had sent them again: what was lost comes later, and
// everything behind it waits. No byte is deleted. Two states (Gilbert-Elliott); with `to_bad` 0 losses are independent.
struct LossStall {
    Directions directions = Directions::both;
    double loss = 0;  // of a segment, in the good state
    double to_bad = 0;
    double to_good = 1;
    double bad_loss = 1;
    Duration round_trip{};  // of the path that is modelled, for the time a retransmission takes
};
enum class Then : std::uint8_t { close, reset, stall };
struct Truncate {  // pass on `keep` bytes of the unit at hand, then end towards its destination
    std::uint64_t keep = 0;
    Then then = Then::close;
};
struct Corrupt {  // flip `bits` different bits of the unit at hand, drawn by key; `skip` leading bytes stay as they are
    std::uint32_t bits = 1;
    std::uint64_t skip = 0;
};
struct DropBytes {  // delete bytes of the unit at hand: this is not packet loss, which TCP would repair
    std::uint64_t offset = 0;
    std::uint64_t count = 1;
};
struct Inject {  // bytes of our own
    Side to = Side::client;
    Bytes bytes;                       // already encoded by the loader
    std::string name;                  // "negotiation_failure 5", "tls_alert 40", "banner", "hex", "error_info 7"
    bool replace = true;               // the unit at hand is dropped; false: it follows the injected bytes
    std::optional<Then> then;          // and then end both legs that way; nullopt: the connection goes on
    std::optional<InjectedPdu> pdu{};  // in place of `bytes`: encoded when it fires, for the session at hand
    bool renegotiation = false;        // no bytes: the proxy's end of TLS asks for a new handshake (TLS 1.2 and older)
    bool alert = false;  // `bytes` is a plaintext TLS alert record; where TLS is intercepted it is said as TLS can
};
struct Mutation {
    std::string field;  // a name of mutation_table(): "confirm.selected_protocol"
    std::uint64_t value = 0;
};
struct Mutate {
    std::vector<Mutation> mutations;
};
struct Postpone {  // hold the unit at hand, and pass it on behind the next `count` units of its direction
    std::uint32_t count = 1;
};
struct Split {  // the unit at hand is sent in pieces of `size` bytes: TLS records of their own
    std::uint64_t size = 1;
};
struct Refuse {};  // connection refused: the port is closed for the connections selected
struct AcceptThenClose {
    bool reset = false;
};
struct HoldAccept {};    // the kernel completes the TCP handshake, nobody ever accepts
struct MaxConnections {  // more than `count` at a time are ended at accept
    std::uint32_t count = 1;
    bool reset = false;
};
}  // namespace action

using Action = std::variant<action::Reset, action::Close, action::HalfClose, action::Stall, action::Delay,
                            action::Throttle, action::LossStall, action::Truncate, action::Corrupt, action::DropBytes,
                            action::Inject, action::Mutate, action::Postpone, action::Split, action::Refuse,
                            action::AcceptThenClose, action::HoldAccept, action::MaxConnections>;

// "reset", "close", ...: the name used in scenarios, logs and reports.
std::string_view name(const Action& action);

// True for those that need a unit at hand (an `at:` stage or record trigger).
bool needs_unit(const Action& action);
// True for those that act before a connection exists or is accepted (trigger: start).
bool acts_at_accept(const Action& action);

struct Fault {
    std::string id;  // unique in its scenario; default: "1", "2", ... by position
    Trigger trigger;
    Action action;
    Segment segment = Segment::client_wire;  // where it looks and acts
    InFlight in_flight = InFlight::deliver;
};

// What the proxy needs to know of a scenario.
struct FaultPlan {
    std::string scenario;  // its name; keys the random draws
    std::uint64_t seed = 1;
    std::vector<Fault> faults;
};

struct ActionInfo {
    std::string_view name;
    std::string_view summary;   // for `rdpfault faults`
    std::string_view fidelity;  // "wire" | "modelled"
};
std::span<const ActionInfo> action_table();

// Names accepted by `mutate:`, with what each changes.
struct MutationInfo {
    std::string_view name;
    Stage stage;  // the unit it applies to
    std::string_view summary;
    std::optional<Direction> from{};  // whose, when both sides send units of that stage
};
std::span<const MutationInfo> mutation_table();

}  // namespace rdpfault::proxy
