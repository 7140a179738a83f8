// Packets whose bits are flipped: noticed by the receiver's checksum, or made to pass it.
#pragma once

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

class CorruptEffect final : public Effect {
  public:
    explicit CorruptEffect(Chance chance) : chance_(std::move(chance)) {}

    std::string_view name() const override { return "corrupt"; }
    void configure(const DirectionSpec& spec, Time now) override;
    // Packets without a payload are left alone.
    void take(PacketPtr packet, Time now, Outlet& outlet) override;

  private:
    void flip(Packet& packet, proxy::Draws& draws) const;

    Chance chance_;
    Corrupt corrupt_;
};

}  // namespace rdpfault::link
