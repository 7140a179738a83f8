// Save Session Info PDU (MS-RDPBCGR 2.2.10.1), server to client, from the share control header on: the user is logged
// on, and the cookie for automatic reconnection.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "protocol/auto_reconnect.hpp"
#include "protocol/share.hpp"

namespace rdpfault::protocol {

// INFOTYPE_LOGON (2.2.10.1.1.1): domain at most 25 and user at most 255 UTF-16 units.
struct LogonInfo {
    std::string domain{};
    std::string user{};
    std::uint32_t session_id = 0;
    bool operator==(const LogonInfo&) const = default;
};
// INFOTYPE_LOGON_LONG (2.2.10.1.1.2); names of any length up to 256 units are written.
struct LogonInfoLong {
    std::string domain{};
    std::string user{};
    std::uint32_t session_id = 0;
    bool operator==(const LogonInfoLong&) const = default;
};
// INFOTYPE_LOGON_PLAINNOTIFY (2.2.10.1.1.3): 576 bytes of padding.
struct LogonNotify {
    bool operator==(const LogonNotify&) const = default;
};
// INFOTYPE_LOGON_EXTENDED_INFO (2.2.10.1.1.4).
struct LogonErrors {
    std::uint32_t type = 0;
    std::uint32_t data = 0;
    bool operator==(const LogonErrors&) const = default;
};
struct LogonExtended {
    std::optional<AutoReconnectCookie> auto_reconnect{};
    std::optional<LogonErrors> errors{};
    bool operator==(const LogonExtended&) const = default;
};

struct SaveSessionInfo {
    ShareOrigin origin{};
    // In the order of infoType: 0, 1, 2, 3.
    std::variant<LogonInfo, LogonInfoLong, LogonNotify, LogonExtended> info = LogonNotify{};

    static Result<SaveSessionInfo> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const SaveSessionInfo&) const = default;
};

}  // namespace rdpfault::protocol
