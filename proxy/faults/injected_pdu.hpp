// PDUs of our own for the inside of TLS, described when the scenario is read and encoded when the fault fires: they
// carry identifiers that only the session at hand knows.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "protocol/bytes.hpp"

namespace rdpfault::proxy {

class SessionView;

namespace injected {
struct ErrorInfo {  // Set Error Info, MS-RDPBCGR 2.2.5.1
    std::uint32_t code = 0;
};
struct Disconnect {           // Disconnect Provider Ultimatum, 2.2.2.3
    std::uint8_t reason = 1;  // 0 to 7; 1 provider-initiated, 3 user-requested
};
struct LicenseError {  // Licensing error alert, 2.2.1.12.1.3
    std::uint32_t code = 2;
    std::uint32_t transition = 1;  // ST_TOTAL_ABORT
};
struct DeactivateAll {  // 2.2.3.1
    bool whole = true;  // false: the share control header alone, as some servers send it
};
struct Redirection {     // Enhanced Security Server Redirection, 2.2.13.3.1
    std::string target;  // an address; empty: none, which asks the client to come back to the same server
};
struct CredsspError {  // TSRequest with errorCode, MS-CSSP 2.2.1
    std::uint32_t status = 0;
    std::uint32_t version = 6;
};
struct AutoReconnectStatus {  // Server Auto-Reconnect Status, 2.2.4.1
    std::uint32_t status = 0;
};
struct ShutdownDenied {};  // 2.2.2.2
}  // namespace injected

using InjectedPdu = std::variant<injected::ErrorInfo, injected::Disconnect, injected::LicenseError,
                                 injected::DeactivateAll, injected::Redirection, injected::CredsspError,
                                 injected::AutoReconnectStatus, injected::ShutdownDenied>;

// The longest `target` of a redirection; what is longer is cut off.
inline constexpr std::size_t max_redirection_target = 255;

// The whole unit as the other side would have sent it: towards the client an indication of the server, towards the
// server a request of the client. What the view does not know yet takes the value that most servers use.
Bytes encode(const InjectedPdu& pdu, const SessionView& session, Side to = Side::client);

}  // namespace rdpfault::proxy
