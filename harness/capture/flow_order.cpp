// The packets of a flow before they count: whose they are, and in which order.
#include <algorithm>

#include "harness/capture/flow.hpp"

namespace rdpfault::capture {

namespace {

// Packets that may wait for one which they acknowledge, and which a capture has behind them.
constexpr std::size_t max_early = 6;

std::size_t index(Side side) {
    return static_cast<std::size_t>(side);
}

// A TPKT with a Connection Request of X.224, or a Confirm.
bool begins_with(ByteView payload, std::uint8_t tpdu) {
    return payload.size() > 5 && payload[0] == 3 && payload[1] == 0 && (payload[5] & 0xF0) == tpdu;
}

}  // namespace

bool Flow::is_successor(const Segment& segment) const {
    if (!segment.has(flag::syn) || segment.has(flag::ack)) return false;
    const auto& first = halves_[index(segment.source == account_.client ? Side::client : Side::server)].syn;
    if (first) return *first != segment.sequence;
    return account_.packets > 0;
}

// Who is the client: whoever sent the SYN, or the Connection Request; else it stays a guess.
void Flow::orient(const Segment& segment) {
    if (oriented_) return;
    const bool syn = segment.has(flag::syn);
    if (!syn && segment.payload.empty()) return;
    bool from_client = segment.source == account_.client;
    if (syn) from_client = !segment.has(flag::ack);
    if (!syn && begins_with(segment.payload, 0xE0)) from_client = true;
    if (!syn && begins_with(segment.payload, 0xD0)) from_client = false;
    const auto& client = from_client ? segment.source : segment.destination;
    if (client != account_.client) {
        std::swap(account_.client, account_.server);
        std::swap(halves_[0], halves_[1]);
        std::swap(account_.seen[0], account_.seen[1]);
        if (end_) end_->side = other(end_->side);
    }
    oriented_ = true;
}

// It acknowledges what was not seen: that is missing, or comes a little later in the capture.
bool Flow::is_early(const Segment& segment) const {
    if (!oriented_ || !segment.has(flag::ack) || segment.has(flag::syn)) return false;
    const auto& peer = half(segment.source == account_.client ? Side::server : Side::client);
    if (!peer.stream.begun()) return false;
    const auto ahead = peer.stream.offset_of(segment.acknowledged) - static_cast<std::int64_t>(peer.stream.next());
    return ahead > (peer.fin ? 1 : 0) && ahead <= farthest;
}

void Flow::packet(const Segment& segment, Time at) {
    const auto same_side = [&](const Early& one) { return one.segment.source == segment.source; };
    if (std::ranges::any_of(early_, same_side) || is_early(segment)) {
        auto& one = early_.emplace_back(Early{segment, Bytes(segment.payload.begin(), segment.payload.end()), at});
        one.segment.payload = one.payload;
        if (early_.size() > max_early) take_first_early();
    } else {
        take(segment, at);
    }
    while (!early_.empty() && !is_early(early_.front().segment))
        take_first_early();
}

void Flow::take_first_early() {
    const auto one = std::move(early_.front());
    early_.pop_front();
    take(one.segment, one.at);
}

}  // namespace rdpfault::capture
