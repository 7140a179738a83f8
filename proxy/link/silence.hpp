// A direction in which nothing passes any more, and nobody is told: for good, or in windows of time.
#pragma once

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

class SilenceEffect final : public Effect {
  public:
    std::string_view name() const override { return "silence"; }
    void configure(const DirectionSpec& spec, Time now) override;
    void take(PacketPtr packet, Time now, Outlet& outlet) override;

  private:
    bool out(Time now) const;

    bool silent_ = false;
    std::vector<Outage> outages_;
    Time since_{};
};

}  // namespace rdpfault::link
