// What each fault does to a session.
#include <algorithm>

#include "protocol/tls_record.hpp"
#include "proxy/faults/mutate.hpp"
#include "proxy/session/session.hpp"

namespace rdpfault::proxy {

namespace {

DrawKey key_for(const FaultPlan& plan, std::uint32_t connection, Direction direction, const Fault& fault) {
    return {plan.seed, plan.scenario, connection, direction, fault.id, 0};
}

Sides only(Side side) {
    return side == Side::client ? Sides::client : Sides::server;
}

}  // namespace

struct Session::Acting {
    Session& session;
    const Fault& fault;
    const Firing& firing;
    Time now;

    bool deliver() const { return fault.in_flight == InFlight::deliver; }
    // The direction that holds the unit at hand.
    Direction direction() const { return firing.direction.value_or(Direction::client_to_server); }
    Stream& stream() const { return session.stream(direction()); }
    void effect(std::string text, std::optional<Side> side = {}) const {
        session.note_effect(fault, side, std::move(text), now);
    }
    template <class Apply>
    void each(Directions directions, Apply apply) const {
        for (const auto d : {Direction::client_to_server, Direction::server_to_client})
            if (covers(directions, d)) apply(session.stream(d), d);
    }
    // The unit at hand becomes `bytes`.
    void put(Bytes bytes) const { stream().held.replace(firing.begin, firing.end, std::move(bytes)); }
    Bytes unit() const { return stream().held.view(firing.begin, firing.end); }

    void end(action::Then then, Side towards_side) const {
        switch (then) {
            case action::Then::close: session.end_both(EndKind::close, only(towards_side), deliver()); break;
            case action::Then::reset: session.end_both(EndKind::reset, only(towards_side), deliver()); break;
            case action::Then::stall: (*this)(action::Stall{Directions::both, std::nullopt}); break;
        }
    }

    void operator()(const action::Reset& a) const { session.end_both(EndKind::reset, a.sides, deliver()); }
    void operator()(const action::Close& a) const { session.end_both(EndKind::close, a.sides, deliver()); }
    void operator()(const action::HalfClose& a) const {
        for (const auto side : {Side::client, Side::server}) {
            if (!covers(a.sides, side)) continue;
            auto& towards_side = session.stream(towards(side));
            towards_side.discarding = true;
            towards_side.finish = true;
            if (!deliver()) towards_side.shaper.clear();
            effect("FIN", side);
        }
        Ending ending;
        ending.kind = EndKind::close;
        session.note_first_end(ConnectionLog::Who::proxy, ending);
    }
    void operator()(const action::Stall& a) const {
        each(a.directions, [&](Stream& s, Direction) {
            s.stalled = true;
            s.stalled_until = a.time ? std::optional(now + *a.time) : std::nullopt;
        });
    }
    void operator()(const action::Delay& a) const {
        each(a.directions, [&](Stream& s, Direction d) {
            s.shaper.set_delay(a, key_for(session.plan_, session.log_.ordinal, d, fault));
        });
    }
    void operator()(const action::Throttle& a) const {
        each(a.directions, [&](Stream& s, Direction) { s.shaper.set_rate(a.bytes_per_second); });
    }
    void operator()(const action::LossStall& a) const {
        each(a.directions, [&](Stream& s, Direction d) {
            s.shaper.set_loss(a, key_for(session.plan_, session.log_.ordinal, d, fault));
        });
    }
    void operator()(const action::Truncate& a) const {
        const auto whole = unit();
        const auto keep = static_cast<std::size_t>(std::min<std::uint64_t>(a.keep, whole.size()));
        stream().shaper.push(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(keep)), firing.begin,
                             now);
        stream().discarding = true;
        effect("kept " + std::to_string(keep) + " of " + std::to_string(whole.size()) + " bytes",
               destination(direction()));
        end(a.then, destination(direction()));
    }
    void operator()(const action::Corrupt& a) const {
        auto bytes = unit();
        Draws draws(key_for(session.plan_, session.log_.ordinal, direction(), fault));
        std::string text = "flipped bits";
        for (const auto position : corrupt(bytes, a, draws))
            text += " " + std::to_string(position);
        put(std::move(bytes));
        effect(std::move(text), destination(direction()));
    }
    void operator()(const action::DropBytes& a) const {
        auto bytes = unit();
        const auto dropped = drop_bytes(bytes, a);
        put(std::move(bytes));
        effect("dropped " + std::to_string(dropped) + " bytes", destination(direction()));
    }
    void operator()(const action::Inject& a) const {
        auto& out = session.stream(towards(a.to));
        const auto bytes = a.alert ? alert(a) : a.pdu ? encode(*a.pdu, session.view_, a.to) : a.bytes;
        const auto count = out.finish ? 0 : bytes.size();  // nothing comes behind a FIN
        if (count > 0 && a.alert && session.layer() == Layer::decrypted)
            session.send_by_tls(a.to, command::Send::Kind::alert, bytes, now);
        else if (a.renegotiation)
            session.send_by_tls(a.to, command::Send::Kind::renegotiation, {}, now);
        else if (count > 0)
            out.shaper.push(bytes, out.held.begin(), now);
        if (a.replace && firing.begin < firing.end) put({});
        effect(a.name + ", " + std::to_string(count) + " bytes", a.to);
        if (a.then) end(*a.then, a.to);
    }
    // Level and description for a decrypted segment; else a whole record, plain or protected as the wire wants it.
    Bytes alert(const action::Inject& a) const {
        const auto content = ByteView(a.bytes).subspan(protocol::tls_record_header_size);
        if (session.layer() == Layer::decrypted) return {content.begin(), content.end()};
        // Only the end of TLS that is the proxy's own can say something that is protected.
        const bool ours = session.place_.alerts && !session.is_socket(other(a.to));
        if (!ours) return a.bytes;
        const bool in_place = firing.direction && destination(*firing.direction) == a.to && a.replace;
        return session.place_.alerts->alert_record(session.place_.segment, content[0], content[1],
                                                   in_place ? firing.stage : std::nullopt);
    }
    void operator()(const action::Mutate& a) const {
        auto bytes = unit();
        const auto applied = mutate(bytes, a.mutations);
        put(std::move(bytes));
        effect(std::to_string(applied) + " fields changed", destination(direction()));
    }
    void operator()(const action::Split& a) const {
        if (session.layer() == Layer::decrypted) return split_unit(a);
        auto bytes = split_records(unit(), a);
        const auto added = bytes.size() - (firing.end - firing.begin);
        put(std::move(bytes));
        effect(
            "split into pieces of " + std::to_string(a.size) + ", " + std::to_string(added) + " bytes of headers more",
            destination(direction()));
    }
    // Each piece is sent by itself, and so becomes a record of its own.
    void split_unit(const action::Split& a) const {
        const auto bytes = unit();
        const auto to = destination(direction());
        session.flush(direction(), now);
        if (session.leg(to).state != LegState::open) return;
        const auto size = std::max<std::uint64_t>(a.size, 1);
        for (std::size_t at = 0; at < bytes.size(); at += size)
            session.send(to, Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                   bytes.begin() +
                                       static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(at + size, bytes.size()))));
        put({});
        effect("sent in pieces of " + std::to_string(size) + " bytes", to);
    }
    void operator()(const action::Postpone& a) const {
        stream().postponed.hold(unit(), firing.end, a.count);
        put({});
        effect("goes back behind the next " + std::to_string(a.count) + " units", destination(direction()));
    }
    void operator()(const action::AcceptThenClose& a) const { end_client(a.reset); }
    void operator()(const action::MaxConnections& a) const { end_client(a.reset); }
    void end_client(bool reset) const {
        session.end_both(reset ? EndKind::reset : EndKind::close, Sides::client, deliver());
    }
    // With these there is no connection to act on: see AcceptPolicy.
    void operator()(const action::Refuse&) const {}
    void operator()(const action::HoldAccept&) const {}
};

void Session::fire(const Firing& firing, Time now) {
    if (ending_) return;
    auto& event = note(Event::Kind::fault, now);
    event.fault = firing.fault->id;
    event.action = name(firing.fault->action);
    event.stage = firing.stage;
    event.direction = firing.direction;
    event.nth = firing.nth;
    event.offset = firing.cut;
    std::visit(Acting{*this, *firing.fault, firing, now}, firing.fault->action);
}

}  // namespace rdpfault::proxy
