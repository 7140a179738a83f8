#include "proxy/link/idle_limit.hpp"

#include <algorithm>

#include "proxy/link/answers.hpp"

namespace rdpfault::link {

FlowTable::State FlowTable::heard(const FlowKey& flow, bool opens, Duration limit, Time now) {
    auto entry = last_.find(flow);
    if (!opens && entry == last_.end()) return State::unknown;
    if (!opens && now - entry->second > limit) return State::forgotten;
    if (entry == last_.end() && last_.size() >= capacity)
        last_.erase(std::min_element(last_.begin(), last_.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; }));
    last_[flow] = now;
    return State::alive;
}

void IdleLimitEffect::take(PacketPtr packet, Time now, Outlet& outlet) {
    const auto& h = packet->headers;
    // What the box itself says on the way back is not subject to its own memory.
    const bool ours = packet->ordinal == 0;
    if (ours || limit_.after.count() == 0 || !h.tcp() || h.kind == Kind::other)
        return outlet.pass(std::move(packet), now);
    const auto state = flows_->heard(flow_of(h, packet->frame(), direction_), h.kind == Kind::syn, limit_.after, now);
    // A flow that began before there was a limit is let be.
    if (state != FlowTable::State::forgotten) return outlet.pass(std::move(packet), now);
    ++dropped_;
    if (!limit_.reset) return;
    if (auto answer = make_reset(*packet)) outlet.answer(std::move(answer), now);
}

}  // namespace rdpfault::link
