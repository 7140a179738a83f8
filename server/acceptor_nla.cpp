// CredSSP between TLS and the session (MS-RDPBCGR 5.4.5.2).
#include "protocol/framing.hpp"
#include "protocol/x224.hpp"
#include "server/acceptor_state.hpp"

namespace rdpfault::server {

void Acceptor::State::start_nla() {
    nla::ServerConfig setup;
    setup.credential = users;
    setup.public_key = engine->server_public_key();
    setup.version = config.nla.version.value_or(setup.version);
    setup.error = config.nla.error;
    setup.wrong_public_key = config.nla.wrong_public_key;
    nla.emplace(std::move(setup));
    report.nla.emplace();
}

void Acceptor::State::on_nla(Time now) {
    while (open() && nla && !pending.empty()) {
        const auto frame = protocol::frame_length(protocol::Framing::ts_request, pending);
        if (frame.status == protocol::FrameLength::Status::wrong) return end_malformed(now, consumed, frame.what);
        if (frame.status == protocol::FrameLength::Status::need_more || pending.size() < frame.size) return;
        const Bytes message(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(frame.size));
        on_ts_request(now, message);
        pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(frame.size));
        consumed += frame.size;
    }
}

void Acceptor::State::on_ts_request(Time now, ByteView message) {
    const auto answer = nla->receive(message);
    const auto& fault = config.nla;
    report.nla->version = nla->peer_version();
    report.nla->user = nla->user();
    if (nla->received()) reach(now, *nla->received());
    if (fault.close_after && nla->received() == fault.close_after) {
        const bool reset = fault.close_with == CloseKind::reset;
        if (!reset) close_tls();
        const auto detail = "after " + std::string(to_string(*fault.close_after)) + ", as configured";
        return end(now, Side::server, ending_of(reset ? EndKind::reset : EndKind::close, 0, detail),
                   reset ? Wish::reset : Wish::close);
    }
    engine->write(answer);
    collect();
    if (nla->sent()) reach(now, *nla->sent());
    if (fault.wrong_public_key && nla->sent() == Stage::nla_public_key) report.nla->wrong_key_sent = true;
    if (nla->progress() == nla::Progress::failed) return nla_failed(now);
    if (nla->progress() == nla::Progress::done) nla_done(now);
}

void Acceptor::State::nla_failed(Time now) {
    const auto& failure = nla->failure();
    if (failure.malformed) return end_malformed(now, consumed + failure.malformed->offset, failure.malformed->what);
    report.nla->told = failure.told;
    auto detail = failure.reason;
    if (!failure.told) detail += "; the client is not told";
    close_tls();
    end(now, Side::server, ending_of(EndKind::authentication, failure.status, std::move(detail)), Wish::close);
}

void Acceptor::State::nla_done(Time now) {
    report.nla->accepted = true;
    note(now, report.nla->user + " has logged on, with CredSSP " + std::to_string(report.nla->version));
    nla.reset();
    if (selected == protocol::protocol_hybrid_ex) {
        protocol::EarlyUserAuthorization result;
        if (config.nla.early_auth_denied) result.result = protocol::EarlyUserAuthorization::access_denied;
        engine->write(encoded(result));
        collect();
        reach(now, Stage::nla_early_auth);
        if (config.nla.early_auth_denied) {
            report.nla->told = true;
            close_tls();
            return end(now, Side::server,
                       ending_of(EndKind::authentication, nla::status::access_denied, "as configured"), Wish::close);
        }
    }
    session.emplace(config, report.requested_protocols);
}

}  // namespace rdpfault::server
