// One thing that a link does to the packets of a direction. Effects are state machines: packets and times in, packets
// and times out; the clock is the caller's. A chain of them is a link (chain.hpp).
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/faults/random.hpp"
#include "proxy/link/network_spec.hpp"
#include "proxy/link/packet.hpp"

namespace rdpfault::link {

using proxy::Time;

// Written by the link's thread, readable from any.
class Counter {
  public:
    void operator+=(std::uint64_t n) { value_.store(get() + n, std::memory_order_relaxed); }
    void operator++() { *this += 1; }
    std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_{0};
};

// What an effect hands on.
class Outlet {
  public:
    virtual ~Outlet() = default;
    // To what comes after it, at this moment, which is not before any moment given earlier.
    virtual void pass(PacketPtr packet, Time at) = 0;
    // Back to the sender: a packet of the link's own, which the effects of the other direction will meet.
    virtual void answer(PacketPtr packet, Time at) = 0;
};

// What keys the random decisions of one effect.
struct Chance {
    std::uint64_t seed = 1;
    std::string scenario{};
    Direction direction{};

    // The draws for one packet: they depend on nothing but these and its ordinal. The same ordinal is drawn for again
    // when a packet is a duplicate, with the same fate.
    proxy::Draws draws(std::string_view effect, std::uint64_t ordinal) const {
        return proxy::Draws({.seed = seed,
                             .scenario = scenario,
                             .connection = 0,
                             .direction = direction,
                             .fault = effect,
                             .unit = ordinal});
    }
};

class Effect {
  public:
    virtual ~Effect() = default;
    virtual std::string_view name() const = 0;
    // Takes what concerns it from the spec; what it holds it keeps. `now`: when this was brought into force.
    virtual void configure(const DirectionSpec& spec, Time now) = 0;
    // A packet at this moment: passed on, kept for later, changed, or dropped, which is counted.
    virtual void take(PacketPtr packet, Time now, Outlet& outlet) = 0;
    // When the next of the packets it holds is to leave.
    virtual std::optional<Time> due() const { return std::nullopt; }
    // Passes on what is due by `now`, at `now`.
    virtual void advance(Time now, Outlet& outlet) {
        static_cast<void>(now);
        static_cast<void>(outlet);
    }

    const Counter& dropped() const { return dropped_; }
    const Counter& touched() const { return touched_; }  // delayed, changed, doubled, answered: whatever it does

  protected:
    Counter dropped_, touched_;
};

}  // namespace rdpfault::link
