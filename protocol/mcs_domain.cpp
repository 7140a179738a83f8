#include "protocol/mcs_domain.hpp"

#include <stdexcept>

#include "protocol/per.hpp"
#include "protocol/tpkt.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::uint16_t first_user_id = 1001;
constexpr std::uint8_t optional_present = 0x02;
// dataPriority high, segmentation begin and end: RDP never sends anything else.
constexpr std::uint8_t high_priority_whole = 0x70;

constexpr std::uint8_t choice(DomainPduKind kind) {
    return static_cast<std::uint8_t>(static_cast<unsigned>(kind) << 2);
}

// The two low bits of the first byte belong to the fields that follow the choice.
std::uint8_t open(Reader& reader, DomainPduKind kind, std::string_view what) {
    const auto first = reader.u8(what);
    if ((first & 0xFC) != choice(kind)) reader.fail_at(0, Errc::bad_value, what);
    return first & 0x03;
}

// A Result has four bits and straddles the first two bytes: the presence bit of the optional last field precedes it.
struct Outcome {
    std::uint8_t result;
    bool optional_follows;
};
Outcome read_outcome(Reader& reader, DomainPduKind kind, std::string_view what) {
    const auto low_bits = open(reader, kind, what);
    const auto second = reader.u8("MCS result");
    return {static_cast<std::uint8_t>((low_bits & 1) << 3 | second >> 5), (low_bits & optional_present) != 0};
}
void write_outcome(Writer& writer, DomainPduKind kind, std::uint8_t result, bool optional_follows) {
    writer.u8(static_cast<unsigned>(choice(kind)) | (optional_follows ? optional_present : 0u) | (result >> 3 & 1u));
    writer.u8((result & 7u) << 5);
}

template <class Pdu>
Result<Pdu> decode_send_data(ByteView mcs, DomainPduKind kind, std::string_view what) {
    Reader reader(mcs);
    open(reader, kind, what);
    Pdu pdu;
    pdu.initiator = per::read_integer16(reader, first_user_id, "initiator");
    pdu.channel = per::read_integer16(reader, 0, "channelId");
    reader.skip(1, "dataPriority and segmentation");
    const auto payload = per::read_octet_string(reader, 0, "MCS userData");
    pdu.payload.assign(payload.begin(), payload.end());
    return finish(reader, std::move(pdu));
}

void write_send_data(Writer& writer, DomainPduKind kind, std::uint16_t initiator, std::uint16_t channel,
                     ByteView payload) {
    if (payload.size() > max_send_data) throw std::length_error("the payload of a Send Data PDU is too long");
    writer.u8(choice(kind));
    per::write_integer16(writer, initiator, first_user_id);
    per::write_integer16(writer, channel, 0);
    writer.u8(high_priority_whole);
    per::write_octet_string(writer, payload, 0);
}

Bytes send_data_unit(DomainPduKind kind, std::uint16_t initiator, std::uint16_t channel, ByteView payload) {
    Writer writer;
    const auto start = begin_data(writer);
    write_send_data(writer, kind, initiator, channel, payload);
    end_tpkt(writer, start);
    return writer.take();
}

}  // namespace

Result<DomainPduKind> domain_pdu_kind(ByteView mcs) {
    Reader reader(mcs);
    const auto kind = static_cast<DomainPduKind>(reader.u8("MCS PDU") >> 2);
    switch (kind) {
        case DomainPduKind::erect_domain_request:
        case DomainPduKind::disconnect_provider_ultimatum:
        case DomainPduKind::attach_user_request:
        case DomainPduKind::attach_user_confirm:
        case DomainPduKind::channel_join_request:
        case DomainPduKind::channel_join_confirm:
        case DomainPduKind::send_data_request:
        case DomainPduKind::send_data_indication: return kind;
    }
    reader.fail_at(0, Errc::unsupported, "MCS PDU");
    return reader.error();
}

Result<ErectDomainRequest> ErectDomainRequest::decode(ByteView mcs) {
    Reader reader(mcs);
    open(reader, DomainPduKind::erect_domain_request, "Erect Domain Request");
    ErectDomainRequest pdu;
    pdu.sub_height = per::read_integer(reader, "subHeight");
    pdu.sub_interval = per::read_integer(reader, "subInterval");
    return finish(reader, pdu);
}

void ErectDomainRequest::encode(Writer& writer) const {
    writer.u8(choice(DomainPduKind::erect_domain_request));
    per::write_integer(writer, sub_height);
    per::write_integer(writer, sub_interval);
}

Result<AttachUserRequest> AttachUserRequest::decode(ByteView mcs) {
    Reader reader(mcs);
    open(reader, DomainPduKind::attach_user_request, "Attach User Request");
    return finish(reader, AttachUserRequest{});
}

void AttachUserRequest::encode(Writer& writer) const {
    writer.u8(choice(DomainPduKind::attach_user_request));
}

Result<AttachUserConfirm> AttachUserConfirm::decode(ByteView mcs) {
    Reader reader(mcs);
    const auto outcome = read_outcome(reader, DomainPduKind::attach_user_confirm, "Attach User Confirm");
    AttachUserConfirm pdu;
    pdu.result = outcome.result;
    if (outcome.optional_follows) pdu.initiator = per::read_integer16(reader, first_user_id, "initiator");
    return finish(reader, pdu);
}

void AttachUserConfirm::encode(Writer& writer) const {
    write_outcome(writer, DomainPduKind::attach_user_confirm, result, initiator.has_value());
    if (initiator) per::write_integer16(writer, *initiator, first_user_id);
}

Result<ChannelJoinRequest> ChannelJoinRequest::decode(ByteView mcs) {
    Reader reader(mcs);
    open(reader, DomainPduKind::channel_join_request, "Channel Join Request");
    ChannelJoinRequest pdu;
    pdu.initiator = per::read_integer16(reader, first_user_id, "initiator");
    pdu.channel = per::read_integer16(reader, 0, "channelId");
    return finish(reader, pdu);
}

void ChannelJoinRequest::encode(Writer& writer) const {
    writer.u8(choice(DomainPduKind::channel_join_request));
    per::write_integer16(writer, initiator, first_user_id);
    per::write_integer16(writer, channel, 0);
}

Result<ChannelJoinConfirm> ChannelJoinConfirm::decode(ByteView mcs) {
    Reader reader(mcs);
    const auto outcome = read_outcome(reader, DomainPduKind::channel_join_confirm, "Channel Join Confirm");
    ChannelJoinConfirm pdu;
    pdu.result = outcome.result;
    pdu.initiator = per::read_integer16(reader, first_user_id, "initiator");
    pdu.requested = per::read_integer16(reader, 0, "requested channelId");
    if (outcome.optional_follows) pdu.channel = per::read_integer16(reader, 0, "channelId");
    return finish(reader, pdu);
}

void ChannelJoinConfirm::encode(Writer& writer) const {
    write_outcome(writer, DomainPduKind::channel_join_confirm, result, channel.has_value());
    per::write_integer16(writer, initiator, first_user_id);
    per::write_integer16(writer, requested, 0);
    if (channel) per::write_integer16(writer, *channel, 0);
}

Result<SendDataRequest> SendDataRequest::decode(ByteView mcs) {
    return decode_send_data<SendDataRequest>(mcs, DomainPduKind::send_data_request, "Send Data Request");
}

void SendDataRequest::encode(Writer& writer) const {
    write_send_data(writer, DomainPduKind::send_data_request, initiator, channel, payload);
}

Result<SendDataIndication> SendDataIndication::decode(ByteView mcs) {
    return decode_send_data<SendDataIndication>(mcs, DomainPduKind::send_data_indication, "Send Data Indication");
}

void SendDataIndication::encode(Writer& writer) const {
    write_send_data(writer, DomainPduKind::send_data_indication, initiator, channel, payload);
}

// The reason has three bits: two end the first byte, one begins the second.
Result<DisconnectProviderUltimatum> DisconnectProviderUltimatum::decode(ByteView mcs) {
    Reader reader(mcs);
    const auto high = open(reader, DomainPduKind::disconnect_provider_ultimatum, "Disconnect Provider Ultimatum");
    const auto low = reader.u8("disconnect reason") >> 7;
    return finish(reader, DisconnectProviderUltimatum{static_cast<std::uint8_t>(high << 1 | low)});
}

void DisconnectProviderUltimatum::encode(Writer& writer) const {
    writer.u8(static_cast<unsigned>(choice(DomainPduKind::disconnect_provider_ultimatum)) | (reason >> 1 & 3u));
    writer.u8((reason & 1u) << 7);
}

Bytes data_unit(ByteView mcs_pdu) {
    if (mcs_pdu.size() > max_data_unit_payload) throw std::length_error("an MCS PDU does not fit into a TPKT");
    return encoded(Data{mcs_pdu});
}

Result<ByteView> data_payload(ByteView unit) {
    const auto data = Data::decode(unit);
    if (!data) return data.error();
    return data->payload;
}

Bytes send_data_request(std::uint16_t initiator, std::uint16_t channel, ByteView payload) {
    return send_data_unit(DomainPduKind::send_data_request, initiator, channel, payload);
}

Bytes send_data_indication(std::uint16_t initiator, std::uint16_t channel, ByteView payload) {
    return send_data_unit(DomainPduKind::send_data_indication, initiator, channel, payload);
}

}  // namespace rdpfault::protocol
