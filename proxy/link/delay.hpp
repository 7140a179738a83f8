// Time on the way: latency, and jitter around it.
#pragma once

#include <map>

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

class DelayEffect final : public Effect {
  public:
    explicit DelayEffect(Chance chance) : chance_(std::move(chance)) {}

    // Packets on the way at once; what comes beyond is dropped, so that memory has a bound.
    static constexpr std::size_t capacity = 50'000;

    std::string_view name() const override { return "delay"; }
    void configure(const DirectionSpec& spec, Time now) override;
    void take(PacketPtr packet, Time now, Outlet& outlet) override;
    std::optional<Time> due() const override;
    void advance(Time now, Outlet& outlet) override;

  private:
    Duration drawn(std::uint64_t ordinal) const;

    Chance chance_;
    Duration latency_{0};
    Jitter jitter_;
    std::multimap<Time, PacketPtr> held_;  // equal times leave in the order they came
};

}  // namespace rdpfault::link
