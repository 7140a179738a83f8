#include "protocol/tls_record.hpp"

#include <stdexcept>

#include "protocol/reader.hpp"

namespace rdpfault::protocol {

namespace {
TlsRecordHeader read_header(Reader& reader) {
    TlsRecordHeader header;
    const auto type = reader.u8("TLS content type");
    if (type < 20 || type > 24) reader.fail_at(0, Errc::bad_value, "TLS content type");
    header.type = static_cast<TlsContentType>(type);
    header.version = reader.u16be("TLS record version");
    if (reader.ok() && header.version >> 8 != 3) reader.fail_at(1, Errc::bad_value, "TLS record version");
    header.length = reader.u16be("TLS record length");
    if (header.length > tls_max_fragment) reader.fail_at(3, Errc::too_long, "TLS record length");
    return header;
}
}  // namespace

Result<TlsRecordHeader> TlsRecordHeader::decode(ByteView bytes) {
    Reader reader(bytes);
    const auto header = read_header(reader);
    return finish(reader, header);
}

void TlsRecordHeader::encode(Writer& writer) const {
    writer.u8(static_cast<std::uint8_t>(type));
    writer.u16be(version);
    writer.u16be(length);
}

Result<TlsRecord> TlsRecord::decode(ByteView record) {
    Reader reader(record);
    const auto header = read_header(reader);
    const auto fragment = reader.take(header.length, "TLS fragment");
    reader.expect_end("bytes after the TLS record");
    return finish(reader, TlsRecord{header.type, header.version, fragment});
}

void TlsRecord::encode(Writer& writer) const {
    if (fragment.size() > tls_max_fragment) throw std::length_error("a TLS record is too long");
    TlsRecordHeader{type, version, static_cast<std::uint16_t>(fragment.size())}.encode(writer);
    writer.bytes(fragment);
}

Result<TlsAlert> TlsAlert::decode(ByteView fragment) {
    Reader reader(fragment);
    TlsAlert alert;
    alert.level = reader.u8("alert level");
    alert.description = reader.u8("alert description");
    reader.expect_end("bytes after the alert");
    return finish(reader, alert);
}

void TlsAlert::encode(Writer& writer) const {
    writer.u8(level);
    writer.u8(description);
}

Bytes tls_alert_record(const TlsAlert& alert, std::uint16_t version) {
    const auto fragment = encoded(alert);
    return encoded(TlsRecord{TlsContentType::alert, version, fragment});
}

}  // namespace rdpfault::protocol
