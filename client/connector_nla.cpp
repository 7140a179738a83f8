// CredSSP between TLS and MCS (MS-RDPBCGR 5.4.5.2), and what the server thinks of the user (2.2.10.2).
#include <algorithm>

#include "client/connector.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::client {

void Connector::start_nla() {
    nla::ClientConfig config;
    config.package = config_.nla.package;
    config.version = config_.nla.version;
    config.min_version = config_.nla.min_version;
    config.credentials = {config_.domain, config_.user, config_.password};
    config.host = config_.server_name;
    config.public_key = tls_->server_public_key();
    nla_ = std::make_unique<nla::CredSspClient>(std::move(config));
    enter(State::proving);
    say_nla(nla_->start());
}

void Connector::say_nla(ByteView message) {
    if (nla_->progress() == nla::Progress::failed) return nla_failed();
    if (message.empty()) return;
    send_plain(message);
    mark(nla_->sent());
}

void Connector::nla_failed() {
    const auto& failure = nla_->failure();
    if (failure.malformed) return end_malformed(unit_offset_, *failure.malformed, "decrypted");
    end(EndKind::authentication, failure.status, failure.reason);
}

void Connector::on_ts_request(const Unit& unit) {
    if (state_ == State::conference) {
        const auto request = accept(protocol::TsRequest::decode(unit.bytes));
        if (!request) return;
        if (!request->error_code) return refuse("a TSRequest behind the credentials");
        return end(EndKind::authentication, *request->error_code, "errorCode of the server, which has the credentials");
    }
    const auto answer = nla_->receive(unit.bytes);
    if (const auto stage = nla_->received()) mark(*stage);
    report_.nla = NlaFacts{config_.nla.package, std::min(config_.nla.version, nla_->peer_version()),
                           nla_->progress() == nla::Progress::done};
    say_nla(answer);
    if (finished() || nla_->progress() != nla::Progress::done) return;
    if (report_.selected_protocol == protocol::protocol_hybrid_ex) return enter(State::authorizing);
    send_connect_initial();
}

void Connector::on_early_result(const Unit& unit) {
    unit_offset_ = unit.offset;
    const auto pdu = accept(protocol::EarlyUserAuthorization::decode(unit.bytes));
    if (!pdu) return;
    mark(Stage::nla_early_auth);
    if (pdu->result == protocol::EarlyUserAuthorization::success) return send_connect_initial();
    report_.nla->accepted = false;
    // AUTHZ_ACCESS_DENIED; the specification knows no other.
    end(EndKind::authentication, nla::status::access_denied,
        "Early User Authorization Result " + std::to_string(pdu->result));
}

}  // namespace rdpfault::client
