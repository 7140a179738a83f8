// How bytes, ends and time move through a session.
#include <algorithm>
#include <tuple>

#include "proxy/session/session.hpp"

namespace rdpfault::proxy {

namespace {

// How much of the stream must be there for an event to be known, at least. Garbage lies behind its offset.
std::uint64_t moment_of(const TrackerEvent& event) {
    return event.kind == TrackerEvent::Kind::garbage ? event.end + 1 : event.end;
}

// Whether the event says where a unit of the stream on the wire ends: a TPKT outside TLS, a record within.
bool ends_unit(const TrackerEvent& event) {
    if (event.kind == TrackerEvent::Kind::record) return true;
    return event.kind == TrackerEvent::Kind::stage &&
           (event.stage < Stage::tls_client_hello || event.stage > Stage::tls_application_data);
}

}  // namespace

// A read may bring a fault's moment, and bytes and units behind it. Each moment is dealt with before what lies behind
// it is looked at, so that everything is as if the bytes had come one by one. Where no fault is left that could act,
// nothing has to be cut at the moments.
void Session::look_at(Direction direction, const std::vector<TrackerEvent>& events, Time now) {
    auto& s = stream(direction);
    const bool whole = engine_.spent() && !learns_ && s.shaper.is_idle() && s.pending.empty() && !s.postponed.next();
    // Where the first unit began that was not complete yet when the events before the i-th were known.
    std::vector<std::uint64_t> complete(events.size() + 1, tracker_.complete(direction, layer()));
    for (auto i = events.size(); i-- > 0;)
        complete[i] = std::min(complete[i + 1], events[i].begin);
    std::size_t next = 0;
    while (!s.discarding && (s.known < s.received() || next < events.size())) {
        auto until = s.received();
        if (next < events.size() && !whole) until = std::min(until, moment_of(events[next]));
        if (const auto byte = engine_.next_byte(direction)) until = std::min(until, *byte);
        s.known = std::max(s.known, until);
        std::vector<Firing> firings;
        for (; next < events.size() && moment_of(events[next]) <= s.known; ++next) {
            engine_.saw(events[next], firings);
            if (ends_unit(events[next])) s.postponed.saw_unit(events[next].end);
            if (learns_ && events[next].kind == TrackerEvent::Kind::stage)
                view_.saw(direction, s.held.view(events[next].begin, events[next].end));
            if (events[next].kind != TrackerEvent::Kind::record) s.seen.push_back(events[next]);
        }
        s.complete = complete[next];
        engine_.received(direction, s.known, firings);
        for (const auto& firing : firings)
            queue(firing, now);
        pump(direction, now);
    }
    // What this side says can make the other one unreadable.
    auto& answer = stream(opposite(direction));
    answer.complete = std::max(answer.complete, tracker_.complete(opposite(direction), layer()));
}

void Session::queue(const Firing& firing, Time now) {
    const auto elapsed = firing.fault->trigger.elapsed;
    if (!firing.direction) {
        if (elapsed.count() == 0)
            fire(firing, now);
        else
            timers_.push_back({firing, now + elapsed});
        return;
    }
    auto& pending = stream(*firing.direction).pending;
    // Of faults at one cut, the one that is known first when the stream comes byte by byte; then by order of the file.
    const auto behind = [](const Stream::Pending& a, const Stream::Pending& b) {
        return std::tie(a.firing.cut, a.firing.end, a.firing.fault) <
               std::tie(b.firing.cut, b.firing.end, b.firing.fault);
    };
    const Stream::Pending entry{firing, std::nullopt};
    pending.insert(std::upper_bound(pending.begin(), pending.end(), entry, behind), entry);
}

void Session::pass(Direction direction, std::uint64_t until, Time now) {
    auto& s = stream(direction);
    const auto offset = s.held.begin();
    s.shaper.push(s.held.take_until(until), offset, now);
    s.passed = s.held.begin();
    s.postponed.passed(s.passed);
}

bool Session::act_at_cut(Direction direction, Time now) {
    auto& pending = stream(direction).pending;
    auto entry = pending.front();
    const auto elapsed = entry.firing.fault->trigger.elapsed;
    if (elapsed.count() > 0 && entry.firing.holds) {
        if (!entry.due) entry.due = pending.front().due = now + elapsed;
        if (now < *entry.due) return false;
    }
    pending.erase(pending.begin());
    if (elapsed.count() > 0 && !entry.firing.holds)
        timers_.push_back({entry.firing, now + elapsed});
    else
        fire(entry.firing, now);
    return true;
}

void Session::pump(Direction direction, Time now) {
    auto& s = stream(direction);
    while (!s.discarding && !s.stalled) {
        auto limit = s.known;
        if ((learns_ || engine_.wants_units(direction)) && !s.source_ended) limit = std::min(limit, s.complete);
        if (!s.pending.empty()) limit = std::min(limit, s.pending.front().firing.cut);
        const auto back = s.postponed.next();
        if (back) limit = std::min(limit, *back);
        pass(direction, limit, now);
        if (back && limit == *back) {
            s.shaper.push(s.postponed.take(*back), *back, now);
            continue;
        }
        const bool at_cut = !s.pending.empty() && limit >= s.pending.front().firing.cut;
        // A unit that is held back is part of what the fault acts on; one that begins behind a passed-on cut is not.
        note_seen(direction, at_cut && s.pending.front().firing.holds ? limit + 1 : limit, now);
        if (!at_cut) break;
        if (!act_at_cut(direction, now)) break;
    }
    if (s.discarding) {
        s.held.clear();
        s.pending.clear();
        s.seen.clear();
    } else if (s.source_ended && !s.stalled && s.held.size() == 0 && s.pending.empty()) {
        s.shaper.push(s.postponed.rest(), s.held.end(), now);  // nothing comes that it could go behind
        s.finish = true;
    }
}

void Session::send(Side to, Bytes bytes) {
    stream(towards(to)).outstanding += bytes.size();
    leg(to).written += bytes.size();
    commands_.emplace_back(command::Send{to, std::move(bytes)});
}

void Session::flush(Direction direction, Time now) {
    auto& s = stream(direction);
    const auto to = destination(direction);
    if (leg(to).state != LegState::open) return;
    if (auto bytes = s.shaper.pop_due(now); !bytes.empty()) send(to, std::move(bytes));
    // The peer of a side that has gone is ended like it, and not with a FIN.
    const bool carried = carried_ && carried_->from == source(direction);
    if (s.finish && !s.finished && s.shaper.empty() && !leg(to).end && !carried) {
        s.finished = true;
        commands_.emplace_back(command::Finish{to});
    }
}

// Behind what is due: TLS says it in a record of its own.
void Session::send_by_tls(Side to, command::Send::Kind kind, Bytes content, Time now) {
    flush(towards(to), now);
    if (leg(to).state != LegState::open) return;
    stream(towards(to)).outstanding += content.size();
    commands_.emplace_back(command::Send{to, std::move(content), kind});
}

void Session::end_leg(Side side, Command how) {
    auto& the_leg = leg(side);
    auto& outgoing = stream(towards(side));
    outgoing.discarding = true;
    stream(from(side)).discarding = true;
    if (the_leg.state == LegState::absent) the_leg.state = LegState::closed;
    if (the_leg.state == LegState::closed || the_leg.end) return;
    const auto deliver = std::visit(
        [](const auto& c) {
            if constexpr (requires { c.deliver; }) return c.deliver;
            return true;
        },
        how);
    if (!deliver) outgoing.shaper.clear();
    the_leg.end = std::move(how);
}

void Session::end_both(EndKind kind, Sides sides, bool deliver) {
    Ending ending;
    ending.kind = kind;
    note_first_end(ConnectionLog::Who::proxy, ending);
    ending_ = true;
    for (const auto side : {Side::client, Side::server}) {
        if (covers(sides, side) && kind == EndKind::reset)
            end_leg(side, command::Reset{side, deliver});
        else
            end_leg(side, command::Close{side, deliver});
    }
}

// A leg ends behind the last byte that was accepted for it.
void Session::end_drained_legs() {
    for (const auto side : {Side::client, Side::server}) {
        auto& the_leg = leg(side);
        const bool alive = the_leg.state == LegState::open || the_leg.state == LegState::connecting;
        const bool drained = the_leg.state == LegState::connecting || stream(towards(side)).shaper.empty();
        if (!alive || !the_leg.end || !drained) continue;
        the_leg.state = LegState::ending;
        commands_.push_back(*the_leg.end);
    }
}

void Session::throttle_sources() {
    for (const auto side : {Side::client, Side::server}) {
        auto& s = stream(from(side));
        if (leg(side).state != LegState::open || s.source_ended) continue;
        if (!s.paused && s.backlog() > limits_.high_water) {
            s.paused = true;
            commands_.emplace_back(command::Pause{side});
        } else if (s.paused && s.backlog() <= limits_.low_water) {
            s.paused = false;
            commands_.emplace_back(command::Resume{side});
        }
    }
}

// A stall for ever also keeps the end of one peer from the other. The session must not outlive that for ever.
void Session::check_orphans(Time now) {
    if (ending_ || !orphan_due_ || now < *orphan_due_) return;
    ending_ = true;
    for (const auto side : {Side::client, Side::server})
        end_leg(side, command::Close{side, false});
}

void Session::run_timers(Time now) {
    for (auto& s : streams_)
        if (s.stalled_until && now >= *s.stalled_until) {
            s.stalled = false;
            s.stalled_until.reset();
        }
    const auto is_due = [now](const Stream::Pending& timer) { return *timer.due <= now; };
    std::vector<Stream::Pending> due;
    std::copy_if(timers_.begin(), timers_.end(), std::back_inserter(due), is_due);
    std::erase_if(timers_, is_due);
    std::stable_sort(due.begin(), due.end(), [](const auto& a, const auto& b) { return *a.due < *b.due; });
    for (const auto& timer : due)
        if (!ending_) fire(timer.firing, now);
}

std::optional<Time> Session::next_wake() const {
    std::optional<Time> earliest;
    const auto consider = [&earliest](std::optional<Time> time) {
        if (time && (!earliest || *time < *earliest)) earliest = time;
    };
    for (const auto direction : {Direction::client_to_server, Direction::server_to_client}) {
        const auto& s = streams_[static_cast<std::size_t>(direction)];
        if (leg(destination(direction)).state == LegState::open) consider(s.shaper.next_due());
        consider(s.stalled_until);
        if (!s.stalled && !s.pending.empty()) consider(s.pending.front().due);
    }
    if (ending_) return earliest;
    for (const auto& timer : timers_)
        consider(timer.due);
    if (const auto limit = engine_.idle_limit()) consider(last_activity_ + *limit);
    consider(orphan_due_);
    return earliest;
}

void Session::settle(Time now) {
    for (const auto direction : {Direction::client_to_server, Direction::server_to_client})
        pump(direction, now);
    if (carried_ && !ending_) {
        const auto& incoming = stream(from(carried_->from));
        if (incoming.discarding || incoming.finish) {
            ending_ = true;
            end_leg(other(carried_->from), carried_->end);
        }
    }
    const bool orphaned = std::any_of(streams_.begin(), streams_.end(),
                                      [](const Stream& s) { return s.source_ended && s.stalled && !s.stalled_until; });
    if (!orphaned)
        orphan_due_.reset();
    else if (!orphan_due_)
        orphan_due_ = now + limits_.orphan;
    for (const auto direction : {Direction::client_to_server, Direction::server_to_client})
        flush(direction, now);
    // Closing a leg is bounded in time, and a slow reader needs as long as it needs.
    const auto told = [](const Stream& s) { return s.finished && s.outstanding == 0; };
    // Between two neighbours there is no socket to close: both wires end when their peers end them.
    const bool has_socket = place_.client_socket || place_.server_socket;
    if (has_socket && !ending_ && told(streams_[0]) && told(streams_[1])) {
        ending_ = true;
        for (const auto side : {Side::client, Side::server})
            end_leg(side, command::Close{side, true});
    }
    end_drained_legs();
    throttle_sources();
    if (finished()) return;
    if (const auto wake = next_wake(); wake && wake != wake_) {
        wake_ = wake;
        commands_.emplace_back(command::WakeAt{*wake});
    }
}

}  // namespace rdpfault::proxy
