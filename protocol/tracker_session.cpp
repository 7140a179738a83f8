#include "protocol/tracker_session.hpp"

#include <algorithm>

#include "protocol/ber.hpp"
#include "protocol/credssp.hpp"
#include "protocol/error_info.hpp"
#include "protocol/gcc.hpp"
#include "protocol/licensing.hpp"
#include "protocol/mcs_connect.hpp"
#include "protocol/mcs_domain.hpp"
#include "protocol/per.hpp"
#include "protocol/security_header.hpp"
#include "protocol/tpkt.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::uint8_t der_sequence = 0x30;
constexpr std::uint32_t access_denied = 0xC0000022;
constexpr auto client = Direction::client_to_server;
constexpr auto server = Direction::server_to_client;

// Which optional fields a TSRequest holds.
struct TsRequestFields {
    bool tokens = false;
    bool auth_info = false;
    bool public_key = false;
    std::optional<std::uint32_t> error_code;
};

Result<TsRequestFields> read_fields(ByteView ts_request) {
    Reader reader(ts_request);
    auto sequence = ber::enter(reader, ber::sequence, "TSRequest");
    ber::enter(sequence, ber::context(0), "TSRequest version");
    TsRequestFields fields;
    while (sequence.ok() && !sequence.at_end()) {
        const auto tag = ber::peek_tag(sequence);
        auto field = ber::enter(sequence, tag, "TSRequest field");
        fields.tokens |= tag == ber::context(1);
        fields.auth_info |= tag == ber::context(2);
        fields.public_key |= tag == ber::context(3);
        if (tag == ber::context(4)) {
            fields.error_code = ber::read_integer(field, "TSRequest errorCode");
            if (!field.ok()) sequence.adopt(field.error());
        }
    }
    return finish(sequence, fields);
}

std::optional<Stage> stage_of(Direction direction, const TsRequestFields& fields) {
    if (direction == client) {
        if (fields.auth_info) return Stage::nla_credentials;
        if (fields.public_key) return Stage::nla_authenticate;
        if (fields.tokens) return Stage::nla_negotiate;
        return std::nullopt;
    }
    // An error code ends CredSSP; it is none of the stages that go on with it.
    if (fields.error_code) return std::nullopt;
    if (fields.public_key) return Stage::nla_public_key;
    if (fields.tokens) return Stage::nla_challenge;
    return std::nullopt;
}

// A share control header, told from a security header: pduType has version 1 in its second nibble, where the security
// header has flagsHi, which is zero.
bool looks_like_share(ByteView payload) {
    return payload.size() >= SecurityHeader::size && payload[2] >> 4 == 1 && payload[3] == 0;
}

bool has_stage_of_its_own(DataPduType type) {
    switch (type) {
        case DataPduType::synchronize:
        case DataPduType::control:
        case DataPduType::font_list:
        case DataPduType::font_map:
        case DataPduType::bitmap_cache_persistent_list:
        case DataPduType::shutdown_request: return true;
        default: return false;
    }
}

bool sent_by(DomainPduKind kind, Direction direction) {
    switch (kind) {
        case DomainPduKind::erect_domain_request:
        case DomainPduKind::attach_user_request:
        case DomainPduKind::channel_join_request:
        case DomainPduKind::send_data_request: return direction == client;
        case DomainPduKind::attach_user_confirm:
        case DomainPduKind::channel_join_confirm:
        case DomainPduKind::send_data_indication: return direction == server;
        case DomainPduKind::disconnect_provider_ultimatum: return true;
    }
    return false;
}

}  // namespace

FrameLength SessionTracker::measure(Direction direction, ByteView head) const {
    const auto& self = side(direction);
    if (self.activated) return frame_length(Framing::session, head);
    if (head[0] == tpkt_version || self.mcs) return frame_length(Framing::tpkt, head);
    if (head[0] == der_sequence && credssp_possible()) return frame_length(Framing::ts_request, head);
    if (early_result_next(direction)) return {FrameLength::Status::known, EarlyUserAuthorization::size, {}};
    return frame_length(Framing::tpkt, head);
}

bool SessionTracker::credssp_possible() const {
    return !selected_ || *selected_ == protocol_hybrid || *selected_ == protocol_hybrid_ex;
}

bool SessionTracker::early_result_next(Direction direction) const {
    return direction == server && selected_ == protocol_hybrid_ex && public_key_seen_ && !early_result_seen_;
}

Complaint SessionTracker::handle(const Unit& unit, Emitter& emit) {
    auto& self = side(unit.direction);
    if (self.activity == Activity::announced) {
        self.activity = Activity::active;
        emit.stage(Stage::rdp_active, unit);
    }
    if (unit.bytes[0] == tpkt_version) return handle_tpkt(unit, emit);
    if (self.activated) return {};  // fast-path
    if (unit.bytes[0] == der_sequence) return handle_ts_request(unit, emit);
    early_result_seen_ = true;
    emit.stage(Stage::nla_early_auth, unit);
    const auto early = EarlyUserAuthorization::decode(unit.bytes);
    if (early && early->result != EarlyUserAuthorization::success)
        emit.code(TrackerEvent::Kind::credssp_error, unit, access_denied);
    return {};
}

Complaint SessionTracker::handle_ts_request(const Unit& unit, Emitter& emit) {
    const auto fields = read_fields(unit.bytes);
    if (!fields) return "TSRequest";
    const auto stage = stage_of(unit.direction, *fields);
    if (stage) emit.stage(*stage, unit);
    if (fields->error_code && unit.direction == server)
        emit.code(TrackerEvent::Kind::credssp_error, unit, *fields->error_code);
    if (stage == Stage::nla_public_key) public_key_seen_ = true;
    return {};
}

Complaint SessionTracker::handle_tpkt(const Unit& unit, Emitter& emit) {
    const auto code = tpdu_code(unit.bytes);
    if (!code) return code.error().what;
    if (*code == TpduCode::disconnect_request || *code == TpduCode::error) return {};
    const auto data = Data::decode(unit.bytes);
    if (!data) return data.error().what;
    side(unit.direction).mcs = true;
    return handle_mcs(unit, data->payload, emit);
}

Complaint SessionTracker::handle_mcs(const Unit& unit, ByteView mcs, Emitter& emit) {
    constexpr auto connect_initial = ber::application(101);
    constexpr auto connect_response = ber::application(102);
    const auto tag = ber::peek_tag(Reader(mcs));
    if (tag == connect_initial && unit.direction == client) {
        emit.stage(Stage::mcs_connect_initial, unit);
        return {};
    }
    if (tag == connect_response && unit.direction == server) {
        read_channels(mcs);
        emit.stage(Stage::mcs_connect_response, unit);
        return {};
    }
    return handle_domain_pdu(unit, mcs, emit);
}

// A response that cannot be read leaves the channel every server uses.
void SessionTracker::read_channels(ByteView mcs) {
    const auto response = ConnectResponse::decode(mcs);
    if (!response) return;
    const auto conference = ConferenceCreateResponse::decode(response->user_data);
    if (!conference || !conference->blocks.network) return;
    io_channel_ = conference->blocks.network->io_channel;
    static_channels_ = conference->blocks.network->channels;
}

Complaint SessionTracker::handle_domain_pdu(const Unit& unit, ByteView mcs, Emitter& emit) {
    const auto kind = domain_pdu_kind(mcs);
    if (!kind || !sent_by(*kind, unit.direction)) return "MCS PDU";
    switch (*kind) {
        case DomainPduKind::erect_domain_request: emit.stage(Stage::mcs_erect_domain, unit); break;
        case DomainPduKind::attach_user_request: emit.stage(Stage::mcs_attach_user, unit); break;
        case DomainPduKind::attach_user_confirm: emit.stage(Stage::mcs_attach_user_confirm, unit); break;
        case DomainPduKind::channel_join_request:
        case DomainPduKind::channel_join_confirm: emit.stage(Stage::mcs_channel_join, unit); break;
        case DomainPduKind::send_data_request:
        case DomainPduKind::send_data_indication: return handle_send_data(unit, mcs, emit);
        case DomainPduKind::disconnect_provider_ultimatum: {
            const auto ultimatum = DisconnectProviderUltimatum::decode(mcs);
            if (!ultimatum) return ultimatum.error().what;
            end(unit, emit);
            emit.code(TrackerEvent::Kind::disconnect, unit, ultimatum->reason);
        }
    }
    return {};
}

// Read in place rather than with SendDataRequest: every unit of an active session comes through here.
Complaint SessionTracker::handle_send_data(const Unit& unit, ByteView mcs, Emitter& emit) {
    Reader reader(mcs);
    reader.skip(1 + 2, "Send Data initiator");
    const auto channel = reader.u16be("Send Data channel");
    reader.skip(1, "Send Data priority");
    const auto length = per::read_length(reader, "Send Data length");
    const auto payload = reader.take(length, "Send Data payload");
    if (!reader.ok()) return reader.error().what;
    if (channel == io_channel_)
        handle_io_data(unit, payload, emit);
    else if (std::ranges::find(static_channels_, channel) != static_channels_.end())
        emit.stage(Stage::rdp_channel_data, unit);
    return {};
}

void SessionTracker::handle_io_data(const Unit& unit, ByteView payload, Emitter& emit) {
    const bool header_expected = unit.direction == client && !info_seen_;
    if (!header_expected && looks_like_share(payload)) return handle_share(unit, payload, emit);
    const auto header = SecurityHeader::decode(payload);
    if (!header) return;
    if (header->flags & security::license_packet) {
        handle_licensing(unit, payload, emit);
    } else if (header_expected && header->flags & security::info_packet) {
        info_seen_ = true;
        emit.stage(Stage::rdp_client_info, unit);
    }
    constexpr auto begins_encryption = security::exchange_packet | security::encrypt;
    if (selected_ == protocol_rdp && header->flags & begins_encryption) hidden_ = true;
}

void SessionTracker::handle_licensing(const Unit& unit, ByteView payload, Emitter& emit) {
    emit.stage(Stage::rdp_licensing, unit);
    const auto message = license_message(payload);
    if (!message || *message != LicenseMessage::error_alert) return;
    const auto alert = LicenseErrorAlert::decode(payload);
    if (alert && !alert->valid_client()) emit.code(TrackerEvent::Kind::license_error, unit, alert->error_code);
}

// A PDU that cannot be read ends the payload, not the tracking: the units around it are still TPKTs.
void SessionTracker::handle_share(const Unit& unit, ByteView payload, Emitter& emit) {
    bool data_told = false;
    while (!payload.empty()) {
        const auto pdu = peek_share_unit(payload);
        if (!pdu || pdu->bytes.empty()) return;
        if (pdu->control.type == SharePduType::demand_active && unit.direction == server) {
            side(server).activated = true;
            emit.stage(Stage::rdp_demand_active, unit);
        } else if (pdu->control.type == SharePduType::confirm_active && unit.direction == client) {
            side(client).activated = true;
            emit.stage(Stage::rdp_confirm_active, unit);
        } else if (pdu->control.type == SharePduType::deactivate_all && error_announced_) {
            end(unit, emit);  // without an announced error it may as well begin a new activation
        } else if (pdu->data) {
            // Once a unit, whatever is in it: `nth` counts units. It comes before what the PDU itself says.
            if (!data_told && !has_stage_of_its_own(pdu->data->type)) {
                data_told = true;
                emit.stage(Stage::rdp_data, unit);
            }
            handle_data_pdu(unit, *pdu, emit);
        }
        payload = payload.subspan(pdu->bytes.size());
    }
}

void SessionTracker::handle_data_pdu(const Unit& unit, const ShareUnit& pdu, Emitter& emit) {
    switch (pdu.data->type) {
        case DataPduType::font_map:
            for (auto& each : sides_)
                each.activity = Activity::announced;
            [[fallthrough]];
        case DataPduType::synchronize:
        case DataPduType::control:
        case DataPduType::font_list:
        case DataPduType::bitmap_cache_persistent_list: emit.stage(Stage::rdp_finalization, unit); break;
        case DataPduType::shutdown_request: end(unit, emit); break;
        case DataPduType::set_error_info: {
            const auto info = SetErrorInfo::decode(pdu.bytes);
            if (!info) break;
            error_announced_ = info->error_info != 0;
            emit.code(TrackerEvent::Kind::error_info, unit, info->error_info);
            break;
        }
        default: break;
    }
}

}  // namespace rdpfault::protocol
