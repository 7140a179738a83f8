// What becomes of bytes where two segments meet: X.224, the two handshakes, decryption and encryption.
#include "proxy/tls/interceptor.hpp"

#include <stdexcept>

#include "protocol/tls_record.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::proxy {

namespace {

using State = tls::Engine::State;

std::size_t index(Side side) {
    return static_cast<std::size_t>(side);
}

Segment wire_of(Side side) {
    return side == Side::client ? Segment::client_wire : Segment::server_wire;
}

Place place_of(Segment segment, const std::shared_ptr<ConnectionLog>& log, AlertWriter* alerts) {
    Place place;
    place.segment = segment;
    place.client_socket = segment == Segment::client_wire;
    place.server_socket = segment == Segment::server_wire;
    place.log = log;
    place.alerts = alerts;
    return place;
}

Ending ending_of(EndKind kind, std::uint32_t code, std::string detail) {
    Ending ending;
    ending.kind = kind;
    ending.code = code;
    ending.detail = std::move(detail);
    return ending;
}

std::string describe(const tls::Engine& engine) {
    const auto negotiated = engine.negotiated();
    auto text = "TLS " + std::string(tls::to_string(negotiated.version)) + ", " + negotiated.cipher;
    if (!negotiated.group.empty()) text += ", group " + negotiated.group;
    return text;
}

// Where in its stream of records an end of TLS stood when it made its unit of this stage; nullopt: where it stands now.
std::optional<tls::WritePosition> place_of_own(Stage stage, const tls::Engine& engine) {
    const bool from_1_3 = engine.negotiated().version >= tls::Version::tls1_3;
    tls::WritePosition place;
    switch (stage) {
        case Stage::tls_client_hello:
        case Stage::tls_server_hello:
        case Stage::tls_certificate:
        case Stage::tls_server_hello_done: return place;
        case Stage::tls_client_flight:
            if (from_1_3) place.epoch = tls::Epoch::handshake;
            return place;
        case Stage::tls_finished:
            place.epoch = from_1_3 ? tls::Epoch::handshake : tls::Epoch::application;
            return place;
        default: return std::nullopt;
    }
}

}  // namespace

Interceptor::Interceptor(const FaultPlan& plan, std::uint32_t connection, std::shared_ptr<InterceptShared> shared,
                         const Fault* at_accept, Limits limits)
    : plan_(plan),
      connection_(connection),
      shared_(std::move(shared)),
      limits_(limits),
      log_(std::make_shared<ConnectionLog>()),
      client_wire_(plan, connection, at_accept, limits, place_of(Segment::client_wire, log_, this)),
      server_wire_(plan, connection, nullptr, limits, place_of(Segment::server_wire, log_, this)),
      negotiation_(shared_->settings().config.rewriting, shared_->settings().account.has_value()) {}

void Interceptor::from_wire(Side side, ByteView bytes, Time now) {
    switch (phase_) {
        case Phase::negotiating: return negotiate(side, bytes, now);
        case Phase::securing:
            if (side == Side::server) return decrypt(side, bytes, now);
            // A client that does not wait for its confirm: it is read no further until there is one.
            append(impatient_, bytes);
            flow(Segment::client_wire, Side::server).paused = true;
            return;
        case Phase::intercepting: return decrypt(side, bytes, now);
        case Phase::transparent: return wire(other(side)).received(side, bytes, now);
    }
}

void Interceptor::negotiate(Side side, ByteView bytes, Time now) {
    const auto out = side == Side::client ? negotiation_.from_client(bytes) : negotiation_.from_server(bytes);
    if (!out.empty()) wire(other(side)).received(side, out, now);
    if (negotiation_.outcome() == Negotiation::Outcome::secured) return start_server_tls(now);
    if (negotiation_.outcome() != Negotiation::Outcome::transparent) return;
    phase_ = Phase::transparent;
    note(Side::server, "no TLS to intercept: passed through", now);
    if (const auto rest = negotiation_.from_server({}); !rest.empty()) client_wire_.received(Side::server, rest, now);
}

void Interceptor::begin_tls(Side side, const tls::Context& context, Time now) {
    const auto& settings = shared_->settings();
    auto text = setup_of(settings.config, side) + ", @SECLEVEL=" + std::to_string(context.security_level());
    if (side == Side::client && settings.credential) text += ", certificate given";
    note(side, std::move(text), now, Event::Kind::tls_begun);
}

void Interceptor::start_server_tls(Time now) {
    phase_ = Phase::securing;
    const auto& told = negotiation_.protocols();
    if (told.requested != told.requested_told)
        note(Side::server,
             "requestedProtocols " + std::to_string(told.requested) + " told as " + std::to_string(told.requested_told),
             now);
    server_tls_.emplace(shared_->server_leg());
    begin_tls(Side::server, *shared_->server_leg(), now);
    server_tls_->start();
    flush_tls(Side::server, now);
    if (const auto rest = negotiation_.take_server_rest(); !rest.empty()) decrypt(Side::server, rest, now);
}

void Interceptor::start_client_tls(Time now) {
    note(Side::server, describe(*server_tls_), now);
    const auto certificate = server_tls_->peer_certificate();
    try {
        if (!certificate) throw std::runtime_error("the server showed no certificate");
        client_context_ = shared_->client_leg(*certificate);
        client_tls_.emplace(client_context_);
    } catch (const std::runtime_error& error) {
        return give_up(Side::server, ConnectionLog::Who::proxy, ending_of(EndKind::tls_failure, 0, error.what()), now);
    }
    begin_tls(Side::client, *client_context_, now);
    phase_ = Phase::intercepting;
    decrypted_plan_ = with_repairs(plan_);
    auto place = place_of(Segment::decrypted, log_, this);
    place.selected_protocol = negotiation_.protocols().selected;
    decrypted_.emplace(*decrypted_plan_, connection_, nullptr, limits_, place);
    decrypted_->accepted({}, now);
    // Nothing for the client may pass until its handshake is done.
    flow(Segment::decrypted, Side::client).paused = true;
    const auto& told = negotiation_.protocols();
    if (told.selected != told.selected_told)
        note(Side::client,
             "selectedProtocol " + std::to_string(told.selected) + " told as " + std::to_string(told.selected_told),
             now);
    client_wire_.received(Side::server, negotiation_.take_confirm(), now);
    if (impatient_.empty()) return;
    release(Segment::client_wire, Side::server, now);
    decrypt(Side::client, std::exchange(impatient_, {}), now);
}

void Interceptor::decrypt(Side side, ByteView bytes, Time now) {
    if (broken_[index(side)]) return;
    auto& tls = *engine(side);
    const bool handshaking = tls.state() == State::handshaking;
    Bytes carried;
    if (!handshaking) carried.reserve(bytes.size());
    tls.feed(bytes, carried);
    flush_tls(side, now);
    const bool done = handshaking && (tls.state() == State::established || tls.state() == State::closed);
    if (done && side == Side::server) start_client_tls(now);
    if (done && side == Side::client) client_secured(now);
    if (!carried.empty()) plaintext(side, std::move(carried), now);
    if (tls.state() == State::closed && !notified_[index(side)]) {
        notified_[index(side)] = true;
        note_first_end(side == Side::client ? ConnectionLog::Who::client : ConnectionLog::Who::server,
                       ending_of(EndKind::close, 0, "close_notify"));
        if (decrypted_) decrypted_->end_of_stream(side, now);
    }
    if (tls.state() == State::failed) tls_failed(side, now);
}

// The client's plaintext goes to the decrypted segment. So does the server's, unless it is NLA that ends here.
void Interceptor::plaintext(Side side, Bytes bytes, Time now) {
    if (side == Side::server && nla_) return nla_says(nla_->received(side, bytes), now);
    if (decrypted_) decrypted_->take(side, std::move(bytes), now);
}

void Interceptor::start_nla(Time now) {
    NlaMiddleConfig config;
    config.account = *shared_->settings().account;
    config.acceptor = shared_->acceptor();
    config.client_leg_key = client_tls_->server_public_key();
    config.server_leg_key = server_tls_->server_public_key();
    config.host = shared_->settings().server_host;
    nla_.emplace(config);
    nla_says(nla_->start(), now);
}

void Interceptor::nla_says(NlaMiddle::Output out, Time now) {
    if (!out.to_server.empty()) write(Side::server, out.to_server, now);
    if (!out.to_client.empty()) decrypted_->received(Side::server, out.to_client, now);
    if (nla_over_) return;
    if (const auto side = nla_->failed()) {
        nla_over_ = true;
        // The proxy refuses its client; the server refuses the proxy.
        const auto who = *side == Side::client ? ConnectionLog::Who::proxy : ConnectionLog::Who::server;
        give_up(Side::server, who, ending_of(EndKind::authentication, nla_->failure().status, nla_->failure().reason),
                now);
        return;
    }
    if (!nla_->done()) return;
    nla_over_ = true;
    note(Side::server, "NLA is through on both legs, with the proxy's own account", now);
}

void Interceptor::client_secured(Time now) {
    note(Side::client, describe(*client_tls_), now);
    const auto selected = negotiation_.protocols().selected;
    const bool nla = selected == protocol::protocol_hybrid || selected == protocol::protocol_hybrid_ex;
    if (shared_->settings().account && nla) start_nla(now);
    if (!early_.empty()) client_tls_->write(std::exchange(early_, {}));
    flush_tls(Side::client, now);
    release(Segment::decrypted, Side::client, now);
}

void Interceptor::encrypt(Side side, const command::Send& c, Time now) {
    if (broken_[index(side)]) return;
    auto& tls = *engine(side);
    if (c.kind == command::Send::Kind::alert) {
        tls.inject_alert(c.bytes[0], c.bytes[1]);
        flush_tls(side, now);
    } else if (c.kind == command::Send::Kind::renegotiation) {
        if (!tls.request_renegotiation()) note(side, "there is no renegotiation in this version of TLS", now);
        flush_tls(side, now);
    } else if (side == Side::server && nla_) {
        nla_says(nla_->received(Side::client, c.bytes), now);
    } else {
        write(side, c.bytes, now);
    }
}

void Interceptor::write(Side side, ByteView bytes, Time now) {
    auto& tls = *engine(side);
    if (tls.state() == State::handshaking)
        append(early_, bytes);
    else
        tls.write(bytes);
    flush_tls(side, now);
}

void Interceptor::flush_tls(Side side, Time now) {
    if (auto out = engine(side)->take_output(); !out.empty()) wire(side).take(other(side), std::move(out), now);
}

// All that TLS carried from this side has been passed on. A close_notify is passed on as one; the end of the wire
// without one (or before one that is still on its way) as the end of the wire.
void Interceptor::plaintext_ends(Side side, Time now) {
    const auto to = other(side);
    plain_fin_[index(side)] = true;
    if (notified_[index(side)] && !broken_[index(to)]) {
        engine(to)->close();
        flush_tls(to, now);
    }
    if (fin_[index(side)] || !notified_[index(side)]) wire(to).end_of_stream(side, now);
}

void Interceptor::tls_failed(Side side, Time now) {
    const auto& tls = *engine(side);
    const auto who = side == Side::client ? ConnectionLog::Who::client : ConnectionLog::Who::server;
    if (const auto alert = tls.alert_received()) {
        note_alert(side, *alert, now);
        return give_up(side, who, ending_of(EndKind::tls_alert, alert->description, tls.error()), now);
    }
    // One in plain text, where TLS expected it to be protected: the peer had not got that far.
    for (const auto& seen : log_->events)
        if (seen.kind == Event::Kind::alert && seen.segment == wire_of(side) && seen.direction == from(side))
            return give_up(side, who, ending_of(EndKind::tls_alert, seen.code, tls.error()), now);
    if (const auto alert = tls.alert_sent())
        return give_up(side, ConnectionLog::Who::proxy, ending_of(EndKind::tls_alert, alert->description, tls.error()),
                       now);
    give_up(side, ConnectionLog::Who::proxy, ending_of(EndKind::tls_failure, 0, tls.error()), now);
}

void Interceptor::note_first_end(ConnectionLog::Who who, const Ending& ending) {
    if (log_->ended_by != ConnectionLog::Who::nobody) return;
    log_->ended_by = who;
    log_->first_end = ending;
}

// The proxy's end of TLS with this side is no more: both legs end in order, behind what was said before.
void Interceptor::give_up(Side side, ConnectionLog::Who who, const Ending& ending, Time now) {
    broken_[index(side)] = true;
    note_first_end(who, ending);
    note(side, "TLS failed: " + to_string(ending) + (ending.detail.empty() ? "" : ", " + ending.detail), now);
    wire(side).neighbour_gone(other(side), false, true, now);
    if (decrypted_)
        decrypted_->neighbour_gone(side, false, true, now);
    else
        wire(other(side)).neighbour_gone(side, false, true, now);
}

Bytes Interceptor::alert_record(Segment wire, std::uint8_t level, std::uint8_t description,
                                std::optional<Stage> in_place_of) {
    constexpr auto alert = static_cast<std::uint8_t>(protocol::TlsContentType::alert);
    const auto side = wire == Segment::client_wire ? Side::client : Side::server;
    auto& tls = engine(side);
    const Bytes content{level, description};
    Bytes record;
    const auto place = tls && in_place_of ? place_of_own(*in_place_of, *tls) : std::nullopt;
    if (place && place->epoch != tls::Epoch::plaintext) {
        const auto secrets = tls->secrets();
        // Towards the client the proxy is the server, and the other way round.
        auto sealer = tls::RecordSealer::make(secrets.value_or(tls::Secrets{}), other(side), *place);
        if (sealer) sealer->seal(alert, content, record);
    } else if (tls && !place) {
        record = tls->seal(alert, content);
    }
    return record.empty() ? protocol::tls_alert_record({level, description}) : record;
}

// The alert of a side whose handshake is over is seen by TLS alone.
void Interceptor::note_alert(Side side, const tls::Alert& alert, Time now) {
    for (const auto& seen : log_->events)
        if (seen.kind == Event::Kind::alert && seen.segment == wire_of(side) && seen.code == alert.description) return;
    auto& event = log_->events.emplace_back();
    event.kind = Event::Kind::alert;
    event.time = now;
    event.connection = connection_;
    event.segment = wire_of(side);
    event.direction = from(side);
    event.code = alert.description;
}

void Interceptor::note(Side side, std::string text, Time now, Event::Kind kind) {
    auto& event = log_->events.emplace_back();
    event.kind = kind;
    event.time = now;
    event.connection = connection_;
    event.segment = wire_of(side);
    event.side = side;
    event.text = std::move(text);
}

// Each side repeats inside TLS what it was told outside: what was rewritten there is written back here.
FaultPlan Interceptor::with_repairs(const FaultPlan& plan) const {
    const auto& rewriting = shared_->settings().config.rewriting;
    const auto& told = negotiation_.protocols();
    FaultPlan repaired = plan;
    const auto repair = [&](Stage stage, const char* field, std::uint32_t value) {
        AtStage moment;
        moment.stage = stage;
        Fault fault;
        fault.id = "echo-repair";
        fault.trigger.moment = moment;
        fault.action = action::Mutate{{{field, value}}};
        fault.segment = Segment::decrypted;
        repaired.faults.insert(repaired.faults.begin(), std::move(fault));
    };
    if (told.selected != told.selected_told && rewriting.repair_client_echo)
        repair(Stage::mcs_connect_initial, "connect_initial.selected_protocol", told.selected);
    if (told.requested != told.requested_told && rewriting.repair_server_echo)
        repair(Stage::mcs_connect_response, "connect_response.requested_protocols", told.requested);
    return repaired;
}

}  // namespace rdpfault::proxy
