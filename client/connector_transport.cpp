// From wire bytes to units: X.224 in plain text (MS-RDPBCGR 1.3.1.1 connection initiation), then TLS records.
#include <stdexcept>

#include "client/connector.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::client {
namespace {

// Alerts of ours that say "what you sent cannot be read", as opposed to "we have nothing in common" (RFC 8446 6.2).
bool blames_the_bytes(std::uint8_t alert) {
    switch (alert) {
        case 10:  // unexpected_message
        case 20:  // bad_record_mac
        case 22:  // record_overflow
        case 47:  // illegal_parameter
        case 50:  // decode_error
        case 51:  // decrypt_error
            return true;
        default: return false;
    }
}

}  // namespace

void Connector::on_confirm(const Unit& unit) {
    const auto confirm = protocol::ConnectionConfirm::decode(unit.bytes);
    if (!confirm) return end_malformed(unit.offset, confirm.error());
    mark(Stage::x224_confirm);
    if (confirm->failure) return end(EndKind::negotiation_failure, confirm->failure->code);

    const auto selected = confirm->response ? confirm->response->selected : protocol::protocol_rdp;
    report_.selected_protocol = selected;
    const bool offered = (selected & config_.requested_protocols) == selected;
    if (selected == protocol::protocol_ssl && config_.nla.required)
        return end(EndKind::authentication, 0, "the server chose TLS without NLA, and NLA is demanded");
    if (selected == protocol::protocol_ssl) return start_tls();
    if (selected == protocol::protocol_rdp) {
        return end(EndKind::tls_failure, 0, "the server chose standard RDP security, which the probe does not speak");
    }
    if (offered && (selected == protocol::protocol_hybrid || selected == protocol::protocol_hybrid_ex))
        return start_tls();
    if (offered) return end(EndKind::authentication, 0, "the server chose a protocol that the probe does not speak");
    end_malformed(unit.offset, {protocol::Errc::bad_value, unit.bytes.size() - 4, "selectedProtocol was not offered"});
}

void Connector::start_tls() {
    tls::EngineConfig config;
    config.min = config_.tls_min;
    config.max = config_.tls_max;
    config.ciphers = config_.tls_ciphers;
    config.ciphersuites = config_.tls_ciphersuites;
    config.server_name = config_.server_name;
    config.key_log = config_.key_log;
    try {
        tls_ = std::make_unique<tls::Engine>(config);
    } catch (const std::runtime_error& error) {
        return end(EndKind::tls_failure, 0, error.what());
    }
    enter(State::securing);
    tls_->start();
    flush_tls();
}

// Whole records only are given to TLS, so that garbage between them is told from a failed handshake, with its offset.
void Connector::on_records() {
    while (!finished()) {
        auto record = wire_.next(protocol::Framing::tls_record);
        if (!record) return end_malformed(0, record.error());
        if (!*record) return;

        Bytes plaintext;
        tls_->feed((*record)->bytes, plaintext);
        flush_tls();
        if (state_ == State::securing && tls_->state() != tls::Engine::State::handshaking &&
            tls_->state() != tls::Engine::State::failed) {
            report_.tls = tls_->negotiated();
            if (!certificate_is_trusted()) return;
            if (report_.selected_protocol == protocol::protocol_ssl)
                send_connect_initial();
            else
                start_nla();
        }
        plain_.append(plaintext);
        on_plain();
        on_tls_end((*record)->offset);
    }
}

// After the handshake, as mstsc does: the server sees a connection that is closed.
bool Connector::certificate_is_trusted() {
    if (!config_.trust) return true;
    const auto certificate = tls_->peer_certificate();
    if (!certificate) return true;  // there is none to object to
    const auto finding = tls::verify(*certificate, tls_->peer_chain(), *config_.trust);
    if (finding) end(EndKind::certificate, static_cast<std::uint32_t>(finding.code), finding.text);
    return !finding;
}

void Connector::on_tls_end(std::uint64_t offset) {
    if (finished()) return;
    if (tls_->state() == tls::Engine::State::closed) return end(EndKind::close, 0, "after close_notify");
    if (tls_->state() != tls::Engine::State::failed) return;
    if (const auto alert = tls_->alert_received()) return end(EndKind::tls_alert, alert->description);
    if (const auto alert = tls_->alert_sent(); alert && !blames_the_bytes(alert->description)) {
        return end(EndKind::tls_failure, alert->description, tls_->error());
    }
    Ending ending;
    ending.kind = EndKind::malformed;
    ending.offset = offset;
    ending.detail = "TLS: " + tls_->error();
    finish(std::move(ending));
}

void Connector::on_plain() {
    while (!finished() && take_plain()) {
    }
}

bool Connector::take_plain() {
    if (state_ == State::authorizing) {
        const auto unit = plain_.take(protocol::EarlyUserAuthorization::size);
        if (unit) on_early_result(*unit);
        return unit.has_value();
    }
    // A server may still say why it does not want us when it has the credentials.
    constexpr std::uint8_t der_sequence = 0x30;
    const bool credssp =
        state_ == State::proving || (state_ == State::conference && nla_ && plain_.peek() == der_sequence);
    auto framing = state_ < State::licensing ? protocol::Framing::tpkt : protocol::Framing::session;
    if (credssp) framing = protocol::Framing::ts_request;
    const auto unit = plain_.next(framing);
    if (!unit) end_malformed(0, unit.error(), "decrypted");
    if (!unit || !*unit) return false;
    unit_offset_ = (*unit)->offset;
    if (credssp)
        on_ts_request(**unit);
    else
        on_unit(**unit);
    return true;
}

}  // namespace rdpfault::client
