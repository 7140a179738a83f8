// Packets that are lost for what they are: the first SYN, the third data packet, the one that carries a stage.
#pragma once

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

class KindLossEffect final : public Effect {
  public:
    explicit KindLossEffect(Direction direction) : direction_(direction) {}

    std::string_view name() const override { return "lose"; }
    void configure(const DirectionSpec& spec, Time now) override;
    void take(PacketPtr packet, Time now, Outlet& outlet) override;

  private:
    struct Rule {
        KindLoss wanted;
        std::uint32_t seen = 0;
        std::uint32_t lost = 0;
        // Of a stage: the packet lost, to know its retransmissions.
        FlowKey flow{};
        std::uint32_t last_byte = 0;
    };
    bool strikes(Rule& rule, const Packet& packet) const;
    bool carries(Rule& rule, const Packet& packet) const;

    Direction direction_;
    std::vector<KindLoss> wanted_;
    std::vector<Rule> rules_;
};

}  // namespace rdpfault::link
