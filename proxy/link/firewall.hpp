// A firewall that does not want a connection: the SYN vanishes, or is answered with RST or ICMP.
#pragma once

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

class FirewallEffect final : public Effect {
  public:
    std::string_view name() const override { return "syn"; }
    void configure(const DirectionSpec& spec, Time /*now*/) override { answer_ = spec.syn.value_or(SynAnswer::pass); }
    void take(PacketPtr packet, Time now, Outlet& outlet) override;

  private:
    SynAnswer answer_ = SynAnswer::pass;
};

}  // namespace rdpfault::link
