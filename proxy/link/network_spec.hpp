// What an emulated link does to packets, as plain data. The language: docs/scenario-language.md, `network:`.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/bytes.hpp"
#include "protocol/stage.hpp"
#include "proxy/link/packet.hpp"

namespace rdpfault::link {

using Duration = std::chrono::microseconds;

enum class Spread : std::uint8_t { uniform, normal, pareto };
struct Jitter {
    Duration amount{0};  // uniform: up to this much earlier or later; normal: the deviation; pareto: the mean added
    Spread spread = Spread::uniform;
    bool keep_order = true;  // no packet overtakes another
    bool operator==(const Jitter&) const = default;
};

struct NoLoss {
    bool operator==(const NoLoss&) const = default;
};
struct Bernoulli {
    double probability = 0;
    bool operator==(const Bernoulli&) const = default;
};
// Two states; the state before the transition decides. Loss rate (1-k) r/(p+r) + (1-h) p/(p+r).
struct GilbertElliott {
    double p = 0;          // good -> bad, for each packet
    double r = 1;          // bad -> good
    double bad_loss = 1;   // 1-h
    double good_loss = 0;  // 1-k
    bool operator==(const GilbertElliott&) const = default;
};
// States: 1 received, 2 received within a burst, 3 lost within a burst, 4 a single loss (Salsano et al., 2012).
struct FourState {
    double p13 = 0, p31 = 1, p32 = 0, p23 = 0, p14 = 0;
    bool operator==(const FourState&) const = default;
};
// Packets by their ordinal in the direction, from 1.
struct Pattern {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;  // first and last, both lost
    bool operator==(const Pattern&) const = default;
};
using Loss = std::variant<NoLoss, Bernoulli, GilbertElliott, FourState, Pattern>;

// Packets chosen by what they are: the `nth` of them and the `count - 1` after it.
struct KindLoss {
    std::optional<Kind> kind{};    // either this
    std::optional<Stage> stage{};  // or the packet with the last byte of the nth unit of this stage; count > 1: also
                                   // its first count - 1 retransmissions
    std::uint32_t nth = 1;
    std::uint32_t count = 1;
    bool operator==(const KindLoss&) const = default;
};

struct Reorder {
    double probability = 0;
    std::uint32_t distance = 3;  // packets that overtake the chosen one
    Duration at_most{50'000};    // it is held no longer than this
    bool operator==(const Reorder&) const = default;
};

struct Corrupt {
    double probability = 0;
    std::uint32_t bits = 1;
    bool right_checksum = false;  // the damage is passed to the application; else the receiver's kernel drops it
    bool operator==(const Corrupt&) const = default;
};

struct Rate {
    std::uint64_t bytes_per_second = 0;  // of IP packets; 0: no limit
    std::uint64_t burst = 0;             // bytes that may go at once after a pause; below one packet: none
    std::uint64_t queue_bytes = 0;       // what waits beyond this is dropped at the tail; 0: no limit in bytes
    std::uint64_t queue_packets = 0;     // 0: no limit in packets; both 0: 256 KiB
    bool operator==(const Rate&) const = default;
};

// A recorded link: at each of these times one packet of up to 1500 bytes (or several that fit into it) may go; then
// from the beginning again (mahimahi's packet-delivery traces).
struct Trace {
    std::vector<std::uint32_t> milliseconds;  // not decreasing; the last one is the length of the whole
    std::uint64_t queue_packets = 1000;
    bool operator==(const Trace&) const = default;
};

struct Mtu {
    std::uint32_t bytes = 0;  // of an IP packet; 0: no limit
    bool black_hole = false;  // else ICMP "fragmentation needed" or "packet too big" to the sender
    bool operator==(const Mtu&) const = default;
};

struct Outage {
    Duration at{0};  // since the link began, or since the change that brought this
    Duration length{0};
    Duration every{0};  // again and again; 0: once
    bool operator==(const Outage&) const = default;
};

enum class SynAnswer : std::uint8_t { pass, drop, reset, port_unreachable, host_unreachable, prohibited };

// A translator that forgets a flow in which no packet went either way for this long.
struct IdleLimit {
    Duration after{0};   // 0: never
    bool reset = false;  // a later packet is answered with RST; else it vanishes
    bool operator==(const IdleLimit&) const = default;
};

// One direction. Unset: not asked for, or, in a change, as it was.
struct DirectionSpec {
    std::optional<Duration> latency;
    std::optional<Jitter> jitter;
    std::optional<Loss> loss;
    std::optional<std::vector<KindLoss>> lose;
    std::optional<double> duplicate;
    std::optional<Reorder> reorder;
    std::optional<Corrupt> corrupt;
    std::optional<Rate> rate;
    std::optional<Trace> trace;
    std::optional<Mtu> mtu;
    std::optional<std::uint32_t> mss_clamp;  // largest MSS that a SYN may announce; 0: any
    std::optional<std::vector<Outage>> outages;
    std::optional<bool> silent;
    std::optional<SynAnswer> syn;
    std::optional<IdleLimit> idle;

    bool operator==(const DirectionSpec&) const = default;
};
// What is set in `change` replaces what `base` has.
void apply(DirectionSpec& base, const DirectionSpec& change);

// From a moment on, something else.
struct Change {
    std::optional<Duration> at;  // since the link began; or
    std::optional<Stage>
        at_stage;  // from the packet with the last byte of this stage's first unit on, that included; or
    std::optional<Stage> after_stage;  // that excluded
    DirectionSpec towards_server, towards_client;
};

enum class Between : std::uint8_t { client, server, middle };
std::string_view to_string(Between between);

struct NetworkSpec {
    Between between = Between::client;
    DirectionSpec towards_server, towards_client;
    std::vector<Change> timeline;
    std::string congestion;         // of TCP at both ends of the link; empty: the kernel's own
    std::uint32_t client_mtu = 0;   // of the interface at the client's end; 0: 1500
    Duration keep_alive{0};         // of TCP's keep-alive probes at both ends; 0: none
    bool modelled_allowed = false;  // without a packet link: an approximation on the stream will do

    const DirectionSpec& of(Direction direction) const {
        return direction == Direction::client_to_server ? towards_server : towards_client;
    }
    // Some part of it looks at stages.
    bool names_stages() const;
};

}  // namespace rdpfault::link
