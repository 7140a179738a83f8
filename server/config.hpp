// How the embedded RDP server behaves, and misbehaves: faults that a proxy cannot do from outside because they lie
// inside TLS or in the server's own decisions. Filled from the `server:` part of a scenario.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/nla/accounts.hpp"
#include "protocol/stage.hpp"
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

// What is selected of what the client offers (MS-RDPBCGR 2.2.1.2).
enum class Security : std::uint8_t {
    tls,        // TLS; a client without it gets failure 1
    nla,        // HYBRID; a client without it gets failure 5
    nla_ex,     // as nla, and HYBRID_EX to a client that offers it
    negotiate,  // HYBRID, else TLS
};

// Misbehaviour while the client logs on. Each unset by default.
struct NlaFault {
    std::optional<std::uint32_t> error;    // errorCode in answer to the client's last token, whoever it is
    bool wrong_public_key = false;         // echo another key than that of the certificate
    std::optional<std::uint32_t> version;  // of CredSSP, claimed: 2 to 6. Not a fault in itself
    // Read this message of the client's (nla_negotiate, nla_authenticate or nla_credentials), and end the connection.
    std::optional<Stage> close_after;
    CloseKind close_with = CloseKind::close;
    bool early_auth_denied = false;  // Early User Authorization Result: AUTHZ_ACCESS_DENIED, then close
};

struct Config {
    tls::Version tls_min = tls::Version::tls1_2;
    tls::Version tls_max = tls::Version::tls1_3;
    std::string tls_ciphers;
    std::string tls_ciphersuites;

    Security security = Security::tls;
    std::vector<nla::Account> users;  // who may log on where security is not tls
    std::string keytab;               // file with the server's key, for Kerberos; empty: NTLM only

    std::uint16_t width = 1024;  // of the desktop, unless the client asks for another size
    std::uint16_t height = 768;
    // A client that is slower than this in any one stage is cut off.
    std::chrono::milliseconds stage_timeout{30'000};

    // Misbehaviour; each unset by default.
    NlaFault nla;
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
