// Packets that arrive twice.
#pragma once

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

class DuplicateEffect final : public Effect {
  public:
    explicit DuplicateEffect(Chance chance) : chance_(std::move(chance)) {}

    std::string_view name() const override { return "duplicate"; }
    void configure(const DirectionSpec& spec, Time /*now*/) override { probability_ = spec.duplicate.value_or(0); }
    void take(PacketPtr packet, Time now, Outlet& outlet) override {
        if (probability_ > 0 && chance_.draws(name(), packet->ordinal).uniform() < probability_) {
            ++touched_;
            outlet.pass(copy_of(*packet), now);
        }
        outlet.pass(std::move(packet), now);
    }

  private:
    Chance chance_;
    double probability_ = 0;
};

}  // namespace rdpfault::link
