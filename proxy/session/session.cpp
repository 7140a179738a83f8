#include "proxy/session/session.hpp"

#include <algorithm>
#include <utility>

namespace rdpfault::proxy {

namespace {

Place with_log(Place place) {
    if (!place.log) place.log = std::make_shared<ConnectionLog>();
    return place;
}

}  // namespace

Session::Session(const FaultPlan& plan, std::uint32_t connection, const Fault* at_accept, Limits limits, Place place)
    : plan_(plan),
      at_accept_(at_accept),
      limits_(limits),
      place_(with_log(std::move(place))),
      log_(*place_.log),
      engine_(plan, connection, place_.segment) {
    log_.ordinal = connection;
    if (place_.selected_protocol) tracker_.select_protocol(*place_.selected_protocol);
    view_.negotiated(std::nullopt, place_.selected_protocol);
    learns_ = std::any_of(plan.faults.begin(), plan.faults.end(), [this](const Fault& fault) {
        const auto* inject = std::get_if<action::Inject>(&fault.action);
        return fault.segment == place_.segment && inject && inject->pdu;
    });
}

void Session::accepted(const std::string& client_address, Time now) {
    last_activity_ = now;
    leg(Side::client).state = LegState::open;
    if (is_socket(Side::client)) {
        log_.accepted = now;
        log_.client_address = client_address;
        log_.furthest = Stage::tcp_connect;
        note(Event::Kind::accepted, now).text = client_address;
    }
    for (const auto& draw : engine_.draws()) {
        auto& event = note(Event::Kind::draw, now);
        event.fault = draw.fault->id;
        event.text = std::to_string(draw.value) + (draw.armed ? ": armed" : ": not armed");
    }
    std::vector<Firing> firings;
    if (at_accept_) {
        auto& firing = firings.emplace_back();
        firing.fault = at_accept_;
        firing.stage = Stage::tcp_connect;
    }
    engine_.started(firings);
    for (const auto& firing : firings)
        queue(firing, now);
    if (!ending_) {
        leg(Side::server).state = LegState::connecting;
        commands_.emplace_back(command::ConnectServer{});
    }
    settle(now);
}

void Session::server_connected(const std::string& local_address, Time now) {
    if (leg(Side::server).state != LegState::connecting) return;
    leg(Side::server).state = LegState::open;
    last_activity_ = now;
    if (is_socket(Side::server)) {
        log_.local_address = local_address;
        note(Event::Kind::server_connected, now);
    }
    settle(now);
}

void Session::server_failed(const Ending& ending, Time now) {
    if (leg(Side::server).state != LegState::connecting) return;
    leg(Side::server).state = LegState::closed;
    auto& event = note(Event::Kind::server_failed, now);
    event.side = Side::server;
    event.ending = ending;
    log_.server_leg = LegEnd{false, ending, now, 0, 0, 0};
    if (!ending_) {
        note_first_end(ConnectionLog::Who::server, ending);
        ending_ = true;
        // A refused SYN was an RST; the client gets one too. Anything else ended in silence, and the client gets FIN.
        if (ending.kind == EndKind::refused)
            end_leg(Side::client, command::Reset{Side::client, true});
        else
            end_leg(Side::client, command::Close{Side::client, true});
    }
    settle(now);
}

void Session::received(Side side, ByteView bytes, Time now) {
    take(side, Bytes(bytes.begin(), bytes.end()), now);
}

void Session::take(Side side, Bytes bytes, Time now) {
    const auto direction = from(side);
    last_activity_ = now;
    std::vector<TrackerEvent> events;
    if (layer() == Layer::wire)
        tracker_.feed(direction, bytes, events);
    else
        tracker_.feed_decrypted(direction, bytes, events);
    stream(direction).held.append(std::move(bytes));
    look_at(direction, events, now);
    settle(now);
}

void Session::end_of_stream(Side side, Time now) {
    auto& s = stream(from(side));
    if (s.source_ended) return;
    s.source_ended = true;
    if (!ending_) {
        Ending ending;
        ending.kind = EndKind::close;
        note_leg_end(side, ending, false, now);
    }
    settle(now);
}

void Session::failed(Side side, const Ending& ending, Time now) {
    if (leg(side).state == LegState::closed) return;
    leg(side).state = LegState::closed;
    auto& incoming = stream(from(side));
    auto& outgoing = stream(towards(side));
    incoming.source_ended = true;
    outgoing.discarding = true;
    outgoing.outstanding = 0;
    outgoing.shaper.clear();
    note_leg_end(side, ending, false, now);
    if (!ending_) carried_ = {side, command::Reset{other(side), true}};
    settle(now);
}

void Session::neighbour_gone(Side side, bool reset, bool deliver, Time now) {
    if (leg(side).state == LegState::closed) return;
    leg(side).state = LegState::closed;
    auto& incoming = stream(from(side));
    auto& outgoing = stream(towards(side));
    incoming.source_ended = true;
    outgoing.discarding = true;
    outgoing.outstanding = 0;
    outgoing.shaper.clear();
    if (!ending_) {
        const auto end =
            reset ? Command(command::Reset{other(side), deliver}) : Command(command::Close{other(side), deliver});
        if (deliver) {
            carried_ = {side, end};
        } else {
            ending_ = true;
            end_leg(other(side), end);
        }
    }
    settle(now);
}

void Session::sent(Side to, std::uint64_t bytes, Time now) {
    auto& s = stream(towards(to));
    s.outstanding -= std::min(s.outstanding, bytes);
    settle(now);
}

void Session::leg_closed(Side side, std::uint64_t undelivered, Time now) {
    auto& the_leg = leg(side);
    if (the_leg.state == LegState::closed) return;
    the_leg.state = LegState::closed;
    Ending ending;
    ending.kind = EndKind::close;
    if (the_leg.end && std::holds_alternative<command::Reset>(*the_leg.end)) ending.kind = EndKind::reset;
    if (is_socket(side)) {
        note_leg_end(side, ending, true, now);
        auto& end = side == Side::client ? log_.client_leg : log_.server_leg;
        end->bytes_read = stream(from(side)).received();
        end->bytes_written = the_leg.written;
        end->undelivered = undelivered;
        log_.ended = now;
    }
    settle(now);
}

void Session::tick(Time now) {
    wake_.reset();
    run_timers(now);
    if (const auto limit = engine_.idle_limit(); limit && now - last_activity_ >= *limit) {
        std::vector<Firing> firings;
        engine_.idle(std::chrono::duration_cast<Duration>(now - last_activity_), firings);
        for (const auto& firing : firings)
            queue(firing, now);
    }
    check_orphans(now);
    settle(now);
}

void Session::abort(Time now) {
    ending_ = true;
    for (const auto side : {Side::client, Side::server}) {
        stream(from(side)).shaper.clear();  // also where a leg waits for a slow line before its end
        end_leg(side, command::Close{side, false});
    }
    settle(now);
}

std::vector<Command> Session::take_commands() {
    return std::exchange(commands_, {});
}

bool Session::finished() const {
    const auto gone = [this](Side side) {
        return leg(side).state == LegState::closed || leg(side).state == LegState::absent;
    };
    return gone(Side::client) && gone(Side::server);
}

}  // namespace rdpfault::proxy
