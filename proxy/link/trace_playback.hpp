// A recorded link played back: packets leave at the times when the recorded link could send one.
#pragma once

#include <deque>

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

class TraceEffect final : public Effect {
  public:
    static constexpr std::uint32_t bytes_per_opportunity = 1500;

    std::string_view name() const override { return "trace"; }
    void configure(const DirectionSpec& spec, Time now) override;
    void take(PacketPtr packet, Time now, Outlet& outlet) override;
    std::optional<Time> due() const override;
    void advance(Time now, Outlet& outlet) override;

  private:
    Time opportunity() const;
    void pass_unused(Time now);
    void step();

    Trace trace_;
    Time began_{};
    std::uint64_t round_ = 0;
    std::size_t next_ = 0;
    std::deque<PacketPtr> queue_;
};

// A trace file: one time in milliseconds on each line, not decreasing, the last above zero. False when it is not that.
bool parse_trace(std::string_view text, std::vector<std::uint32_t>& milliseconds);

}  // namespace rdpfault::link
