#include "harness/capture/flow.hpp"

#include <algorithm>

namespace rdpfault::capture {

namespace {

// No stack sends again before this because nothing came.
constexpr Duration shortest_timeout{10'000};
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

Flow::Flow(const Address& client, const Address& server, const KeyLog* keys) : talk_(keys) {
    account_.client = client;
    account_.server = server;
}

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

void Flow::begin_streams(const Segment& segment, Side side) {
    auto& self = half(side);
    auto& peer = half(other(side));
    const bool syn = segment.has(flag::syn);
    if (syn && !self.syn) {
        // Data may have gone by before the SYN only where packets overtake each other: what was begun stays.
        self.syn = segment.sequence;
        if (segment.window_scale) self.scale = *segment.window_scale;
        self.data_end = std::max<std::int64_t>(self.data_end, 0);
        if (segment.has(flag::ack)) peer.data_end = std::max<std::int64_t>(peer.data_end, 0);
        account_.beginning_seen = true;
    }
    if (!self.stream.begun()) self.stream.begin(segment.sequence + (syn ? 1 : 0));
    if (segment.has(flag::ack) && !peer.stream.begun()) peer.stream.begin(segment.acknowledged);
    if (!segment.has(flag::syn)) self.window = static_cast<std::uint32_t>(segment.window) << self.scale;
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

void Flow::take(const Segment& segment, Time at) {
    orient(segment);
    const auto side = segment.source == account_.client ? Side::client : Side::server;
    if (account_.packets++ == 0) account_.began = at;
    account_.last = std::max(account_.last, at);
    account_.seen[index(side)] = true;
    // Where a capture sees a packet at several places, copies follow at once: they are not sent again.
    const bool copy = half(side).last && at - *half(side).last < shortest_timeout;
    if (segment.has(flag::syn) && side == Side::client && !copy) ++account_.syns;
    // Its sequence number says nothing: there is no stream that it could belong to.
    if (segment.has(flag::rst) && side == Side::server && !account_.connected && segment.sequence == 0 &&
        half(Side::client).syn && segment.acknowledged == *half(Side::client).syn + 1) {
        refused_ = true;
        return end({side, true, at, 0, {}, {}, false});
    }
    begin_streams(segment, side);
    if (segment.has(flag::ack) && !segment.has(flag::syn) && side == Side::client) account_.connected = true;
    if (side == Side::server && (segment.has(flag::syn) || segment.size > 0)) account_.connected = true;
    auto& self = half(side);
    half(other(side)).repeats = 0;
    if (!segment.has(flag::rst)) {
        self.hops_vary |= self.hops && *self.hops != segment.hops;
        self.hops = segment.hops;
        ++self.others;
    }
    const auto offset = self.stream.offset_of(segment.sequence) + (segment.has(flag::syn) ? 1 : 0);
    if (std::abs(offset - self.sent) > farthest) return;
    if (segment.has(flag::ack)) acknowledge(segment, side, at);
    if (segment.has(flag::rst)) return reset(segment, side, offset, at);
    data(segment, side, offset, copy, at);
    self.last = at;
}

void Flow::acknowledge(const Segment& segment, Side side, Time at) {
    const auto by = other(side);
    auto& peer = half(by);
    const auto offset = peer.stream.offset_of(segment.acknowledged);
    if (offset - peer.sent > farthest || offset <= peer.acked) return;
    peer.acked = offset;
    std::vector<Stretch> stretches;
    peer.stream.acknowledged(peer.fin ? std::min(offset, *peer.fin) : offset, stretches);
    tell(by, stretches, at);
}

void Flow::data(const Segment& segment, Side side, std::int64_t offset, bool copy, Time at) {
    auto& self = half(side);
    const auto end_of_data = offset + segment.size;
    const bool probe = segment.size <= 1 && !segment.has(flag::syn) && offset == self.sent - 1 && !self.fin;
    if (probe || (segment.size > 0 && end_of_data <= self.sent)) {
        if (!copy) ++self.repeats;
        if (segment.size > 0 && !probe) ++account_.retransmitted[index(side)];
    } else if (segment.size > 0 && !end_) {
        account_.last_word = side;
        account_.last_data = at;
    }
    if (segment.size > 0 && !probe) self.data_end = std::max(self.data_end, end_of_data);
    self.sent = std::max(self.sent, end_of_data + (segment.has(flag::fin) ? 1 : 0));
    std::vector<Stretch> stretches;
    self.stream.add(offset, segment.payload, stretches);
    tell(side, stretches, at);
    if (!segment.has(flag::fin) || self.fin) return;
    self.fin = end_of_data;
    FirstEnd fin{side, false, at, end_of_data, {}, {}, false};
    if (segment.has(flag::ack)) fin.has = half(other(side)).stream.offset_of(segment.acknowledged);
    end(fin);
}

// A receiver takes a reset only within its window (RFC 9293 3.10.7.4).
void Flow::reset(const Segment& segment, Side side, std::int64_t offset, Time at) {
    auto& self = half(side);
    const auto& peer = half(other(side));
    constexpr std::int64_t slack = 65535;  // the window is not seen after every packet
    const auto last = std::max(self.acked, self.sent) + std::max<std::int64_t>(peer.window, slack);
    if (offset < self.acked - 1 || offset > last) {
        ++account_.ignored_resets;
        return;
    }
    if (end_ && end_->reset && end_->side != side) end_->answered = true;
    closed_ = true;
    FirstEnd reset{side, true, at, offset, {}, segment.hops, false};
    if (segment.has(flag::ack)) reset.has = peer.stream.offset_of(segment.acknowledged);
    end(reset);
}

void Flow::end(FirstEnd end) {
    if (!end_) end_ = end;
}

void Flow::tell(Side side, std::vector<Stretch>& stretches, Time at) {
    if (!account_.beginning_seen) talk_.begins_late();
    for (const auto& stretch : stretches) {
        if (stretch.lost > 0)
            talk_.gap(from(side), stretch.lost);
        else
            talk_.bytes(from(side), stretch.bytes, at);
    }
}

void Flow::unreachable(std::uint8_t code, Time at) {
    if (account_.connected || end_) return;
    account_.how = TcpEnd::unreachable;
    account_.unreachable_code = code;
    account_.ended = at;
    account_.last = std::max(account_.last, at);
}

void Flow::finish() {
    while (!early_.empty())
        take_first_early();
    for (const auto side : {Side::client, Side::server}) {
        std::vector<Stretch> stretches;
        auto& self = half(side);
        self.stream.flush(stretches);
        // A FIN or RST behind bytes that never came.
        if (self.fin) self.stream.acknowledged(*self.fin, stretches);
        if (end_ && end_->reset && end_->side == side) self.stream.acknowledged(end_->offset, stretches);
        tell(side, stretches, account_.last);
    }
}

std::size_t Flow::held() const {
    auto sum = half(Side::client).stream.held() + half(Side::server).stream.held() + talk_.held();
    for (const auto& one : early_)
        sum += sizeof(Early) + one.payload.size();
    return sum;
}

Account Flow::account() const {
    auto account = account_;
    account.talk = talk_.account();
    account.closed = closed_ || (half(Side::client).fin && half(Side::server).fin);
    account.rdp = talk_.is_rdp();
    for (const auto side : {Side::client, Side::server})
        account.bytes[index(side)] = half(side).stream.next();
    judge(account);
    return account;
}

}  // namespace rdpfault::capture
