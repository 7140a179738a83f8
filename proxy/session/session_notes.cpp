// The session's testimony: what it writes into its ConnectionLog.
#include <algorithm>

#include "proxy/session/session.hpp"

namespace rdpfault::proxy {

namespace {
// Application-data records and the units of a session are counted for triggers, but only the first are worth a line
// each: a log must not grow with the length of a session.
constexpr std::uint32_t logged_records = 16;
// Nor with what a hostile peer makes up: an honest connection has a few dozen units and alerts.
constexpr std::size_t max_events = 1000;
}  // namespace

Event& Session::note(Event::Kind kind, Time now) {
    auto& event = log_.events.emplace_back();
    event.kind = kind;
    event.time = now;
    event.connection = log_.ordinal;
    event.segment = place_.segment;
    return event;
}

void Session::note_tracker_event(const TrackerEvent& seen, Time now) {
    using Kind = TrackerEvent::Kind;
    // How far a connection got is what the client is told: the proxy may be further with the server.
    if (seen.kind == Kind::stage && is_milestone(seen.stage) && place_.segment != Segment::server_wire)
        log_.furthest = std::max(log_.furthest.value_or(seen.stage), seen.stage);
    if (log_.events.size() >= max_events) return;
    const bool recurs = seen.stage == Stage::tls_application_data || !is_milestone(seen.stage);
    if (seen.kind == Kind::stage && recurs && seen.nth > logged_records) return;
    // What the records of a chain carry is told by its decrypted segment.
    if (seen.kind == Kind::stage && seen.stage == Stage::tls_application_data && place_.alerts) return;
    Event::Kind kind = Event::Kind::stage;
    if (seen.kind == Kind::alert) kind = Event::Kind::alert;
    if (seen.kind == Kind::negotiation_failure) kind = Event::Kind::negotiation_failure;
    if (seen.kind == Kind::error_info) kind = Event::Kind::error_info;
    if (seen.kind == Kind::disconnect) kind = Event::Kind::disconnect;
    if (seen.kind == Kind::license_error) kind = Event::Kind::license_error;
    if (seen.kind == Kind::credssp_error) kind = Event::Kind::credssp_error;
    if (seen.kind == Kind::garbage) kind = Event::Kind::garbage;
    auto& event = note(kind, now);
    event.direction = seen.direction;
    event.offset = seen.kind == Kind::garbage ? seen.begin : seen.end;
    event.code = seen.code;
    event.nth = seen.nth;
    event.text = seen.what;
    if (seen.kind == Kind::stage) event.stage = seen.stage;
}

// A line for each look would drown the rest: it is told what changed for the worse, and the last one of a leg.
void Session::saw_tcp(Side side, const TcpFacts& facts, Time now) {
    auto& known = side == Side::client ? log_.client_tcp : log_.server_tcp;
    const bool ended = (side == Side::client ? log_.client_leg : log_.server_leg).has_value();
    const bool worse = known ? facts.retransmits > known->retransmits : facts.retransmits > 0;
    known = facts;
    if (log_.events.size() >= max_events || !(ended || worse)) return;
    auto& event = note(Event::Kind::tcp, now);
    event.side = side;
    event.tcp = facts;
}

void Session::note_seen(Direction direction, std::uint64_t begins_before, Time now) {
    auto& seen = stream(direction).seen;
    for (; !seen.empty() && seen.front().begin < begins_before; seen.pop_front())
        note_tracker_event(seen.front(), now);
}

void Session::note_effect(const Fault& fault, std::optional<Side> side, std::string text, Time now) {
    auto& event = note(Event::Kind::effect, now);
    event.fault = fault.id;
    event.action = name(fault.action);
    event.side = side;
    event.text = std::move(text);
}

void Session::note_first_end(ConnectionLog::Who who, const Ending& ending) {
    if (log_.ended_by != ConnectionLog::Who::nobody) return;
    log_.ended_by = who;
    log_.first_end = ending;
}

// The first word about a leg stands: a peer that ended it is not overwritten by our closing of the socket.
void Session::note_leg_end(Side side, const Ending& ending, bool by_proxy, Time now) {
    if (!is_socket(side)) return;  // told by the segment whose socket it is
    auto& end = side == Side::client ? log_.client_leg : log_.server_leg;
    if (end) return;
    end = LegEnd{by_proxy, ending, now, stream(from(side)).received(), leg(side).written, 0};
    auto& event = note(Event::Kind::leg_ended, now);
    event.side = side;
    event.ending = ending;
    event.by_proxy = by_proxy;
    event.offset = by_proxy ? stream(from(side)).passed : end->bytes_read;
    event.stage = log_.furthest;
    log_.ended = now;
    if (!by_proxy && !ending_)
        note_first_end(side == Side::client ? ConnectionLog::Who::client : ConnectionLog::Who::server, ending);
}

std::string_view to_string(Event::Kind kind) {
    switch (kind) {
        case Event::Kind::accepted: return "accepted";
        case Event::Kind::server_connected: return "server_connected";
        case Event::Kind::server_failed: return "server_failed";
        case Event::Kind::stage: return "stage";
        case Event::Kind::alert: return "alert";
        case Event::Kind::negotiation_failure: return "negotiation_failure";
        case Event::Kind::error_info: return "error_info";
        case Event::Kind::disconnect: return "disconnect";
        case Event::Kind::license_error: return "license_error";
        case Event::Kind::tls_begun: return "tls_begun";
        case Event::Kind::note: return "note";
        case Event::Kind::credssp_error: return "credssp_error";
        case Event::Kind::garbage: return "garbage";
        case Event::Kind::fault: return "fault";
        case Event::Kind::draw: return "draw";
        case Event::Kind::effect: return "effect";
        case Event::Kind::tcp: return "tcp";
        case Event::Kind::leg_ended: return "leg_ended";
    }
    return "unknown";
}

std::string_view to_string(ConnectionLog::Who who) {
    switch (who) {
        case ConnectionLog::Who::nobody: return "nobody";
        case ConnectionLog::Who::client: return "client";
        case ConnectionLog::Who::server: return "server";
        case ConnectionLog::Who::proxy: return "proxy";
    }
    return "unknown";
}

}  // namespace rdpfault::proxy
