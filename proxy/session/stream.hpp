// One direction of a proxied connection: what has arrived, what is held back, what is on its way out.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "proxy/faults/engine.hpp"
#include "proxy/faults/postponed.hpp"
#include "proxy/session/held_stream.hpp"
#include "proxy/session/shaper.hpp"

namespace rdpfault::proxy {

struct Stream {
    // A fault that waits for its cut, and then perhaps for its time.
    struct Pending {
        Firing firing;
        std::optional<Time> due;
    };

    HeldStream held;
    Shaper shaper;
    std::vector<Pending> pending;   // by cut; of equal ones, by the order of the file
    std::deque<TrackerEvent> seen;  // units that are complete and not yet noted
    Postponed postponed;            // units that go back behind later ones
    std::uint64_t outstanding = 0;  // bytes given to the driver that its kernel has not taken
    std::uint64_t known = 0;        // received bytes that the fault engine has been told of
    std::uint64_t complete = 0;     // of those, the ones that belong to complete units
    std::uint64_t passed = 0;       // received bytes that have been passed on, or stand edited on their way out
    bool source_ended = false;      // FIN or RST from the source
    bool discarding = false;        // what still arrives is thrown away
    bool stalled = false;
    std::optional<Time> stalled_until;
    bool finish = false;  // FIN to the destination once everything has been passed on
    bool finished = false;
    bool paused = false;  // reading from the source

    std::uint64_t received() const { return held.end(); }
    std::uint64_t backlog() const { return held.size() + shaper.size() + outstanding; }
};

}  // namespace rdpfault::proxy
