#include "protocol/framing.hpp"
#include "protocol/preconnection.hpp"
#include "protocol/x224.hpp"
#include "server/acceptor_state.hpp"
#include "server/negotiation.hpp"

namespace rdpfault::server {

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
    selected = confirm.response->selected;
    engine.emplace(tls_config);
}

void Acceptor::State::on_tls(Time now, ByteView wire) {
    const bool handshaking = engine->state() == tls::Engine::State::handshaking;
    engine->feed(wire, pending);
    if (handshaking) on_handshake(now);
    if (open() && nla) on_nla(now);
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
    if (selected == protocol::protocol_ssl)
        session.emplace(config, report.requested_protocols);
    else
        start_nla();
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

}  // namespace rdpfault::server
