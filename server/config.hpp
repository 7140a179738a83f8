// How the embedded RDP server behaves, and misbehaves: faults that a proxy cannot do from outside because they lie
// inside TLS or in the server's own decisions. Filled from the `server:` part of a scenario.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "protocol/tls/version.hpp"

namespace rdpfault::server {

enum class CloseKind : std::uint8_t { close, reset };  // FIN | RST

struct ErrorInfoFault {
    std::uint32_t code = 7;         // MS-RDPBCGR 2.2.5.1.1
    bool before_activation = true;  // instead of the Demand Active; false: `after` into the session
    std::chrono::milliseconds after{500};
};

struct DisconnectFault {
    std::uint8_t reason = 3;               // MCS reason: 1 provider-initiated, 3 user-requested (MS-RDPBCGR 2.2.2.3)
    std::chrono::milliseconds after{500};  // into the active session
};

struct Config {
    tls::Version tls_min = tls::Version::tls1_2;
    tls::Version tls_max = tls::Version::tls1_3;
    std::string tls_ciphers;
    std::string tls_ciphersuites;

    std::uint16_t width = 1024;  // of the desktop, unless the client asks for another size
    std::uint16_t height = 768;
    // A client that is slower than this in any one stage is cut off.
    std::chrono::milliseconds stage_timeout{30'000};

    // Misbehaviour; each unset by default.
    std::optional<std::uint32_t> negotiation_failure;  // 1..6: answer the request with RDP_NEG_FAILURE and close
    std::optional<CloseKind>
        certificate_key_unusable;                  // end the connection at the ClientHello, without a byte of answer
    std::optional<CloseKind> after_tls;            // end the connection when TLS is up
    std::optional<std::uint32_t> license_error;    // dwErrorCode of a licensing error alert, then close
    bool silence_after_licensing = false;          // never send the Demand Active; no stage_timeout
    std::optional<ErrorInfoFault> error_info;      // Set Error Info, Disconnect Provider Ultimatum, close
    std::optional<DisconnectFault> disconnect;     // Disconnect Provider Ultimatum without Set Error Info
    std::optional<std::uint32_t> max_connections;  // at the same time; further ones are closed at accept
};

}  // namespace rdpfault::server
