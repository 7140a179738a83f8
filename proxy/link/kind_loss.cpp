#include "proxy/link/kind_loss.hpp"

#include <algorithm>

namespace rdpfault::link {

void KindLossEffect::configure(const DirectionSpec& spec, Time /*now*/) {
    const auto wanted = spec.lose.value_or(std::vector<KindLoss>{});
    if (wanted == wanted_) return;  // counting goes on over changes of other things
    wanted_ = wanted;
    rules_.clear();
    for (const auto& loss : wanted)
        rules_.push_back({.wanted = loss});
}

void KindLossEffect::take(PacketPtr packet, Time now, Outlet& outlet) {
    bool lost = false;
    for (auto& rule : rules_)
        lost = strikes(rule, *packet) || lost;
    if (lost)
        ++dropped_;
    else
        outlet.pass(std::move(packet), now);
}

bool KindLossEffect::strikes(Rule& rule, const Packet& packet) const {
    if (rule.lost == rule.wanted.count) return false;
    if (rule.wanted.stage) {
        if (!carries(rule, packet)) return false;
    } else {
        if (packet.headers.kind != rule.wanted.kind || packet.ordinal == 0) return false;
        if (++rule.seen < rule.wanted.nth) return false;
    }
    ++rule.lost;
    return true;
}

bool KindLossEffect::carries(Rule& rule, const Packet& packet) const {
    const auto& h = packet.headers;
    if (rule.lost > 0) {
        const auto distance = rule.last_byte - h.sequence;  // modulo 2^32, as sequence numbers are
        return h.tcp() && distance < h.payload_size() && flow_of(h, packet.frame(), direction_) == rule.flow;
    }
    const auto units = std::count(packet.stages.begin(), packet.stages.end(), *rule.wanted.stage);
    if (units == 0) return false;
    rule.seen += static_cast<std::uint32_t>(units);
    if (rule.seen < rule.wanted.nth) return false;
    rule.flow = flow_of(h, packet.frame(), direction_);
    rule.last_byte = h.sequence + h.payload_size() - 1;
    return true;
}

}  // namespace rdpfault::link
