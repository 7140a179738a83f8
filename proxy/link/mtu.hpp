// A hop with a smaller MTU than the ends know of: it says so, or it is a black hole.
#pragma once

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

class MtuEffect final : public Effect {
  public:
    std::string_view name() const override { return "mtu"; }
    void configure(const DirectionSpec& spec, Time /*now*/) override { mtu_ = spec.mtu.value_or(Mtu{}); }
    void take(PacketPtr packet, Time now, Outlet& outlet) override;

  private:
    Mtu mtu_;
};

}  // namespace rdpfault::link
