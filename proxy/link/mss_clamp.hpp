// What routers do against MTU black holes: the MSS that a SYN or SYN-ACK announces is lowered on its way.
#pragma once

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

class MssClampEffect final : public Effect {
  public:
    std::string_view name() const override { return "mss_clamp"; }
    void configure(const DirectionSpec& spec, Time /*now*/) override { limit_ = spec.mss_clamp.value_or(0); }
    void take(PacketPtr packet, Time now, Outlet& outlet) override;

  private:
    std::uint32_t limit_ = 0;
};

}  // namespace rdpfault::link
