// How a proxy intercepts: what its two ends of TLS are willing to do, which certificate it shows, what it rewrites.
// Plain data, filled from the `proxy:` part of a scenario.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/bytes.hpp"
#include "protocol/nla/accounts.hpp"
#include "protocol/tls/certificate.hpp"
#include "protocol/tls/certificate_flaw.hpp"
#include "protocol/tls/version.hpp"
#include "proxy/tls/certificate_mint.hpp"

namespace rdpfault::proxy {

// One of the proxy's own ends of TLS. Empty lists: the library's defaults.
struct LegTls {
    tls::Version min = tls::Version::tls1_2;
    tls::Version max = tls::Version::tls1_3;
    std::string ciphers;               // OpenSSL cipher list, TLS 1.2 and older
    std::string ciphersuites;          // TLS 1.3
    std::string groups;                // "X25519:P-256"
    std::string signature_algorithms;  // "RSA-PSS+SHA256"
    bool operator==(const LegTls&) const = default;
};

// The part of the X.224 negotiation that is told differently to the other side. The echoes of it inside TLS
// (serverSelectedProtocol of the client's core data, clientRequestedProtocols of the server's) are put right, so that
// neither side notices, unless one is left as it is on purpose (MS-RDPBCGR 2.2.1.3.2, 2.2.1.4.2).
struct Rewriting {
    std::optional<std::uint32_t> requested;  // requestedProtocols told to the server
    std::optional<std::uint32_t> selected;   // selectedProtocol told to the client
    bool repair_client_echo = true;          // in the client's Connect Initial
    bool repair_server_echo = true;          // in the server's Connect Response
    bool operator==(const Rewriting&) const = default;
};

struct InterceptConfig {
    LegTls client_leg;  // the proxy is the TLS server of the client
    LegTls server_leg;  // and the TLS client of the server
    Rewriting rewriting;
    tls::CertificateFlaw flaw = tls::CertificateFlaw::none;  // of the certificate that is minted
    bool operator==(const InterceptConfig&) const = default;
};

// How the proxy's end of TLS with that side is set up, for logs: the same text for the same configuration.
std::string setup_of(const InterceptConfig& config, Side side);

struct InterceptSettings {
    InterceptConfig config;
    // Shown to clients; null: one is minted that looks like the server's, with the flaw.
    std::shared_ptr<const tls::Credential> credential;
    std::shared_ptr<CertificateMint> mint;  // never null
    // NLA ends at the proxy, too: clients log on to it with this account, and it logs on to the server with it. Unset:
    // what clients and servers say of it is passed on.
    std::optional<nla::Account> account;
    std::string server_host;  // the server's name, for NLA
    // Gets the NSS key log lines of both legs (no newline), on the threads of the connections; unset: nobody does.
    std::function<void(std::string_view)> key_log;
};

}  // namespace rdpfault::proxy
