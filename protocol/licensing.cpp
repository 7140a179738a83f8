#include "protocol/licensing.hpp"

#include <algorithm>
#include <stdexcept>

#include "protocol/security_header.hpp"
#include "protocol/utf16.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::size_t preamble_size = 4;
constexpr std::uint32_t max_scopes = 64;
constexpr std::size_t max_message = 0x7FFF;  // what a Send Data PDU holds

// Security header and preamble; gives the body, bounded by wMsgSize.
Reader open_license(ByteView payload, LicenseMessage type, std::uint8_t& flags, std::string_view what) {
    Reader reader(payload);
    expect_security_header(reader, security::license_packet, what);
    const auto type_at = reader.offset();
    if (reader.u8("bMsgType") != static_cast<std::uint8_t>(type)) reader.fail_at(type_at, Errc::bad_value, what);
    flags = reader.u8("licensing flags");
    const auto size_at = reader.offset();
    const std::size_t size = reader.u16le("wMsgSize");
    if (size < preamble_size) reader.fail_at(size_at, Errc::bad_length, "wMsgSize");
    if (size > max_message) reader.fail_at(size_at, Errc::too_long, "wMsgSize");
    return reader.sub(reader.ok() ? size - preamble_size : 0, "licensing message");
}

template <class Body>
void write_license(Writer& writer, LicenseMessage type, std::uint8_t flags, Body body) {
    SecurityHeader{security::license_packet}.encode(writer);
    const auto start = writer.size();
    writer.u8(static_cast<std::uint8_t>(type));
    writer.u8(flags);
    writer.u16le(0);
    body();
    const auto size = writer.size() - start;
    if (size > 0xFFFF) throw std::length_error("a licensing message is too long");
    writer.patch_u16le(start + 2, size);
}

LicenseBlob read_blob(Reader& reader, std::string_view what) {
    LicenseBlob blob;
    blob.type = reader.u16le(what);
    const auto data = reader.take(reader.u16le(what), what);
    blob.data.assign(data.begin(), data.end());
    return blob;
}

void write_blob(Writer& writer, const LicenseBlob& blob) {
    writer.u16le(blob.type);
    writer.u16le(blob.data.size());
    writer.bytes(blob.data);
}

template <std::size_t size>
void read_array(Reader& reader, std::array<std::uint8_t, size>& to, std::string_view what) {
    std::ranges::copy(reader.take(size, what), to.begin());
}

std::string read_product_text(Reader& reader, std::string_view what) {
    return until_nul_utf16le(reader.take(reader.u32le(what), what));
}

void write_product_text(Writer& writer, const std::string& text) {
    const auto bytes = to_utf16le(text);
    writer.u32le(bytes.size() + 2);
    writer.bytes(bytes);
    writer.u16le(0);
}

// The second word of a share control header: one of the share PDU types under protocol version 1. In a licensing PDU it
// is flagsHi: zero, or (xrdp, old Windows) the length of the message.
bool looks_like_share_pdu(std::uint16_t word) {
    const auto type = word & 0x0F;
    return (word & 0xFFF0) == 0x10 && (type == 1 || type == 3 || type == 6 || type == 7 || type == 10);
}

}  // namespace

bool is_licensing(ByteView payload) {
    const auto header = SecurityHeader::decode(payload);
    return header && (header->flags & security::license_packet) != 0 && !looks_like_share_pdu(header->flags_hi);
}

Result<LicenseMessage> license_message(ByteView payload) {
    Reader reader(payload);
    expect_security_header(reader, security::license_packet, "licensing security header");
    const auto at = reader.offset();
    const auto type = static_cast<LicenseMessage>(reader.u8("bMsgType"));
    switch (type) {
        case LicenseMessage::license_request:
        case LicenseMessage::platform_challenge:
        case LicenseMessage::new_license:
        case LicenseMessage::upgrade_license:
        case LicenseMessage::license_info:
        case LicenseMessage::new_license_request:
        case LicenseMessage::platform_challenge_response:
        case LicenseMessage::error_alert: return finish(reader, type);
    }
    reader.fail_at(at, Errc::unsupported, "bMsgType");
    return reader.error();
}

Result<LicenseErrorAlert> LicenseErrorAlert::decode(ByteView payload) {
    LicenseErrorAlert alert;
    auto reader = open_license(payload, LicenseMessage::error_alert, alert.flags, "licensing error alert");
    alert.error_code = reader.u32le("dwErrorCode");
    alert.state_transition = reader.u32le("dwStateTransition");
    alert.error_info = read_blob(reader, "bbErrorInfo");
    return finish(reader, std::move(alert));
}

void LicenseErrorAlert::encode(Writer& writer) const {
    write_license(writer, LicenseMessage::error_alert, flags, [&] {
        writer.u32le(error_code);
        writer.u32le(state_transition);
        write_blob(writer, error_info);
    });
}

Result<LicenseRequest> LicenseRequest::decode(ByteView payload) {
    LicenseRequest request;
    auto reader = open_license(payload, LicenseMessage::license_request, request.flags, "License Request");
    read_array(reader, request.server_random, "ServerRandom");
    request.product_version = reader.u32le("product dwVersion");
    request.company_name = read_product_text(reader, "pbCompanyName");
    request.product_id = read_product_text(reader, "pbProductId");
    request.key_exchange_list = read_blob(reader, "KeyExchangeList");
    request.server_certificate = read_blob(reader, "ServerCertificate");
    const auto count_at = reader.offset();
    const auto count = reader.u32le("ScopeCount");
    if (count > max_scopes) reader.fail_at(count_at, Errc::too_long, "ScopeCount");
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i)
        request.scopes.push_back(read_blob(reader, "ScopeArray"));
    return finish(reader, std::move(request));
}

void LicenseRequest::encode(Writer& writer) const {
    write_license(writer, LicenseMessage::license_request, flags, [&] {
        writer.bytes(server_random);
        writer.u32le(product_version);
        write_product_text(writer, company_name);
        write_product_text(writer, product_id);
        write_blob(writer, key_exchange_list);
        write_blob(writer, server_certificate);
        writer.u32le(scopes.size());
        for (const auto& scope : scopes)
            write_blob(writer, scope);
    });
}

Result<NewLicenseRequest> NewLicenseRequest::decode(ByteView payload) {
    NewLicenseRequest request;
    auto reader = open_license(payload, LicenseMessage::new_license_request, request.flags, "New License Request");
    request.key_exchange_algorithm = reader.u32le("PreferredKeyExchangeAlg");
    request.platform_id = reader.u32le("PlatformId");
    read_array(reader, request.client_random, "ClientRandom");
    request.encrypted_premaster_secret = read_blob(reader, "EncryptedPreMasterSecret");
    request.client_user_name = read_blob(reader, "ClientUserName");
    request.client_machine_name = read_blob(reader, "ClientMachineName");
    return finish(reader, std::move(request));
}

void NewLicenseRequest::encode(Writer& writer) const {
    write_license(writer, LicenseMessage::new_license_request, flags, [&] {
        writer.u32le(key_exchange_algorithm);
        writer.u32le(platform_id);
        writer.bytes(client_random);
        write_blob(writer, encrypted_premaster_secret);
        write_blob(writer, client_user_name);
        write_blob(writer, client_machine_name);
    });
}

}  // namespace rdpfault::protocol
