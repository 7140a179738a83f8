#include "harness/capture/flow.hpp"

#include <algorithm>

namespace rdpfault::capture {

namespace {

// No stack sends again before this because nothing came.
constexpr Duration shortest_timeout{10'000};

std::size_t index(Side side) {
    return static_cast<std::size_t>(side);
}

}  // namespace

Flow::Flow(const Address& client, const Address& server, const KeyLog* keys) : talk_(keys) {
    account_.client = client;
    account_.server = server;
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
