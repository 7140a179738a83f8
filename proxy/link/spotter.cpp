#include "proxy/link/spotter.hpp"

namespace rdpfault::link {

// What enters comes from one kernel, in order; only retransmissions repeat. A gap (a ring that ran over) leaves the
// rest of that stream unknown: after it no packet continues what is expected.
void Spotter::look(Packet& packet, Direction direction) {
    const auto& h = packet.headers;
    if (!h.tcp() || h.kind == Kind::other) return;
    const auto key = flow_of(h, packet.frame(), direction);
    const auto side = static_cast<int>(direction);
    if (h.kind == Kind::reset) {
        flows_.erase(key);
        return;
    }
    if (h.kind == Kind::syn || h.kind == Kind::syn_ack) {
        if (h.kind == Kind::syn) flows_.erase(key);
        if (flows_.size() >= max_flows && !flows_.contains(key)) flows_.erase(flows_.begin());
        auto& flow = flows_[key];
        flow.expected[side] = h.sequence + 1;
        flow.known[side] = true;
        return;
    }
    const auto found = flows_.find(key);
    if (h.kind != Kind::data || found == flows_.end() || !found->second.known[side]) return;
    auto& flow = found->second;
    const auto repeated = flow.expected[side] - h.sequence;  // modulo 2^32: huge when there is a gap
    if (repeated >= h.payload_size()) return;
    flow.expected[side] = h.sequence + h.payload_size();
    events_.clear();
    flow.tracker.feed(direction, packet.payload().subspan(repeated), events_);
    for (const auto& event : events_)
        if (event.kind == TrackerEvent::Kind::stage) packet.stages.push_back(event.stage);
}

}  // namespace rdpfault::link
