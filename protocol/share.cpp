#include "protocol/share.hpp"

#include <stdexcept>

namespace rdpfault::protocol {

namespace {
constexpr std::uint16_t flow_marker = 0x8000;       // T.128 flow PDUs have this for a length; RDP does not use them
constexpr std::uint16_t protocol_version = 0x10;    // versionLow 1, above the four bits of the type
constexpr std::size_t shortest_control_header = 4;  // old Windows ends a Deactivate All before pduSource
}  // namespace

ShareControlHeader ShareControlHeader::read(Reader& reader) {
    const auto start = reader.offset();
    const auto available = reader.remaining();
    ShareControlHeader header;
    header.total_length = reader.u16le("share totalLength");
    if (header.total_length == flow_marker) reader.fail_at(start, Errc::unsupported, "share flow PDU");
    if (header.total_length > max_share_pdu) reader.fail_at(start, Errc::too_long, "share totalLength");
    const bool without_source = header.total_length == shortest_control_header;
    if (!without_source && header.total_length < ShareControlHeader::size)
        reader.fail_at(start, Errc::bad_length, "share totalLength");
    if (header.total_length > available) reader.fail_at(start, Errc::truncated, "share PDU");
    header.type = static_cast<SharePduType>(reader.u16le("share pduType") & 0x0F);
    if (!without_source) header.source = reader.u16le("share pduSource");
    return header;
}

void ShareControlHeader::encode(Writer& writer) const {
    writer.u16le(total_length);
    writer.u16le(static_cast<unsigned>(protocol_version) | static_cast<unsigned>(type));
    writer.u16le(source);
}

ShareDataHeader ShareDataHeader::read(Reader& reader) {
    ShareDataHeader header;
    header.share_id = reader.u32le("shareId");
    reader.skip(1, "share data pad");
    header.stream_id = reader.u8("streamId");
    header.uncompressed_length = reader.u16le("uncompressedLength");
    header.type = static_cast<DataPduType>(reader.u8("pduType2"));
    header.compressed_type = reader.u8("compressedType");
    header.compressed_length = reader.u16le("compressedLength");
    return header;
}

void ShareDataHeader::encode(Writer& writer) const {
    writer.u32le(share_id);
    writer.u8(0);
    writer.u8(stream_id);
    writer.u16le(uncompressed_length);
    writer.u8(static_cast<std::uint8_t>(type));
    writer.u8(compressed_type);
    writer.u16le(compressed_length);
}

Result<ShareUnit> peek_share_unit(ByteView payload) {
    Reader reader(payload);
    ShareUnit unit;
    unit.control = ShareControlHeader::read(reader);
    if (!reader.ok()) return reader.error();
    unit.bytes = payload.first(unit.control.total_length);
    if (unit.control.type != SharePduType::data) return unit;
    Reader body(unit.bytes.subspan(reader.offset()), reader.offset());
    unit.data = ShareDataHeader::read(body);
    return finish(body, unit);
}

void finish_share_pdu(Writer& writer, std::size_t start) {
    const auto size = writer.size() - start;
    if (size > max_share_pdu) throw std::length_error("a share PDU is too long");
    writer.patch_u16le(start, size);
}

ShareBody open_share_pdu(ByteView pdu, SharePduType type, std::string_view what) {
    Reader reader(pdu);
    const auto header = ShareControlHeader::read(reader);
    if (header.type != type) reader.fail_at(2, Errc::bad_value, what);
    const auto body_size = reader.ok() ? header.total_length - reader.offset() : 0;
    return {{0, header.source}, reader.sub(body_size, what)};
}

ShareBody open_share_data(ByteView pdu, DataPduType type, std::string_view what) {
    auto share = open_share_pdu(pdu, SharePduType::data, what);
    const auto start = share.body.offset();
    const auto header = ShareDataHeader::read(share.body);
    share.origin.share_id = header.share_id;
    if (header.type != type) share.body.fail_at(start + 8, Errc::bad_value, what);
    if (header.compressed()) share.body.fail_at(start + 9, Errc::unsupported, "compressed share data");
    return share;
}

}  // namespace rdpfault::protocol
