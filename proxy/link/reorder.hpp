// Packets that are overtaken by those behind them.
#pragma once

#include <list>

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

class ReorderEffect final : public Effect {
  public:
    explicit ReorderEffect(Chance chance) : chance_(std::move(chance)) {}

    std::string_view name() const override { return "reorder"; }
    void configure(const DirectionSpec& spec, Time now) override;
    void take(PacketPtr packet, Time now, Outlet& outlet) override;
    std::optional<Time> due() const override;
    void advance(Time now, Outlet& outlet) override;

  private:
    struct Held {
        PacketPtr packet;
        Time latest{};
        std::uint32_t to_overtake = 0;
    };
    void overtake(Time now, Outlet& outlet);

    Chance chance_;
    Reorder reorder_;
    std::list<Held> held_;
};

}  // namespace rdpfault::link
