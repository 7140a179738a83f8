// The data blocks a client sends in its Connect Initial (MS-RDPBCGR 2.2.1.3.2 to 2.2.1.3.9).
// Each has its type, and read() and encode() of the body without the block header. Strings are UTF-8 here. Absent
// blocks are nullopt; blocks of unknown type are kept in `others`.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/gcc_block.hpp"

namespace rdpfault::protocol {

// TS_UD_CS_CORE earlyCapabilityFlags.
namespace client_early {
inline constexpr std::uint16_t error_info = 0x0001;  // the server may send Set Error Info only if this is set
inline constexpr std::uint16_t want_32bpp = 0x0002;
inline constexpr std::uint16_t status_info = 0x0004;
inline constexpr std::uint16_t strong_asymmetric_keys = 0x0008;
inline constexpr std::uint16_t relative_mouse = 0x0010;
inline constexpr std::uint16_t valid_connection_type = 0x0020;
inline constexpr std::uint16_t monitor_layout = 0x0040;
inline constexpr std::uint16_t network_autodetect = 0x0080;
inline constexpr std::uint16_t dynvc_gfx = 0x0100;
inline constexpr std::uint16_t dynamic_time_zone = 0x0200;
inline constexpr std::uint16_t heartbeat = 0x0400;
inline constexpr std::uint16_t skip_channel_join = 0x0800;
}  // namespace client_early

// 2.2.1.3.2. From post_beta2_color_depth on a field is on the wire only if all before it are; the encoder stops at the
// first that is absent. By default everything up to serverSelectedProtocol is there, as modern clients send it.
struct ClientCoreData {
    static constexpr std::uint16_t type = 0xC001;
    std::uint32_t version = 0x00080004;
    std::uint16_t desktop_width = 1024;
    std::uint16_t desktop_height = 768;
    std::uint16_t color_depth = 0xCA01;
    std::uint16_t sas_sequence = 0xAA03;
    std::uint32_t keyboard_layout = 0x0409;
    std::uint32_t client_build = 2600;
    std::string client_name{};  // at most 15 UTF-16 units
    std::uint32_t keyboard_type = 4;
    std::uint32_t keyboard_subtype = 0;
    std::uint32_t keyboard_function_keys = 12;
    std::string ime_file_name{};  // at most 31 UTF-16 units
    std::optional<std::uint16_t> post_beta2_color_depth = 0xCA01;
    std::optional<std::uint16_t> client_product_id = 1;
    std::optional<std::uint32_t> serial_number = 0;
    std::optional<std::uint16_t> high_color_depth = 24;
    std::optional<std::uint16_t> supported_color_depths = 0x000F;  // 24, 16, 15, 32 bpp
    std::optional<std::uint16_t> early_capability_flags = client_early::error_info | client_early::want_32bpp;
    std::optional<std::string> digital_product_id = "";  // at most 31 UTF-16 units
    std::optional<std::uint8_t> connection_type = 0;
    std::optional<std::uint8_t> pad = 0;
    // Must equal the selectedProtocol of the Connection Confirm.
    std::optional<std::uint32_t> server_selected_protocol = 0;
    std::optional<std::uint32_t> desktop_physical_width{};  // millimetres
    std::optional<std::uint32_t> desktop_physical_height{};
    std::optional<std::uint16_t> desktop_orientation{};
    std::optional<std::uint32_t> desktop_scale_factor{};  // percent
    std::optional<std::uint32_t> device_scale_factor{};

    static ClientCoreData read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ClientCoreData&) const = default;
};

// 2.2.1.3.3
struct ClientSecurityData {
    static constexpr std::uint16_t type = 0xC002;
    std::uint32_t encryption_methods = 0;  // 0 under TLS
    std::uint32_t ext_encryption_methods = 0;

    static ClientSecurityData read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ClientSecurityData&) const = default;
};

// 2.2.1.3.4
struct ChannelDefinition {
    std::string name{};  // 1 to 7 ASCII characters
    std::uint32_t options = 0;
    bool operator==(const ChannelDefinition&) const = default;
};
struct ClientNetworkData {
    static constexpr std::uint16_t type = 0xC003;
    std::vector<ChannelDefinition> channels{};  // at most 31

    static ClientNetworkData read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ClientNetworkData&) const = default;
};

// 2.2.1.3.5
struct ClientClusterData {
    static constexpr std::uint16_t type = 0xC004;
    std::uint32_t flags = 0;
    std::uint32_t redirected_session_id = 0;

    static ClientClusterData read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ClientClusterData&) const = default;
};

// 2.2.1.3.6
struct MonitorDefinition {
    std::int32_t left = 0, top = 0, right = 0, bottom = 0;  // inclusive
    std::uint32_t flags = 0;                                // 1 primary
    bool operator==(const MonitorDefinition&) const = default;
};
struct ClientMonitorData {
    static constexpr std::uint16_t type = 0xC005;
    std::uint32_t flags = 0;
    std::vector<MonitorDefinition> monitors{};  // at most 16

    static ClientMonitorData read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ClientMonitorData&) const = default;
};

// 2.2.1.3.7 and 2.2.1.3.8: one field of flags each.
struct ClientMessageChannelData {
    static constexpr std::uint16_t type = 0xC006;
    std::uint32_t flags = 0;

    static ClientMessageChannelData read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ClientMessageChannelData&) const = default;
};
struct ClientMultitransportData {
    static constexpr std::uint16_t type = 0xC00A;
    std::uint32_t flags = 0;  // 1 UDP FEC reliable, 4 lossy, 0x100 UDP preferred, 0x200 soft sync

    static ClientMultitransportData read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ClientMultitransportData&) const = default;
};

// 2.2.1.3.9
struct MonitorAttributes {
    std::uint32_t physical_width = 0, physical_height = 0;  // millimetres
    std::uint32_t orientation = 0;
    std::uint32_t desktop_scale_factor = 100, device_scale_factor = 100;  // percent
    bool operator==(const MonitorAttributes&) const = default;
};
struct ClientMonitorExtendedData {
    static constexpr std::uint16_t type = 0xC008;
    std::uint32_t flags = 0;
    std::vector<MonitorAttributes> monitors{};  // at most 16

    static ClientMonitorExtendedData read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ClientMonitorExtendedData&) const = default;
};

// All of them. A repeated block replaces the former.
struct ClientDataBlocks {
    std::optional<ClientCoreData> core{};
    std::optional<ClientClusterData> cluster{};
    std::optional<ClientSecurityData> security{};
    std::optional<ClientNetworkData> network{};
    std::optional<ClientMonitorData> monitor{};
    std::optional<ClientMonitorExtendedData> monitor_extended{};
    std::optional<ClientMessageChannelData> message_channel{};
    std::optional<ClientMultitransportData> multitransport{};
    std::vector<RawDataBlock> others{};

    // The blocks alone, without the GCC envelope.
    static Result<ClientDataBlocks> decode(ByteView blocks);
    void encode(Writer& writer) const;
    bool operator==(const ClientDataBlocks&) const = default;
};

}  // namespace rdpfault::protocol
