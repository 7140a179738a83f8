// Fields of what Send Data carries: licensing PDUs, share PDUs and virtual channel PDUs (MS-RDPBCGR 2.2.1.12,
// 2.2.8.1.1.1, 2.2.6.1).
#include <array>

#include "protocol/licensing.hpp"
#include "proxy/faults/mutation_rows.hpp"
#include "proxy/faults/unit_walk.hpp"

namespace rdpfault::proxy {

namespace {

using protocol::SharePduType;

bool is_licensing_unit(const SendDataUnit& data) {
    return protocol::is_licensing(data.payload);
}
bool is_any_unit(const SendDataUnit&) {
    return true;
}

std::optional<SharePdu> first_share(const SendDataUnit& data, SharePduType type) {
    std::optional<SharePdu> found;
    for_each_share_pdu(data, [&](const SharePdu& pdu) {
        if (pdu.unit.control.type == type) found = pdu;
        return !found;
    });
    return found;
}
template <SharePduType type>
bool holds_share(const SendDataUnit& data) {
    return first_share(data, type).has_value();
}

using Fits = bool (*)(const SendDataUnit&);

template <Fits fits>
bool is(ByteView unit) {
    const auto data = walk_send_data(unit);
    return data && fits(*data);
}
template <Fits fits>
FieldPath mcs_length(ByteView unit) {
    const auto data = walk_send_data(unit);
    return data && fits(*data) ? FieldPath{{data->length_at, Form::per_length}} : FieldPath{};
}
template <Fits fits>
FieldPath mcs_channel(ByteView unit) {
    const auto data = walk_send_data(unit);
    return data && fits(*data) ? FieldPath{{data->channel_at, Form::be16}} : FieldPath{};
}
constexpr std::size_t size_of(Form form) {
    return form == Form::u8 ? 1 : form == Form::le16 ? 2 : 4;
}
template <Fits fits, std::size_t offset, Form form>
FieldPath in_payload(ByteView unit) {
    const auto data = walk_send_data(unit);
    if (!data || !fits(*data) || data->payload.size() < offset + size_of(form)) return {};
    return {{data->payload_at + offset, form}};
}
// A field of the first share PDU of a type that comes.
template <SharePduType type, std::size_t offset, Form form>
FieldPath in_share(ByteView unit) {
    const auto data = walk_send_data(unit);
    const auto pdu = data ? first_share(*data, type) : std::nullopt;
    if (!pdu || pdu->unit.bytes.size() < offset + size_of(form)) return {};
    return {{pdu->at + offset, form}};
}
template <protocol::DataPduType type, std::size_t offset>
FieldPath in_share_data(ByteView unit) {
    const auto data = walk_send_data(unit);
    FieldPath found;
    if (!data) return found;
    for_each_share_pdu(*data, [&](const SharePdu& pdu) {
        if (pdu.unit.is(type) && pdu.unit.bytes.size() >= offset + 4) found = {{pdu.at + offset, Form::le32}};
        return found.empty();
    });
    return found;
}
template <std::size_t offset>
FieldPath in_license_alert(ByteView unit) {
    const auto data = walk_send_data(unit);
    if (!data || !protocol::LicenseErrorAlert::decode(data->payload)) return {};
    return {{data->payload_at + offset, Form::le32}};
}

constexpr auto share_body_at = protocol::ShareControlHeader::size + protocol::ShareDataHeader::size;
constexpr auto demand_type = SharePduType::demand_active;
constexpr auto data_type = SharePduType::data;
constexpr auto demand_unit = holds_share<demand_type>;
constexpr auto data_unit = holds_share<data_type>;

constexpr auto licensing = Stage::rdp_licensing;
constexpr auto demand = Stage::rdp_demand_active;
constexpr auto data = Stage::rdp_data;
constexpr auto channel = Stage::rdp_channel_data;
constexpr std::array rows{
    MutationRow{{"licensing.tpkt_length", licensing, "TPKT length"}, tpkt_length<is<is_licensing_unit>>},
    MutationRow{{"licensing.mcs_length", licensing, "PER length of the Send Data PDU"}, mcs_length<is_licensing_unit>},
    MutationRow{{"licensing.flags", licensing, "flags of the security header (0x80: a licensing PDU)"},
                in_payload<is_licensing_unit, 0, Form::le16>},
    MutationRow{{"licensing.message_type", licensing, "bMsgType of the licensing preamble (0xFF: error alert)"},
                in_payload<is_licensing_unit, 4, Form::u8>},
    MutationRow{{"licensing.message_size", licensing, "wMsgSize of the licensing preamble"},
                in_payload<is_licensing_unit, 6, Form::le16>},
    MutationRow{{"licensing.error_code", licensing, "dwErrorCode of an error alert (7: valid client)"},
                in_license_alert<8>},
    MutationRow{{"licensing.state_transition", licensing, "dwStateTransition of an error alert (2: none)"},
                in_license_alert<12>},
    MutationRow{{"demand_active.tpkt_length", demand, "TPKT length"}, tpkt_length<is<demand_unit>>},
    MutationRow{{"demand_active.mcs_length", demand, "PER length of the Send Data PDU"}, mcs_length<demand_unit>},
    MutationRow{{"demand_active.pdu_length", demand, "totalLength of the share control header"},
                in_share<demand_type, 0, Form::le16>},
    MutationRow{{"demand_active.pdu_type", demand, "pduType of the share control header (0x11)"},
                in_share<demand_type, 2, Form::le16>},
    MutationRow{{"demand_active.share_id", demand, "shareId"}, in_share<demand_type, 6, Form::le32>},
    MutationRow{{"slow_path.tpkt_length", data, "TPKT length"}, tpkt_length<is<data_unit>>},
    MutationRow{{"slow_path.mcs_length", data, "PER length of the Send Data PDU"}, mcs_length<data_unit>},
    MutationRow{{"slow_path.total_length", data, "totalLength of the share control header"},
                in_share<data_type, 0, Form::le16>},
    MutationRow{{"slow_path.pdu_type", data, "pduType of the share control header (0x17)"},
                in_share<data_type, 2, Form::le16>},
    MutationRow{{"slow_path.share_id", data, "shareId of the share data header"}, in_share<data_type, 6, Form::le32>},
    MutationRow{{"slow_path.data_type", data, "pduType2 of the share data header"}, in_share<data_type, 14, Form::u8>},
    MutationRow{{"error_info.code", data, "errorInfo of a Set Error Info PDU"},
                in_share_data<protocol::DataPduType::set_error_info, share_body_at>},
    MutationRow{{"auto_reconnect.status", data, "arcStatus of a Server Auto-Reconnect Status PDU"},
                in_share_data<protocol::DataPduType::auto_reconnect_status, share_body_at>},
    MutationRow{{"static_channel.tpkt_length", channel, "TPKT length"}, tpkt_length<is<is_any_unit>>},
    MutationRow{{"static_channel.mcs_length", channel, "PER length of the Send Data PDU"}, mcs_length<is_any_unit>},
    MutationRow{{"static_channel.channel", channel, "the MCS channel"}, mcs_channel<is_any_unit>},
    MutationRow{{"static_channel.length", channel, "length of the channel PDU header: that of the whole message"},
                in_payload<is_any_unit, 0, Form::le32>},
    MutationRow{{"static_channel.flags", channel, "flags of the channel PDU header (1 first, 2 last)"},
                in_payload<is_any_unit, 4, Form::le32>},
};

}  // namespace

std::span<const MutationRow> session_rows() {
    return rows;
}

}  // namespace rdpfault::proxy
