#include "protocol/x224.hpp"

#include <algorithm>
#include <stdexcept>

#include "protocol/tpkt.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::uint8_t end_of_tsdu = 0x80;
constexpr std::size_t max_indicator = 254;  // 255 is reserved (X.224 13.2.1)
constexpr std::string_view cookie_prefix = "Cookie: mstshash=";

// Reads length indicator and code. The indicator counts the header's bytes after itself: everything in CR, CC, DR and
// ER, and just two bytes in DT, whose payload comes after the header.
Reader open_tpdu(ByteView tpkt, TpduCode expected) {
    auto reader = open_tpkt(tpkt);
    const auto indicator = reader.u8("X.224 length indicator");
    const auto header = expected == TpduCode::data ? std::size_t{2} : reader.remaining();
    if (indicator != header || indicator > max_indicator) reader.fail_at(4, Errc::bad_length, "X.224 length indicator");
    const auto code = reader.u8("X.224 TPDU code");
    if (code != static_cast<std::uint8_t>(expected)) reader.fail_at(5, Errc::bad_value, "X.224 TPDU code");
    return reader;
}

std::size_t begin_tpdu(Writer& writer, TpduCode code) {
    const auto start = begin_tpkt(writer);
    writer.u8(0);
    writer.u8(static_cast<std::uint8_t>(code));
    return start;
}

// For TPDUs that are all header.
void end_tpdu(Writer& writer, std::size_t start) {
    const auto indicator = writer.size() - start - tpkt_header_size - 1;
    if (indicator > max_indicator) throw std::length_error("a cookie or routing token is too long");
    end_tpkt(writer, start);
    writer.patch_u8(start + tpkt_header_size, indicator);
}

ConnectionReferences read_references(Reader& reader) {
    ConnectionReferences references;
    references.destination = reader.u16be("X.224 DST-REF");
    references.source = reader.u16be("X.224 SRC-REF");
    references.class_option = reader.u8("X.224 class option");
    return references;
}

void write(Writer& writer, const ConnectionReferences& references) {
    writer.u16be(references.destination);
    writer.u16be(references.source);
    writer.u8(references.class_option);
}

void read_negotiation_length(Reader& reader, std::size_t expected) {
    if (reader.u16le("negotiation length") != expected) reader.fail(Errc::bad_length, "negotiation length");
}

void write_negotiation(Writer& writer, std::uint8_t type, std::uint8_t flags, std::uint32_t value) {
    writer.u8(type);
    writer.u8(flags);
    writer.u16le(8);
    writer.u32le(value);
}

// The cookie or the routing token: text up to CR LF. Negotiation structures begin with their type, no printable byte.
void read_line(Reader& reader, ConnectionRequest& request) {
    if (reader.at_end() || reader.peek_u8() < 0x20) return;
    const auto rest = reader.rest();
    constexpr std::string_view line_end = "\r\n";
    const auto end = std::search(rest.begin(), rest.end(), line_end.begin(), line_end.end());
    if (end == rest.end()) return reader.fail(Errc::truncated, "cookie without CR LF");
    std::string line(rest.begin(), end);
    reader.skip(line.size() + line_end.size(), "cookie");
    if (line.starts_with(cookie_prefix)) {
        request.cookie = line.substr(cookie_prefix.size());
    } else {
        request.routing_token = std::move(line);
    }
}

NegotiationRequest read_request(Reader& reader) {
    NegotiationRequest request;
    reader.skip(1, "RDP_NEG_REQ type");
    request.flags = reader.u8("RDP_NEG_REQ flags");
    read_negotiation_length(reader, 8);
    request.protocols = reader.u32le("requestedProtocols");
    return request;
}

CorrelationInfo read_correlation(Reader& reader) {
    CorrelationInfo info;
    reader.skip(2, "RDP_NEG_CORRELATION_INFO type and flags");
    read_negotiation_length(reader, 36);
    std::ranges::copy(reader.take(info.id.size(), "correlationId"), info.id.begin());
    std::ranges::copy(reader.take(info.reserved.size(), "correlation reserved"), info.reserved.begin());
    return info;
}

}  // namespace

Result<TpduCode> tpdu_code(ByteView tpkt) {
    auto reader = open_tpkt(tpkt);
    reader.skip(1, "X.224 length indicator");
    // The low four bits of CR and CC are a credit, zero in class 0; those of DT say nothing in class 0.
    const auto code = static_cast<TpduCode>(reader.u8("X.224 TPDU code"));
    switch (code) {
        case TpduCode::error:
        case TpduCode::disconnect_request:
        case TpduCode::connection_confirm:
        case TpduCode::connection_request:
        case TpduCode::data: return finish(reader, code);
    }
    reader.fail_at(5, Errc::bad_value, "X.224 TPDU code");
    return reader.error();
}

Result<ConnectionRequest> ConnectionRequest::decode(ByteView tpkt) {
    auto reader = open_tpdu(tpkt, TpduCode::connection_request);
    ConnectionRequest request;
    request.references = read_references(reader);
    read_line(reader, request);
    if (!reader.at_end() && reader.peek_u8() == NegotiationRequest::type) {
        request.negotiation = read_request(reader);
        if (!reader.at_end() && reader.peek_u8() == CorrelationInfo::type)
            request.correlation = read_correlation(reader);
    }
    reader.expect_end("bytes after the Connection Request");
    return finish(reader, std::move(request));
}

void ConnectionRequest::encode(Writer& writer) const {
    const auto start = begin_tpdu(writer, TpduCode::connection_request);
    write(writer, references);
    if (cookie) writer.text(cookie_prefix);
    if (cookie || routing_token) {
        writer.text(cookie ? *cookie : *routing_token);
        writer.text("\r\n");
    }
    if (negotiation) write_negotiation(writer, NegotiationRequest::type, negotiation->flags, negotiation->protocols);
    if (correlation) {
        writer.u8(CorrelationInfo::type);
        writer.u8(0);
        writer.u16le(36);
        writer.bytes(correlation->id);
        writer.bytes(correlation->reserved);
    }
    end_tpdu(writer, start);
}

Result<ConnectionConfirm> ConnectionConfirm::decode(ByteView tpkt) {
    auto reader = open_tpdu(tpkt, TpduCode::connection_confirm);
    ConnectionConfirm confirm;
    confirm.references = read_references(reader);
    if (reader.ok() && !reader.at_end()) {
        const auto type = reader.u8("rdpNegData type");
        const auto flags = reader.u8("rdpNegData flags");
        read_negotiation_length(reader, 8);
        const auto value = reader.u32le("rdpNegData value");
        if (type == NegotiationResponse::type) {
            confirm.response = {flags, value};
        } else if (type == NegotiationFailure::type) {
            confirm.failure = {flags, value};
        } else {
            reader.fail_at(11, Errc::bad_value, "rdpNegData type");
        }
    }
    reader.expect_end("bytes after the Connection Confirm");
    return finish(reader, confirm);
}

void ConnectionConfirm::encode(Writer& writer) const {
    const auto start = begin_tpdu(writer, TpduCode::connection_confirm);
    write(writer, references);
    if (response) write_negotiation(writer, NegotiationResponse::type, response->flags, response->selected);
    if (failure) write_negotiation(writer, NegotiationFailure::type, failure->flags, failure->code);
    end_tpdu(writer, start);
}

Result<DisconnectRequest> DisconnectRequest::decode(ByteView tpkt) {
    auto reader = open_tpdu(tpkt, TpduCode::disconnect_request);
    DisconnectRequest request;
    request.destination = reader.u16be("X.224 DST-REF");
    request.source = reader.u16be("X.224 SRC-REF");
    request.reason = reader.u8("X.224 disconnect reason");
    reader.expect_end("bytes after the Disconnect Request");
    return finish(reader, request);
}

void DisconnectRequest::encode(Writer& writer) const {
    const auto start = begin_tpdu(writer, TpduCode::disconnect_request);
    writer.u16be(destination);
    writer.u16be(source);
    writer.u8(reason);
    end_tpdu(writer, start);
}

Result<ErrorTpdu> ErrorTpdu::decode(ByteView tpkt) {
    auto reader = open_tpdu(tpkt, TpduCode::error);
    ErrorTpdu error;
    error.destination = reader.u16be("X.224 DST-REF");
    error.cause = reader.u8("X.224 reject cause");
    // A copy of the rejected TPDU may follow (X.224 13.12.4); nobody here reads it.
    return finish(reader, error);
}

void ErrorTpdu::encode(Writer& writer) const {
    const auto start = begin_tpdu(writer, TpduCode::error);
    writer.u16be(destination);
    writer.u8(cause);
    end_tpdu(writer, start);
}

Result<Data> Data::decode(ByteView tpkt) {
    auto reader = open_tpdu(tpkt, TpduCode::data);
    if (reader.u8("X.224 EOT") != end_of_tsdu) reader.fail_at(6, Errc::bad_value, "X.224 EOT");
    return finish(reader, Data{reader.rest()});
}

void Data::encode(Writer& writer) const {
    const auto start = begin_data(writer);
    writer.bytes(payload);
    end_tpkt(writer, start);
}

std::size_t begin_data(Writer& writer) {
    const auto start = begin_tpkt(writer);
    writer.u8(2);
    writer.u8(static_cast<std::uint8_t>(TpduCode::data));
    writer.u8(end_of_tsdu);
    return start;
}

}  // namespace rdpfault::protocol
