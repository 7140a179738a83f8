// How a connection ended: the value that the proxy, the probe and the drivers for real clients all report, and that
// expectations and predictions are written in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/bytes.hpp"
#include "protocol/stage.hpp"

namespace rdpfault {

enum class EndKind : std::uint8_t {
    none,                 // still open, or never ended
    orderly,              // the observer itself disconnected, as planned: the connection worked
    close,                // FIN
    reset,                // RST
    timeout,              // nothing came for as long as the observer waits
    refused,              // RST in answer to the SYN
    unreachable,          // no route, or no answer to the SYN
    name_not_found,       // the name did not resolve
    tls_alert,            // fatal alert: code = AlertDescription (RFC 8446 6)
    negotiation_failure,  // RDP_NEG_FAILURE: code = failureCode (MS-RDPBCGR 2.2.1.2.2)
    license_error,        // code = dwErrorCode (MS-RDPBCGR 2.2.1.12.1.3)
    error_info,           // code = errorInfo (MS-RDPBCGR 2.2.5.1.1)
    disconnect,           // Disconnect Provider Ultimatum: code = reason (MS-RDPBCGR 2.2.2.3)
    malformed,            // bytes that are not what the stage demands: offset
    tls_failure,          // TLS could not be set up for a reason of our own (no shared version, ...)
    certificate,          // the observer refused the certificate
    authentication,       // NLA: code = NTSTATUS
    client_exit,          // a real client ended: code = exit status
};

// The names used in scenarios and reports: "close", "reset", "alert", "negotiation_failure", ...
std::string_view to_string(EndKind kind);
std::optional<EndKind> end_kind_from_string(std::string_view name);

struct Ending {
    EndKind kind = EndKind::none;
    std::uint32_t code = 0;    // see EndKind; 0 where a kind has none
    std::uint64_t offset = 0;  // malformed: byte offset in the stream received
    int system_error = 0;      // errno, where a system call said it
    std::string detail;        // for people; never needed to decide

    // Kind and code, the part that is the same on every replay.
    bool same(const Ending& that) const { return kind == that.kind && code == that.code; }
};

// "reset", "alert 40 handshake_failure", "error_info 7 ERRINFO_SERVER_DENIED_CONNECTION", "malformed at byte 12".
std::string to_string(const Ending& ending);

}  // namespace rdpfault
