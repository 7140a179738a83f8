// The data blocks a server sends in its Connect Response (MS-RDPBCGR 2.2.1.4.2 to 2.2.1.4.6).
// Each has its type, and read() and encode() of the body without the block header. Absent blocks are nullopt; blocks of
// unknown type are kept in `others`.
#pragma once

#include <optional>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/gcc_block.hpp"

namespace rdpfault::protocol {

// TS_UD_SC_CORE earlyCapabilityFlags.
namespace server_early {
inline constexpr std::uint32_t edge_actions_v1 = 0x1;
inline constexpr std::uint32_t dynamic_dst = 0x2;
inline constexpr std::uint32_t edge_actions_v2 = 0x4;
inline constexpr std::uint32_t skip_channel_join = 0x8;
}  // namespace server_early

// 2.2.1.4.2. The optional fields are there in this order; the second never without the first.
struct ServerCoreData {
    static constexpr std::uint16_t type = 0x0C01;
    std::uint32_t version = 0x00080004;
    // Must equal the requestedProtocols of the Connection Request.
    std::optional<std::uint32_t> client_requested_protocols{};
    std::optional<std::uint32_t> early_capability_flags{};

    static ServerCoreData read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ServerCoreData&) const = default;
};

// 2.2.1.4.3. Under TLS method and level are 0 and nothing follows: random and certificate are then not on the wire.
struct ServerSecurityData {
    static constexpr std::uint16_t type = 0x0C02;
    std::uint32_t encryption_method = 0;
    std::uint32_t encryption_level = 0;
    Bytes server_random{};
    Bytes server_certificate{};

    static ServerSecurityData read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ServerSecurityData&) const = default;
};

// 2.2.1.4.4
struct ServerNetworkData {
    static constexpr std::uint16_t type = 0x0C03;
    std::uint16_t io_channel = 1003;
    std::vector<std::uint16_t> channels{};  // one id for each channel the client asked for, in its order; at most 31

    static ServerNetworkData read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ServerNetworkData&) const = default;
};

// 2.2.1.4.5 and 2.2.1.4.6
struct ServerMessageChannelData {
    static constexpr std::uint16_t type = 0x0C04;
    std::uint16_t channel = 0;

    static ServerMessageChannelData read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ServerMessageChannelData&) const = default;
};
struct ServerMultitransportData {
    static constexpr std::uint16_t type = 0x0C08;
    std::uint32_t flags = 0;

    static ServerMultitransportData read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ServerMultitransportData&) const = default;
};

// All of them. A repeated block replaces the former.
struct ServerDataBlocks {
    std::optional<ServerCoreData> core{};
    std::optional<ServerSecurityData> security{};
    std::optional<ServerNetworkData> network{};
    std::optional<ServerMessageChannelData> message_channel{};
    std::optional<ServerMultitransportData> multitransport{};
    std::vector<RawDataBlock> others{};

    // The blocks alone, without the GCC envelope.
    static Result<ServerDataBlocks> decode(ByteView blocks);
    void encode(Writer& writer) const;
    bool operator==(const ServerDataBlocks&) const = default;
};

}  // namespace rdpfault::protocol
