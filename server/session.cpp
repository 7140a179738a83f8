#include "server/session.hpp"

#include "protocol/client_info.hpp"
#include "protocol/error_info.hpp"
#include "protocol/fast_path.hpp"
#include "protocol/licensing.hpp"
#include "protocol/save_session_info.hpp"
#include "protocol/session_end.hpp"

namespace rdpfault::server {

namespace {

constexpr std::uint8_t provider_initiated = 1;

// Moves an error from a part of a unit, that begins `base` bytes into it, to the unit.
Session::Fault moved(Session::Fault fault, std::size_t base) {
    if (fault) fault->offset += base;
    return fault;
}

}  // namespace

Session::Fault Session::receive(ByteView unit, Outlet& out) {
    if (protocol::is_fast_path(unit.front())) return on_fast_path(unit);
    const auto mcs = protocol::data_payload(unit);
    if (!mcs) return mcs.error();
    const auto base = unit.size() - mcs->size();
    if (!channels_.connected()) return moved(channels_.connect_initial(*mcs, out), base);
    return moved(on_domain_pdu(*mcs, out), base);
}

Session::Fault Session::on_domain_pdu(ByteView mcs, Outlet& out) {
    using Kind = protocol::DomainPduKind;
    const auto kind = protocol::domain_pdu_kind(mcs);
    if (!kind) return kind.error();
    switch (*kind) {
        case Kind::erect_domain_request: channels_.erect_domain(out); return std::nullopt;
        case Kind::attach_user_request: return channels_.attach_user(mcs, out);
        case Kind::channel_join_request: return channels_.channel_join(mcs, out);
        case Kind::disconnect_provider_ultimatum: {
            const auto ultimatum = protocol::DisconnectProviderUltimatum::decode(mcs);
            if (!ultimatum) return ultimatum.error();
            out.reached.push_back(Stage::rdp_disconnect);
            out.depart(Side::client, ending_of(EndKind::disconnect, ultimatum->reason));
            return std::nullopt;
        }
        case Kind::send_data_request: {
            const auto request = protocol::SendDataRequest::decode(mcs);
            if (!request) return request.error();
            // The static channels are there because clients insist on having them; nobody listens.
            if (request->channel != io_channel) return std::nullopt;
            return moved(on_data(request->payload, out), mcs.size() - request->payload.size());
        }
        default: return protocol::DecodeError{protocol::Errc::bad_value, 0, "a PDU that only servers send"};
    }
}

Session::Fault Session::on_data(ByteView payload, Outlet& out) {
    if (phase_ == Phase::channels) return on_client_info(payload, out);
    if (phase_ == Phase::silence || protocol::is_licensing(payload)) return std::nullopt;
    for (std::size_t at = 0; at < payload.size() && !out.departure;) {
        const auto unit = protocol::peek_share_unit(payload.subspan(at));
        auto fault = unit ? on_share(*unit, out) : Fault(unit.error());
        if (fault) return moved(fault, at);
        at += unit->bytes.size();
    }
    return std::nullopt;
}

Session::Fault Session::on_client_info(ByteView payload, Outlet& out) {
    if (!channels_.complete())
        return protocol::DecodeError{protocol::Errc::bad_value, 0, "Client Info before all channels are joined"};
    const auto info = protocol::ClientInfo::decode(payload);
    if (!info) return info.error();
    logon_notify_ = (info->flags & protocol::client_info_flags::logon_notify) != 0;
    out.reached.push_back(Stage::rdp_client_info);
    license(out);
    return std::nullopt;
}

void Session::license(Outlet& out) {
    protocol::LicenseErrorAlert alert;
    if (config_.license_error) {
        alert.error_code = *config_.license_error;
        alert.state_transition = protocol::license_transition::total_abort;
    }
    out.send(alert);
    out.reached.push_back(Stage::rdp_licensing);
    if (config_.license_error)
        return out.depart(Side::server, ending_of(EndKind::license_error, *config_.license_error));
    if (config_.silence_after_licensing) {
        phase_ = Phase::silence;
        out.notes.emplace_back("silent from here on, as configured");
    } else if (config_.error_info && config_.error_info->before_activation) {
        end_with_error_info(config_.error_info->code, out);
    } else {
        demand_active(out);
    }
}

void Session::demand_active(Outlet& out) {
    desktop_ = choose_desktop(client(), config_.width, config_.height);
    protocol::DemandActive demand;
    demand.origin = origin();
    demand.capabilities = capabilities(desktop_);
    out.send(demand);
    out.reached.push_back(Stage::rdp_demand_active);
    phase_ = Phase::confirm;
}

Session::Fault Session::on_share(const protocol::ShareUnit& unit, Outlet& out) {
    if (phase_ == Phase::confirm) return on_confirm_active(unit, out);
    if (phase_ == Phase::active) return on_active(unit, out);
    if (!finalize(unit, origin(), channels_.user(), out)) return std::nullopt;
    phase_ = Phase::active;
    out.reached.push_back(Stage::rdp_finalization);
    out.reached.push_back(Stage::rdp_active);
    if (logon_notify_) out.send(protocol::SaveSessionInfo{.origin = origin()});
    display_.emplace(desktop_.width, desktop_.height, desktop_.bits_per_pixel);
    display_->damage(display_->card().bounds());
    return std::nullopt;
}

Session::Fault Session::on_confirm_active(const protocol::ShareUnit& unit, Outlet& out) {
    if (unit.control.type != protocol::SharePduType::confirm_active) return std::nullopt;
    const auto confirm = protocol::ConfirmActive::decode(unit.bytes);
    if (!confirm) return confirm.error();
    const auto* general = protocol::find<protocol::GeneralCapability>(confirm->capabilities);
    fast_path_output_ = general != nullptr && (general->extra_flags & 1) != 0;
    phase_ = Phase::finalization;
    out.reached.push_back(Stage::rdp_confirm_active);
    return std::nullopt;
}

void Session::draw(Outlet& out) {
    if (!up() || out.departure) return;
    auto rectangle = display_->next();
    if (!rectangle) return;
    protocol::BitmapUpdate update;
    update.rectangles.push_back(std::move(*rectangle));
    if (!fast_path_output_) return out.send(protocol::SlowPathBitmapUpdate{origin(), std::move(update)});
    for (const auto& pdu : protocol::fast_path_update(protocol::UpdateCode::bitmap, protocol::encoded(update)))
        append(out.plaintext, pdu);
}

// MS-RDPBCGR 3.3.5.7.1.1: only to a client that says it understands, and the server disconnects after it.
void Session::end_with_error_info(std::uint32_t code, Outlet& out) {
    if (client().early_capability_flags.value_or(0) & protocol::client_early::error_info)
        out.send(protocol::SetErrorInfo{.origin = {origin().share_id, 0}, .error_info = code});
    else
        out.notes.emplace_back("the client takes no Set Error Info: it gets the disconnect alone");
    disconnect(provider_initiated, out);
    out.depart(Side::server, ending_of(EndKind::error_info, code));
}

void Session::end_with_disconnect(std::uint8_t reason, Outlet& out) {
    disconnect(reason, out);
    out.depart(Side::server, ending_of(EndKind::disconnect, reason));
}

void Session::end_in_order(Outlet& out) {
    if (channels_.connected()) disconnect(provider_initiated, out);
    out.depart(Side::server, ending_of(EndKind::orderly));
}

void Session::disconnect(std::uint8_t reason, Outlet& out) {
    if (up()) {
        protocol::DeactivateAll deactivate;
        deactivate.source = server_channel;
        deactivate.body->share_id = origin().share_id;
        out.send(deactivate);
    }
    out.send_mcs(protocol::DisconnectProviderUltimatum{reason});
    out.reached.push_back(Stage::rdp_disconnect);
}

}  // namespace rdpfault::server
