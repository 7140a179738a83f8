// A line with a speed, and the queue before it: a packet takes its length divided by the rate to be sent, those behind
// it wait, and what finds the queue full is dropped.
#pragma once

#include <deque>

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

class RateEffect final : public Effect {
  public:
    static constexpr std::uint64_t default_queue = 256 * 1024;

    std::string_view name() const override { return "rate"; }
    void configure(const DirectionSpec& spec, Time now) override;
    void take(PacketPtr packet, Time now, Outlet& outlet) override;
    std::optional<Time> due() const override;
    void advance(Time now, Outlet& outlet) override;

  private:
    using Nanoseconds = std::chrono::nanoseconds;
    Nanoseconds sending_time(std::uint64_t bytes) const;
    bool full(std::uint64_t bytes) const;
    void begin_next(Time now);

    Rate rate_;
    std::deque<PacketPtr> queue_;  // the first of them is being sent
    std::uint64_t queued_bytes_ = 0;
    Time line_free_{};   // when the first of the queue has been sent
    Time idle_since_{};  // credit for a burst gathers from here
};

}  // namespace rdpfault::link
