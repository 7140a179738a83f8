// X.224 class 0 TPDUs, each in its TPKT, and the negotiation structures they carry (MS-RDPBCGR 2.2.1.1 and 2.2.1.2,
// ITU-T X.224 13). Decoders take one whole TPKT; encoders write one.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "protocol/error.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

enum class TpduCode : std::uint8_t {
    error = 0x70,
    disconnect_request = 0x80,
    connection_confirm = 0xd0,
    connection_request = 0xe0,
    data = 0xf0,
};

// Which TPDU a whole TPKT holds; nothing behind the code is looked at.
Result<TpduCode> tpdu_code(ByteView tpkt);

// requestedProtocols (a set of bits) and selectedProtocol (one of them).
enum SecurityProtocol : std::uint32_t {
    protocol_rdp = 0,
    protocol_ssl = 1,
    protocol_hybrid = 2,
    protocol_rdstls = 4,
    protocol_hybrid_ex = 8,
    protocol_rdsaad = 16,
};

// RDP_NEG_REQ, 2.2.1.1.1.
struct NegotiationRequest {
    static constexpr std::uint8_t type = 1;
    static constexpr std::uint8_t restricted_admin_required = 1;
    static constexpr std::uint8_t redirected_authentication_required = 2;
    static constexpr std::uint8_t correlation_info_present = 8;

    std::uint8_t flags = 0;
    std::uint32_t protocols = 0;

    bool operator==(const NegotiationRequest&) const = default;
};

// RDP_NEG_CORRELATION_INFO, 2.2.1.1.2.
struct CorrelationInfo {
    static constexpr std::uint8_t type = 6;

    std::array<std::uint8_t, 16> id{};
    std::array<std::uint8_t, 16> reserved{};

    bool operator==(const CorrelationInfo&) const = default;
};

// RDP_NEG_RSP, 2.2.1.2.1.
struct NegotiationResponse {
    static constexpr std::uint8_t type = 2;
    static constexpr std::uint8_t extended_client_data = 1;
    static constexpr std::uint8_t dynvc_gfx = 2;
    static constexpr std::uint8_t restricted_admin = 8;
    static constexpr std::uint8_t redirected_authentication = 16;

    std::uint8_t flags = 0;
    std::uint32_t selected = 0;

    bool operator==(const NegotiationResponse&) const = default;
};

// RDP_NEG_FAILURE, 2.2.1.2.2; the names of the codes are in the catalogue.
struct NegotiationFailure {
    static constexpr std::uint8_t type = 3;

    std::uint8_t flags = 0;
    std::uint32_t code = 0;

    bool operator==(const NegotiationFailure&) const = default;
};

// The fields before the variable part of CR and CC.
struct ConnectionReferences {
    std::uint16_t destination = 0;
    std::uint16_t source = 0;
    std::uint8_t class_option = 0;

    bool operator==(const ConnectionReferences&) const = default;
};

// The variable part (line and structures) holds at most 248 bytes: the length indicator is one byte below 255. encode()
// throws std::length_error for more.
struct ConnectionRequest {
    ConnectionReferences references;
    // The identity of "Cookie: mstshash=<identity>"; never together with a routing token.
    std::optional<std::string> cookie;
    // Any other line that ends in CR LF, verbatim without them ("Cookie: msts=...").
    std::optional<std::string> routing_token;
    std::optional<NegotiationRequest> negotiation;
    std::optional<CorrelationInfo> correlation;

    static Result<ConnectionRequest> decode(ByteView tpkt);
    void encode(Writer& writer) const;
    bool operator==(const ConnectionRequest&) const = default;
};

struct ConnectionConfirm {
    ConnectionReferences references{0, 0x1234, 0};
    // At most one of the two; neither: a server that does not negotiate.
    std::optional<NegotiationResponse> response;
    std::optional<NegotiationFailure> failure;

    static Result<ConnectionConfirm> decode(ByteView tpkt);
    void encode(Writer& writer) const;
    bool operator==(const ConnectionConfirm&) const = default;
};

struct DisconnectRequest {
    std::uint16_t destination = 0;
    std::uint16_t source = 0;
    std::uint8_t reason = 0;

    static Result<DisconnectRequest> decode(ByteView tpkt);
    void encode(Writer& writer) const;
    bool operator==(const DisconnectRequest&) const = default;
};

struct ErrorTpdu {
    std::uint16_t destination = 0;
    std::uint8_t cause = 0;

    static Result<ErrorTpdu> decode(ByteView tpkt);
    void encode(Writer& writer) const;
    bool operator==(const ErrorTpdu&) const = default;
};

// The frame of every MCS unit. The payload is a view into the decoded bytes.
struct Data {
    ByteView payload;

    static Result<Data> decode(ByteView tpkt);
    void encode(Writer& writer) const;
};

// The header of a Data TPKT for an encoder that writes the payload itself; end_tpkt() fills the length in.
std::size_t begin_data(Writer& writer);

}  // namespace rdpfault::protocol
