// Network auto-detection (MS-RDPBCGR 2.2.14), on the message channel, with the security header. decode() takes the
// payload of the Send Data PDU. A server may wait for the answers, so a client that joined the channel must give them.
#pragma once

#include <variant>

#include "protocol/error.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

// Requests, server to client (2.2.14.1). `type` is the requestType, which also tells the phase.
namespace autodetect {
inline constexpr std::uint16_t rtt_connect_time = 0x1001;
inline constexpr std::uint16_t rtt_continuous = 0x0001;
inline constexpr std::uint16_t bandwidth_start_connect_time = 0x1014;
inline constexpr std::uint16_t bandwidth_start_udp = 0x0114;
inline constexpr std::uint16_t bandwidth_start_continuous = 0x0014;
inline constexpr std::uint16_t bandwidth_payload = 0x0002;
inline constexpr std::uint16_t bandwidth_stop_connect_time = 0x002B;
inline constexpr std::uint16_t bandwidth_stop_continuous = 0x0429;
inline constexpr std::uint16_t bandwidth_stop_udp = 0x0629;
inline constexpr std::uint16_t rtt_response = 0x0000;
inline constexpr std::uint16_t bandwidth_results_connect_time = 0x0003;
inline constexpr std::uint16_t bandwidth_results_continuous = 0x000B;
}  // namespace autodetect

struct RttRequest {
    std::uint16_t type = autodetect::rtt_connect_time;
    bool operator==(const RttRequest&) const = default;
};
struct BandwidthStart {
    std::uint16_t type = autodetect::bandwidth_start_connect_time;
    bool operator==(const BandwidthStart&) const = default;
};
struct BandwidthPayload {
    Bytes payload{};
    bool operator==(const BandwidthPayload&) const = default;
};
struct BandwidthStop {
    std::uint16_t type = autodetect::bandwidth_stop_connect_time;
    Bytes payload{};  // on the wire only for the connect-time type
    bool operator==(const BandwidthStop&) const = default;
};
// NETCHAR_RESULT (2.2.14.1.5); which of the fields are there depends on the type. No answer is due.
struct NetworkCharacteristics {
    std::uint16_t type = 0x08C0;    // 0x0840 baseRTT, average; 0x0880 bandwidth, average; 0x08C0 all
    std::uint32_t base_rtt = 0;     // ms
    std::uint32_t bandwidth = 0;    // kbit/s
    std::uint32_t average_rtt = 0;  // ms
    bool operator==(const NetworkCharacteristics&) const = default;
};

// SEC_AUTODETECT_REQ with TYPE_ID_AUTODETECT_REQUEST (2.2.14.3); `unsupported` for other request types.
struct AutoDetectRequest {
    std::uint16_t sequence = 0;
    std::variant<RttRequest, BandwidthStart, BandwidthPayload, BandwidthStop, NetworkCharacteristics> body{};

    static Result<AutoDetectRequest> decode(ByteView payload);
    void encode(Writer& writer) const;
    bool operator==(const AutoDetectRequest&) const = default;
};

// Responses, client to server (2.2.14.2).
struct RttResponse {
    bool operator==(const RttResponse&) const = default;
};
struct BandwidthResults {
    std::uint16_t type = autodetect::bandwidth_results_connect_time;
    std::uint32_t time_delta = 0;  // ms between start and stop
    std::uint32_t byte_count = 0;  // received in between
    bool operator==(const BandwidthResults&) const = default;
};
struct NetworkCharacteristicsSync {
    std::uint32_t bandwidth = 0;  // kbit/s
    std::uint32_t rtt = 0;        // ms
    bool operator==(const NetworkCharacteristicsSync&) const = default;
};

struct AutoDetectResponse {
    std::uint16_t sequence = 0;  // of the request
    std::variant<RttResponse, BandwidthResults, NetworkCharacteristicsSync> body{};

    static Result<AutoDetectResponse> decode(ByteView payload);
    void encode(Writer& writer) const;
    bool operator==(const AutoDetectResponse&) const = default;
};

}  // namespace rdpfault::protocol
