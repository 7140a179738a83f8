// MCS domain PDUs (MS-RDPBCGR 2.2.1.5 to 2.2.1.9, 2.2.2.3; T.125 7, aligned PER), and the way from such a PDU to a
// whole TPKT unit and back. decode() takes the bytes after the X.224 data header (data_payload() gives them). User ids
// are written as they are used (1001 and above), channel ids too.
#pragma once

#include <optional>

#include "protocol/error.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

// The number of the choice DomainMCSPDU.
enum class DomainPduKind : std::uint8_t {
    erect_domain_request = 1,
    disconnect_provider_ultimatum = 8,
    attach_user_request = 10,
    attach_user_confirm = 11,
    channel_join_request = 14,
    channel_join_confirm = 15,
    send_data_request = 25,
    send_data_indication = 26,
};

// From the first byte alone. `unsupported` for a choice that RDP does not use, `truncated` for an empty span.
// (A Connect PDU begins with 7F and is unsupported too.)
Result<DomainPduKind> domain_pdu_kind(ByteView mcs);

struct ErectDomainRequest {
    std::uint32_t sub_height = 0;
    std::uint32_t sub_interval = 0;

    static Result<ErectDomainRequest> decode(ByteView mcs);
    void encode(Writer& writer) const;
    bool operator==(const ErectDomainRequest&) const = default;
};

struct AttachUserRequest {
    static Result<AttachUserRequest> decode(ByteView mcs);
    void encode(Writer& writer) const;
    bool operator==(const AttachUserRequest&) const = default;
};

struct AttachUserConfirm {
    std::uint8_t result = 0;                   // T.125 Result: 0 rt-successful .. 15
    std::optional<std::uint16_t> initiator{};  // the user id; absent when refused

    static Result<AttachUserConfirm> decode(ByteView mcs);
    void encode(Writer& writer) const;
    bool operator==(const AttachUserConfirm&) const = default;
};

struct ChannelJoinRequest {
    std::uint16_t initiator = 1001;
    std::uint16_t channel = 0;

    static Result<ChannelJoinRequest> decode(ByteView mcs);
    void encode(Writer& writer) const;
    bool operator==(const ChannelJoinRequest&) const = default;
};

struct ChannelJoinConfirm {
    std::uint8_t result = 0;
    std::uint16_t initiator = 1001;
    std::uint16_t requested = 0;
    std::optional<std::uint16_t> channel{};  // the one joined; absent when refused

    static Result<ChannelJoinConfirm> decode(ByteView mcs);
    void encode(Writer& writer) const;
    bool operator==(const ChannelJoinConfirm&) const = default;
};

// Client to server. Encoding throws std::length_error for a payload above max_send_data (RDP uses fifteen bits of the
// PER length).
inline constexpr std::size_t max_send_data = 0x7FFF;
struct SendDataRequest {
    std::uint16_t initiator = 1001;
    std::uint16_t channel = 0;
    Bytes payload{};

    static Result<SendDataRequest> decode(ByteView mcs);
    void encode(Writer& writer) const;
    bool operator==(const SendDataRequest&) const = default;
};

// Server to client; `initiator` is the sender, 1002 for most servers.
struct SendDataIndication {
    std::uint16_t initiator = 1001;
    std::uint16_t channel = 0;
    Bytes payload{};

    static Result<SendDataIndication> decode(ByteView mcs);
    void encode(Writer& writer) const;
    bool operator==(const SendDataIndication&) const = default;
};

struct DisconnectProviderUltimatum {
    std::uint8_t reason = 3;  // 0 domain-disconnected, 1 provider-initiated, 3 user-requested; 0..7 fit

    static Result<DisconnectProviderUltimatum> decode(ByteView mcs);
    void encode(Writer& writer) const;
    bool operator==(const DisconnectProviderUltimatum&) const = default;
};

// TPKT + X.224 DT around MCS bytes (a Connect PDU or a domain PDU). Throws std::length_error above
// max_data_unit_payload.
inline constexpr std::size_t max_data_unit_payload = 65528;
Bytes data_unit(ByteView mcs_pdu);
// The inverse: the MCS bytes within one whole TPKT unit; the view points into `unit`.
Result<ByteView> data_payload(ByteView unit);

// A whole TPKT unit with a Send Data PDU in it.
Bytes send_data_request(std::uint16_t initiator, std::uint16_t channel, ByteView payload);
Bytes send_data_indication(std::uint16_t initiator, std::uint16_t channel, ByteView payload);

}  // namespace rdpfault::protocol
