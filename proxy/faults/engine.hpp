// Decides, for one connection, which faults fire and exactly where. Tracker events and byte counts in, firings out; it
// never sees a socket or a clock, and the outcome does not depend on how the streams were cut into reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/stage_tracker.hpp"
#include "proxy/faults/fault.hpp"

namespace rdpfault::proxy {

// A fault whose moment has come.
struct Firing {
    const Fault* fault = nullptr;
    std::optional<Direction> direction;  // of the unit or byte; nullopt: start and idle
    std::optional<Stage> stage;          // of the unit, when it is one
    std::uint32_t nth = 0;
    std::uint64_t begin = 0;  // the unit's place in the stream; begin == end: there is none
    std::uint64_t end = 0;
    std::uint64_t cut = 0;  // bytes of the direction that are passed on before the fault acts
    bool holds = false;     // bytes behind the cut wait until the fault has acted, also for `elapsed`
};

// A random decision taken when the connection began.
struct Draw {
    const Fault* fault = nullptr;
    double value = 0;
    bool armed = false;
};

class FaultEngine {
  public:
    // `plan` must outlive the engine. Faults of other segments and for other connections, and those that act at accept,
    // are not armed.
    FaultEngine(const FaultPlan& plan, std::uint32_t connection, Segment segment = Segment::client_wire);

    const std::vector<Draw>& draws() const { return draws_; }

    // Nothing is armed that has not fired.
    bool spent() const;
    // Whether a unit of this direction may have to be held back whole before a byte of it is passed on.
    bool wants_units(Direction direction) const;
    // The lowest offset of this direction at which a fault that has not fired acts.
    std::optional<std::uint64_t> next_byte(Direction direction) const;

    // The moments. Each fault fires at most once a connection, in the order of the file.
    void started(std::vector<Firing>& out);
    void saw(const TrackerEvent& event, std::vector<Firing>& out);
    void received(Direction direction, std::uint64_t total,
                  std::vector<Firing>& out);  // AtByte: `total` bytes are here
    void idle(Duration quiet, std::vector<Firing>& out);
    // The shortest silence a fault still waits for.
    std::optional<Duration> idle_limit() const;

  private:
    struct Armed {
        const Fault* fault;
        bool fired = false;
    };
    void fire(Armed& armed, Firing firing, std::vector<Firing>& out) const;

    std::vector<Armed> armed_;
    std::vector<Draw> draws_;
};

}  // namespace rdpfault::proxy
