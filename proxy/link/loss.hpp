// Packets that are lost: by chance (independent, Gilbert-Elliott, four states) or by number.
#pragma once

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

class LossEffect final : public Effect {
  public:
    explicit LossEffect(Chance chance) : chance_(std::move(chance)) {}

    std::string_view name() const override { return "loss"; }
    void configure(const DirectionSpec& spec, Time now) override;
    void take(PacketPtr packet, Time now, Outlet& outlet) override;

  private:
    bool lost(const NoLoss&, std::uint64_t) { return false; }
    bool lost(const Bernoulli& model, std::uint64_t ordinal);
    bool lost(const GilbertElliott& model, std::uint64_t ordinal);
    bool lost(const FourState& model, std::uint64_t ordinal);
    bool lost(const Pattern& model, std::uint64_t ordinal);

    Chance chance_;
    Loss model_;
    bool bad_ = false;        // Gilbert-Elliott
    std::uint8_t state_ = 1;  // four states
};

}  // namespace rdpfault::link
