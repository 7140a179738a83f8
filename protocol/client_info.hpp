// Client Info PDU (MS-RDPBCGR 2.2.1.11): the first Send Data Request, on the I/O channel, with its security header.
// Strings are UTF-8 here and UTF-16LE on the wire; a client that does not set INFO_UNICODE is `unsupported`.
// Do not log a decoded value: it holds the password.
#pragma once

#include <optional>
#include <string>

#include "protocol/auto_reconnect.hpp"
#include "protocol/error.hpp"

namespace rdpfault::protocol {

namespace client_info_flags {
inline constexpr std::uint32_t mouse = 0x1;
inline constexpr std::uint32_t disable_ctrl_alt_del = 0x2;
inline constexpr std::uint32_t autologon = 0x8;
inline constexpr std::uint32_t unicode = 0x10;
inline constexpr std::uint32_t maximize_shell = 0x20;
inline constexpr std::uint32_t logon_notify = 0x40;
inline constexpr std::uint32_t compression = 0x80;
inline constexpr std::uint32_t enable_windows_key = 0x100;
inline constexpr std::uint32_t logon_errors = 0x10000;
inline constexpr std::uint32_t mouse_has_wheel = 0x20000;
inline constexpr std::uint32_t no_audio_playback = 0x80000;
}  // namespace client_info_flags

// SYSTEMTIME as in TS_TIME_ZONE_INFORMATION (2.2.1.11.1.1.1.1).
struct SystemTime {
    std::uint16_t year = 0, month = 0, day_of_week = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0;
    bool operator==(const SystemTime&) const = default;
};

// TS_TIME_ZONE_INFORMATION (2.2.1.11.1.1.1), 172 bytes. Biases are minutes; names at most 31 UTF-16 units.
struct TimeZone {
    std::uint32_t bias = 0;
    std::string standard_name{};
    SystemTime standard_date{};
    std::uint32_t standard_bias = 0;
    std::string daylight_name{};
    SystemTime daylight_date{};
    std::uint32_t daylight_bias = 0;
    bool operator==(const TimeZone&) const = default;
};

// TS_EXTENDED_INFO_PACKET (2.2.1.11.1.1.1). From time_zone on a field is on the wire only if all before it are; what
// follows the cookie (dynamic time zone) is ignored and not written.
struct ExtendedClientInfo {
    std::uint16_t address_family = 2;  // 2 IPv4, 0x17 IPv6
    std::string address{};
    std::string directory{};
    std::optional<TimeZone> time_zone = TimeZone{};
    std::optional<std::uint32_t> session_id = 0;
    std::optional<std::uint32_t> performance_flags = 0;
    std::optional<AutoReconnectCookie> auto_reconnect{};
    bool operator==(const ExtendedClientInfo&) const = default;
};

// Bytes of one string on the wire without its NUL. A longer one is `too_long`; encode() throws std::length_error.
inline constexpr std::size_t max_client_info_text = 1022;

struct ClientInfo {
    std::uint32_t code_page = 0;  // or the input locale
    std::uint32_t flags = client_info_flags::mouse | client_info_flags::unicode | client_info_flags::logon_notify |
                          client_info_flags::logon_errors | client_info_flags::disable_ctrl_alt_del |
                          client_info_flags::enable_windows_key;
    std::string domain{};
    std::string user{};
    std::string password{};
    std::string alternate_shell{};
    std::string working_directory{};
    std::optional<ExtendedClientInfo> extended = ExtendedClientInfo{};  // absent: an RDP 4.0 client

    // `payload`: of the Send Data Request, from the security header on.
    static Result<ClientInfo> decode(ByteView payload);
    void encode(Writer& writer) const;
    bool operator==(const ClientInfo&) const = default;
};

}  // namespace rdpfault::protocol
