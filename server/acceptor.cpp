#include "server/acceptor.hpp"

#include <algorithm>

#include "protocol/framing.hpp"
#include "protocol/preconnection.hpp"
#include "server/negotiation.hpp"
#include "server/session.hpp"

namespace rdpfault::server {

namespace {

constexpr std::size_t portion = 64 * 1024;  // of picture that take_output() gives at once

bool known(const std::vector<StageTime>& stages, Stage stage) {
    return std::any_of(stages.begin(), stages.end(), [&](const StageTime& row) { return row.stage == stage; });
}

}  // namespace

tls::EngineConfig engine_config(const Config& config, std::shared_ptr<const tls::Credential> credential) {
    tls::EngineConfig out;
    out.role = tls::Role::server;
    out.min = config.tls_min;
    out.max = config.tls_max;
    out.ciphers = config.tls_ciphers;
    out.ciphersuites = config.tls_ciphersuites;
    out.credential = std::move(credential);
    return out;
}

struct Acceptor::State {
    State(const Config& the_config, tls::EngineConfig the_tls) : config(the_config), tls_config(std::move(the_tls)) {
        deadline = config.stage_timeout;
    }

    bool open() const { return wish == Wish::open; }

    void note(Time now, std::string text) { events.push_back({now, std::nullopt, std::move(text)}); }

    // The first time a stage is completed, the client gets the whole time for the next one.
    void reach(Time now, Stage stage) {
        if (known(report.stages, stage)) return;
        report.stages.push_back({stage, now});
        report.furthest = std::max(report.furthest, stage);
        events.push_back({now, stage, {}});
        deadline = now + config.stage_timeout;
    }

    void end(Time now, Side by, Ending ending, Wish how) {
        report.ending = std::move(ending);
        report.by = by;
        report.duration = now;
        wish = how;
        deadline.reset();
        fault_at.reset();
        auto text = "ended by the " + std::string(to_string(by)) + ": " + to_string(report.ending);
        if (!report.ending.detail.empty()) text += " (" + report.ending.detail + ")";
        note(now, std::move(text));
    }

    void end_malformed(Time now, std::uint64_t offset, std::string_view what) {
        auto ending = ending_of(EndKind::malformed, 0, std::string(what));
        ending.offset = offset;
        close_tls();
        end(now, Side::server, std::move(ending), Wish::close);
    }

    void close_tls() {
        if (!engine) return;
        engine->close();
        collect();
    }
    void collect() { append(output, engine->take_output()); }

    // Before TLS: a preconnection PDU perhaps, and the Connection Request.
    void on_clear(Time now);
    bool on_clear_unit(Time now, ByteView unit);
    void on_request(Time now, const protocol::ConnectionRequest& request);
    // From the ClientHello on.
    void on_tls(Time now, ByteView wire);
    void on_handshake(Time now);
    void on_established(Time now);
    void on_engine_end(Time now);
    void on_plaintext(Time now);
    // What the session said goes through TLS and into the report.
    void settle(Time now, Outlet& out);

    const Config& config;
    tls::EngineConfig tls_config;
    std::optional<tls::Engine> engine;  // once TLS is selected
    std::optional<Session> session;     // once TLS is up
    Bytes pending;                      // a unit that is not yet whole: of the wire before TLS, of the plaintext after
    std::uint64_t consumed = 0;         // bytes of that stream before `pending`
    Bytes output;
    std::vector<Event> events;
    SessionReport report;
    Wish wish = Wish::open;
    std::optional<Time> deadline;  // of the stage
    std::optional<Time> fault_at;  // error_info and disconnect in the active session
};

void Acceptor::State::on_clear(Time now) {
    while (open() && !engine && !pending.empty()) {
        const bool first = report.furthest == Stage::tcp_connect;
        const auto framing = first && pending.front() != 3 ? protocol::Framing::preconnection : protocol::Framing::tpkt;
        const auto frame = protocol::frame_length(framing, pending);
        if (frame.status == protocol::FrameLength::Status::wrong) return end_malformed(now, consumed, frame.what);
        if (frame.status == protocol::FrameLength::Status::need_more || pending.size() < frame.size) return;
        if (!on_clear_unit(now, ByteView(pending).first(frame.size))) return;
        pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(frame.size));
        consumed += frame.size;
    }
    if (!engine || pending.empty()) return;
    const auto hello = std::exchange(pending, {});  // came in one piece with the request
    on_tls(now, hello);
}

bool Acceptor::State::on_clear_unit(Time now, ByteView unit) {
    if (unit.front() != 3) {
        const auto pdu = protocol::PreconnectionPdu::decode(unit);
        if (!pdu) end_malformed(now, consumed + pdu.error().offset, pdu.error().what);
        if (pdu) reach(now, Stage::rdp_preconnection);
        return pdu.has_value();
    }
    const auto request = protocol::ConnectionRequest::decode(unit);
    if (!request) end_malformed(now, consumed + request.error().offset, request.error().what);
    if (request) on_request(now, *request);
    return request.has_value();
}

void Acceptor::State::on_request(Time now, const protocol::ConnectionRequest& request) {
    reach(now, Stage::x224_request);
    if (request.negotiation) report.requested_protocols = request.negotiation->protocols;
    const auto confirm = answer(request, config);
    append(output, protocol::encoded(confirm));
    reach(now, Stage::x224_confirm);
    if (confirm.failure)
        return end(now, Side::server, ending_of(EndKind::negotiation_failure, confirm.failure->code), Wish::close);
    engine.emplace(tls_config);
}

void Acceptor::State::on_tls(Time now, ByteView wire) {
    const bool handshaking = engine->state() == tls::Engine::State::handshaking;
    engine->feed(wire, pending);
    if (handshaking) on_handshake(now);
    if (open() && session) on_plaintext(now);
    if (open()) on_engine_end(now);
}

void Acceptor::State::on_handshake(Time now) {
    auto flight = engine->take_output();
    // An answer is there: the whole ClientHello was read. What it says does not matter.
    if (!flight.empty() && config.certificate_key_unusable) {
        const bool reset = *config.certificate_key_unusable == CloseKind::reset;
        reach(now, Stage::tls_client_hello);
        return end(now, Side::server, ending_of(reset ? EndKind::reset : EndKind::close, 0, "certificate key unusable"),
                   reset ? Wish::reset : Wish::close);
    }
    append(output, flight);
    if (engine->state() == tls::Engine::State::failed) return;
    if (!flight.empty()) {
        reach(now, Stage::tls_client_hello);
        reach(now, Stage::tls_server_hello);
    }
    if (engine->state() != tls::Engine::State::handshaking) on_established(now);
}

void Acceptor::State::on_established(Time now) {
    report.tls = engine->negotiated();
    reach(now, Stage::tls_established);
    note(now, "TLS " + std::string(tls::to_string(report.tls->version)) + " " + report.tls->cipher);
    consumed = 0;
    session.emplace(config, report.requested_protocols);
    if (!config.after_tls) return;
    const bool reset = *config.after_tls == CloseKind::reset;
    if (!reset) close_tls();
    end(now, Side::server, ending_of(reset ? EndKind::reset : EndKind::close, 0, "after TLS, as configured"),
        reset ? Wish::reset : Wish::close);
}

// The peer said close_notify, or TLS broke.
void Acceptor::State::on_engine_end(Time now) {
    if (engine->state() == tls::Engine::State::closed) {
        close_tls();
        return end(now, Side::client, ending_of(EndKind::close, 0, "close_notify"), Wish::close);
    }
    if (engine->state() != tls::Engine::State::failed) return;
    collect();
    const auto received = engine->alert_received();
    const auto sent = engine->alert_sent();
    if (received)
        return end(now, Side::client, ending_of(EndKind::tls_alert, received->description, engine->error()),
                   Wish::close);
    if (sent)
        return end(now, Side::server, ending_of(EndKind::tls_alert, sent->description, engine->error()), Wish::close);
    end(now, Side::server, ending_of(EndKind::tls_failure, 0, engine->error()), Wish::close);
}

void Acceptor::State::on_plaintext(Time now) {
    Outlet out;
    std::size_t at = 0;
    while (at < pending.size() && !out.departure) {
        const auto rest = ByteView(pending).subspan(at);
        const auto frame = protocol::frame_length(protocol::Framing::session, rest);
        if (frame.status == protocol::FrameLength::Status::wrong) {
            settle(now, out);
            return end_malformed(now, consumed + at, frame.what);
        }
        if (frame.status == protocol::FrameLength::Status::need_more || rest.size() < frame.size) break;
        if (const auto fault = session->receive(rest.first(frame.size), out)) {
            settle(now, out);
            return end_malformed(now, consumed + at + fault->offset, fault->what);
        }
        at += frame.size;
    }
    pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(at));
    consumed += at;
    settle(now, out);
}

void Acceptor::State::settle(Time now, Outlet& out) {
    engine->write(out.plaintext);
    collect();
    for (const auto stage : out.reached)
        reach(now, stage);
    for (auto& text : out.notes)
        note(now, std::move(text));
    report.client_name = session->client().client_name;
    report.width = session->desktop().width;
    report.height = session->desktop().height;
    report.bits_per_pixel = session->desktop().bits_per_pixel;
    report.inputs = session->inputs();
    if (session->silent()) deadline.reset();
    if (session->up() && !report.session_up) {
        report.session_up = true;
        if (config.error_info && !config.error_info->before_activation) fault_at = now + config.error_info->after;
        if (config.disconnect) fault_at = std::min(fault_at.value_or(Time::max()), now + config.disconnect->after);
    }
    if (session->up()) deadline.reset();
    if (!out.departure || !open()) return;
    close_tls();
    end(now, out.departure->by, std::move(out.departure->ending), Wish::close);
}

Acceptor::Acceptor(const Config& config, tls::EngineConfig tls)
    : state_(std::make_unique<State>(config, std::move(tls))) {}
Acceptor::~Acceptor() = default;
Acceptor::Acceptor(Acceptor&&) noexcept = default;

void Acceptor::receive(Time now, ByteView wire) {
    if (!state_->open() || wire.empty()) return;
    if (state_->engine) return state_->on_tls(now, wire);
    append(state_->pending, wire);
    state_->on_clear(now);
}

void Acceptor::peer_closed(Time now) {
    if (!state_->open()) return;
    state_->close_tls();
    state_->end(now, Side::client, ending_of(EndKind::close), Wish::close);
}

void Acceptor::peer_lost(Time now, const Ending& why) {
    if (state_->open()) state_->end(now, Side::client, why, Wish::reset);
}

void Acceptor::wake(Time now) {
    auto& state = *state_;
    if (!state.open()) return;
    if (state.fault_at && now >= *state.fault_at) {
        Outlet out;
        if (state.config.error_info && !state.config.error_info->before_activation)
            state.session->end_with_error_info(state.config.error_info->code, out);
        else
            state.session->end_with_disconnect(state.config.disconnect->reason, out);
        return state.settle(now, out);
    }
    if (!state.deadline || now < *state.deadline) return;
    state.close_tls();
    state.end(now, Side::server, ending_of(EndKind::timeout, 0, "the client was too slow"), Wish::close);
}

void Acceptor::refuse(Time now, std::string why) {
    if (state_->open()) state_->end(now, Side::server, ending_of(EndKind::close, 0, std::move(why)), Wish::close);
}

void Acceptor::stop(Time now) {
    auto& state = *state_;
    if (!state.open()) return;
    if (!state.session) {
        state.close_tls();
        return state.end(now, Side::server, ending_of(EndKind::orderly), Wish::close);
    }
    Outlet out;
    state.session->end_in_order(out);
    state.settle(now, out);
}

std::vector<Event> Acceptor::take_events() {
    return std::exchange(state_->events, {});
}

Bytes Acceptor::take_output() {
    auto& state = *state_;
    if (state.open() && state.session && state.output.size() < portion) {
        Outlet out;
        for (auto before = out.plaintext.size() + 1;
             before != out.plaintext.size() && out.plaintext.size() < portion;) {
            before = out.plaintext.size();
            state.session->draw(out);
        }
        state.engine->write(out.plaintext);
        state.collect();
    }
    return std::exchange(state.output, {});
}

std::size_t Acceptor::unsent() const {
    return state_->output.size();
}

Acceptor::Wish Acceptor::wish() const {
    return state_->wish;
}

std::optional<Time> Acceptor::wake_at() const {
    if (!state_->fault_at) return state_->deadline;
    return std::min(*state_->fault_at, state_->deadline.value_or(Time::max()));
}

const SessionReport& Acceptor::report() const {
    return state_->report;
}

}  // namespace rdpfault::server
