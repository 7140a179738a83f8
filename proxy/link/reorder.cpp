#include "proxy/link/reorder.hpp"

#include <algorithm>

namespace rdpfault::link {

void ReorderEffect::configure(const DirectionSpec& spec, Time /*now*/) {
    reorder_ = spec.reorder.value_or(Reorder{});
}

void ReorderEffect::take(PacketPtr packet, Time now, Outlet& outlet) {
    if (reorder_.probability > 0 && chance_.draws(name(), packet->ordinal).uniform() < reorder_.probability) {
        ++touched_;
        held_.push_back({std::move(packet), now + reorder_.at_most, reorder_.distance});
        return;
    }
    outlet.pass(std::move(packet), now);
    overtake(now, outlet);
}

void ReorderEffect::overtake(Time now, Outlet& outlet) {
    for (auto held = held_.begin(); held != held_.end();) {
        if (held->to_overtake > 1) {
            --held->to_overtake;
            ++held;
            continue;
        }
        auto packet = std::move(held->packet);
        held = held_.erase(held);
        outlet.pass(std::move(packet), now);
    }
}

std::optional<Time> ReorderEffect::due() const {
    if (held_.empty()) return std::nullopt;
    return std::min_element(held_.begin(), held_.end(),
                            [](const Held& a, const Held& b) { return a.latest < b.latest; })
        ->latest;
}

void ReorderEffect::advance(Time now, Outlet& outlet) {
    for (auto held = held_.begin(); held != held_.end();) {
        if (held->latest > now) {
            ++held;
            continue;
        }
        auto packet = std::move(held->packet);
        held = held_.erase(held);
        outlet.pass(std::move(packet), now);
    }
}

}  // namespace rdpfault::link
