// The chain of segments: events go to the segment whose socket they are of; what a segment asks for on a leg that is no
// socket is done to its neighbour.
#include <algorithm>

#include "proxy/tls/interceptor.hpp"

namespace rdpfault::proxy {

namespace {

constexpr std::array segments{Segment::client_wire, Segment::decrypted, Segment::server_wire};

std::size_t index(Segment segment) {
    return static_cast<std::size_t>(segment);
}

}  // namespace

void Interceptor::accepted(const std::string& client_address, Time now) {
    client_wire_.accepted(client_address, now);
    settle(now);
}

void Interceptor::server_connected(const std::string& local_address, Time now) {
    server_wire_.server_connected(local_address, now);
    client_wire_.server_connected({}, now);
    settle(now);
}

void Interceptor::server_failed(const Ending& ending, Time now) {
    server_wire_.server_failed(ending, now);
    settle(now);
}

void Interceptor::received(Side from, ByteView bytes, Time now) {
    wire(from).received(from, bytes, now);
    settle(now);
}

void Interceptor::end_of_stream(Side from, Time now) {
    wire(from).end_of_stream(from, now);
    settle(now);
}

void Interceptor::failed(Side side, const Ending& ending, Time now) {
    wire(side).failed(side, ending, now);
    settle(now);
}

void Interceptor::sent(Side to, std::uint64_t bytes, Time now) {
    wire(to).sent(to, bytes, now);
    settle(now);
}

void Interceptor::leg_closed(Side side, std::uint64_t undelivered, Time now) {
    wire(side).leg_closed(side, undelivered, now);
    settle(now);
}

void Interceptor::tick(Time now) {
    wake_.reset();
    for (const auto which : segments)
        if (auto& wake = wakes_[index(which)]; wake && *wake <= now) {
            wake.reset();
            if (auto* session = segment(which)) session->tick(now);
        }
    settle(now);
}

void Interceptor::abort(Time now) {
    for (const auto which : segments)
        if (auto* session = segment(which)) session->abort(now);
    settle(now);
}

std::vector<Command> Interceptor::take_commands() {
    return std::exchange(commands_, {});
}

bool Interceptor::finished() const {
    return client_wire_.finished() && server_wire_.finished();
}

Session* Interceptor::segment(Segment which) {
    switch (which) {
        case Segment::client_wire: return &client_wire_;
        case Segment::server_wire: return &server_wire_;
        case Segment::decrypted: return decrypted_ ? &*decrypted_ : nullptr;
    }
    return nullptr;
}

std::optional<Segment> Interceptor::neighbour(Segment which, Side side) const {
    switch (which) {
        case Segment::client_wire:
            if (side == Side::client) return std::nullopt;
            return decrypted_ ? Segment::decrypted : Segment::server_wire;
        case Segment::decrypted: return side == Side::client ? Segment::client_wire : Segment::server_wire;
        case Segment::server_wire:
            if (side == Side::server) return std::nullopt;
            return decrypted_ ? Segment::decrypted : Segment::client_wire;
    }
    return std::nullopt;
}

// A command may make neighbours ask for more: until all are content.
void Interceptor::settle(Time now) {
    for (bool busy = true; busy;) {
        busy = false;
        for (const auto which : segments) {
            auto* session = segment(which);
            if (!session) continue;
            for (auto& command : session->take_commands()) {
                busy = true;
                std::visit([&](auto& c) { carry_out(which, c, now); }, command);
            }
        }
    }
    if (finished()) return;
    std::optional<Time> earliest;
    for (const auto& wake : wakes_)
        if (wake && (!earliest || *wake < *earliest)) earliest = wake;
    if (!earliest || earliest == wake_) return;
    wake_ = earliest;
    commands_.emplace_back(command::WakeAt{*earliest});
}

void Interceptor::carry_out(Segment from, command::ConnectServer& c, Time now) {
    switch (from) {
        case Segment::client_wire: return server_wire_.accepted({}, now);
        case Segment::decrypted: return decrypted_->server_connected({}, now);
        case Segment::server_wire: commands_.emplace_back(c); return;
    }
}

void Interceptor::carry_out(Segment from, command::Send& c, Time now) {
    if (!neighbour(from, c.to)) {
        commands_.emplace_back(std::move(c));
        return;
    }
    if (from == Segment::decrypted)
        encrypt(c.to, c, now);
    else
        from_wire(other(c.to), c.bytes, now);
    auto& sending = flow(from, c.to);
    if (sending.paused)
        sending.owed += c.bytes.size();
    else
        segment(from)->sent(c.to, c.bytes.size(), now);
}

void Interceptor::release(Segment sender, Side to, Time now) {
    auto& sending = flow(sender, to);
    sending.paused = false;
    if (const auto owed = std::exchange(sending.owed, 0); owed > 0) segment(sender)->sent(to, owed, now);
}

// Side `to` of the segment gets no more: its other side has ended, and all of that was passed on.
void Interceptor::carry_out(Segment from, const command::Finish& c, Time now) {
    const auto next = neighbour(from, c.to);
    const auto ended = other(c.to);
    if (!next) {
        commands_.emplace_back(c);
    } else if (from == Segment::decrypted) {
        plaintext_ends(ended, now);
    } else if (*next != Segment::decrypted) {
        segment(*next)->end_of_stream(ended, now);
    } else {
        auto& fin = fin_[static_cast<std::size_t>(ended)];
        fin = true;
        if (plain_fin_[static_cast<std::size_t>(ended)])
            wire(c.to).end_of_stream(ended, now);
        else
            decrypted_->end_of_stream(ended, now);
    }
}

void Interceptor::carry_out(Segment from, const command::Close& c, Time now) {
    if (neighbour(from, c.side))
        end(from, c.side, false, c.deliver, now);
    else
        commands_.emplace_back(c);
}

void Interceptor::carry_out(Segment from, const command::Reset& c, Time now) {
    if (neighbour(from, c.side))
        end(from, c.side, true, c.deliver, now);
    else
        commands_.emplace_back(c);
}

void Interceptor::end(Segment from, Side side, bool reset, bool deliver, Time now) {
    segment(from)->leg_closed(side, 0, now);
    segment(*neighbour(from, side))->neighbour_gone(other(side), reset, deliver, now);
}

// The segment wants no more from that side for now.
void Interceptor::carry_out(Segment from, const command::Pause& c, Time) {
    if (const auto sender = neighbour(from, c.from))
        flow(*sender, other(c.from)).paused = true;
    else
        commands_.emplace_back(c);
}

void Interceptor::carry_out(Segment from, const command::Resume& c, Time now) {
    if (const auto sender = neighbour(from, c.from))
        release(*sender, other(c.from), now);
    else
        commands_.emplace_back(c);
}

void Interceptor::carry_out(Segment from, const command::WakeAt& c, Time) {
    wakes_[index(from)] = c.time;
}

}  // namespace rdpfault::proxy
