// What is said on the channels: Client Info, licensing, capabilities, finalization, the session and its end
// (MS-RDPBCGR 1.3.1.1 secure settings exchange to connection finalization, 1.3.1.3, 1.3.1.4).
#include "client/capabilities.hpp"
#include "client/connector.hpp"
#include "protocol/activation.hpp"
#include "protocol/client_info.hpp"
#include "protocol/error_info.hpp"
#include "protocol/fast_path.hpp"
#include "protocol/finalization.hpp"
#include "protocol/licensing.hpp"
#include "protocol/session_end.hpp"

namespace rdpfault::client {

using namespace protocol;

void Connector::send_client_info() {
    ClientInfo info;
    info.domain = config_.domain;
    info.user = config_.user;
    info.password = config_.password;
    info.flags |= client_info_flags::maximize_shell;  // xrdp takes a Client Info without it for a failed decryption
    if (!config_.password.empty()) info.flags |= client_info_flags::autologon;
    enter(State::licensing);
    send_plain(send_data_request(user_, io_channel_, encoded(info)));
    mark(Stage::rdp_client_info);
}

void Connector::send_share(ByteView pdu) {
    send_plain(send_data_request(user_, io_channel_, pdu));
}

void Connector::on_channel_data(const SendDataIndication& data) {
    if (message_channel_ && data.channel == *message_channel_) {
        const auto request = AutoDetectRequest::decode(data.payload);
        if (!request) return;  // a heartbeat or another message that asks for no answer
        const auto answer = auto_detect_.answer(*request, now_);
        if (answer) send_plain(send_data_request(user_, *message_channel_, encoded(*answer)));
        return;
    }
    if (data.channel != io_channel_) return;  // a virtual channel
    if (state_ == State::licensing && is_licensing(data.payload)) return on_license(data.payload);
    on_share(data.payload);
}

void Connector::on_license(ByteView payload) {
    const auto message = accept(license_message(payload));
    if (!message) return;
    mark(Stage::rdp_licensing);
    if (*message == LicenseMessage::new_license || *message == LicenseMessage::upgrade_license) {
        return enter(State::capabilities);
    }
    if (*message != LicenseMessage::error_alert) {
        // We have no licence and want none: xrdp goes on after any answer, and so does a server in its grace period.
        return send_plain(send_data_request(user_, io_channel_, encoded(LicenseErrorAlert::no_license())));
    }
    const auto alert = accept(LicenseErrorAlert::decode(payload));
    if (!alert) return;
    if (alert->error_code != license_error::status_valid_client) return end(EndKind::license_error, alert->error_code);
    enter(State::capabilities);
}

void Connector::on_share(ByteView payload) {
    while (!payload.empty() && !finished()) {
        const auto unit = accept(peek_share_unit(payload));
        if (!unit) return;
        if (unit->bytes.empty()) return refuse("share PDU of no length");
        on_share_unit(*unit);
        payload = payload.subspan(unit->bytes.size());
    }
}

void Connector::on_share_unit(const ShareUnit& unit) {
    switch (unit.control.type) {
        case SharePduType::demand_active: return on_demand_active(unit.bytes);
        case SharePduType::deactivate_all:
            // A new Demand Active follows (1.3.1.3); some servers send one before the first, too.
            if (state_ == State::finalizing || state_ == State::active) enter(State::capabilities);
            return;
        case SharePduType::data: return on_share_data(unit);
        default: return;  // a redirection: the server ends the connection after it
    }
}

void Connector::on_demand_active(ByteView pdu) {
    if (state_ == State::leaving) return;
    const auto demand = accept(DemandActive::decode(pdu));
    if (!demand) return;
    mark(Stage::rdp_demand_active);
    share_id_ = demand->origin.share_id;
    ConfirmActive confirm;
    confirm.origin = {share_id_, user_};
    confirm.capabilities = capabilities(config_);
    send_share(encoded(confirm));
    mark(Stage::rdp_confirm_active);
    enter(State::finalizing);
    send_finalization();
}

// The client's four do not depend on the server's (1.3.1.1), so they go out in a row.
void Connector::send_finalization() {
    const ShareOrigin origin{share_id_, user_};
    Synchronize synchronize;
    synchronize.origin = origin;
    Control cooperate;
    cooperate.origin = origin;
    Control request = cooperate;
    request.action = ControlAction::request_control;
    FontList fonts;
    fonts.origin = origin;
    send_share(encoded(synchronize));
    send_share(encoded(cooperate));
    send_share(encoded(request));
    send_share(encoded(fonts));
}

void Connector::on_share_data(const ShareUnit& unit) {
    if (unit.is(DataPduType::set_error_info)) {
        if (const auto pdu = accept(SetErrorInfo::decode(unit.bytes))) error_info_ = pdu->error_info;
    } else if (unit.is(DataPduType::font_map)) {
        if (state_ == State::finalizing) session_is_up();
    } else if (unit.is(DataPduType::update)) {
        ++report_.updates;
    } else if (unit.is(DataPduType::shutdown_denied) && state_ == State::leaving) {
        depart("the Shutdown Request was denied");
    }
}

void Connector::session_is_up() {
    mark(Stage::rdp_finalization);
    mark(Stage::rdp_active);
    const bool first = !report_.session_up;
    report_.session_up = true;
    enter(State::active);
    if (first) linger_until_ = now_ + config_.linger;
    if (now_ >= *linger_until_) leave();
}

void Connector::on_fast_path(const Unit& unit) {
    const auto output = accept(FastPathOutput::decode(unit.bytes));
    if (output) report_.updates += static_cast<std::uint32_t>(output->updates.size());
}

// The user closes the window (1.3.1.4.1): ask first; the server ends the connection, or denies and we go.
void Connector::leave() {
    ShutdownRequest request;
    request.origin = {share_id_, user_};
    enter(State::leaving);
    send_share(encoded(request));
    mark(Stage::rdp_disconnect);
}

void Connector::depart(std::string detail) {
    if (!detail.empty()) send_plain(data_unit(encoded(DisconnectProviderUltimatum{})));
    tls_->close();
    flush_tls();
    end(EndKind::disconnect, 0, std::move(detail));
}

}  // namespace rdpfault::client
