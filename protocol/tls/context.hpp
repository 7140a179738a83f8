// What many TLS connections have in common: versions, suites, groups, signature algorithms and the credential. Made
// once, because making it costs more than a handshake's share of it, and shared by every Engine.
#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/tls/certificate.hpp"
#include "protocol/tls/version.hpp"

namespace rdpfault::tls {

enum class Role : std::uint8_t { client, server };

// Gets whole NSS key log lines, without newline. Must not throw.
using KeyLog = std::function<void(std::string_view)>;

struct ContextConfig {
    Role role = Role::client;
    Version min = Version::tls1_2;
    Version max = Version::tls1_3;
    std::string ciphers;       // OpenSSL cipher list for TLS 1.2 and older; empty: the library's default
    std::string ciphersuites;  // TLS 1.3 suites, colon-separated; empty: default
    std::string groups;        // key-exchange groups in order of preference ("X25519:P-256"); empty: default
    // OpenSSL's list ("ECDSA+SHA256:RSA-PSS+SHA256", "rsa_pkcs1_sha1"): what is offered, role client, or accepted,
    // role server, for the signatures of a handshake of TLS 1.2 and 1.3; empty: default.
    std::string signature_algorithms;
    std::shared_ptr<const Credential> credential;  // role server
    // For who decrypts a capture; unset: the keys are told to nobody. Called by whatever thread drives an engine: a
    // context whose engines live in several threads needs one that may be called by all of them at once.
    KeyLog key_log;
    // Renegotiation (TLS 1.2 and older) is answered with the warning no_renegotiation unless this is set.
    bool allow_renegotiation = false;
    bool encrypt_then_mac = true;  // RFC 7366, of CBC suites; false: not offered and not accepted
    // OpenSSL's @SECLEVEL. Unset: 0 as soon as the rest of this asks for what higher levels forbid (TLS 1.0 or 1.1, a
    // key below 112 bits of security or a certificate signed with MD5 or SHA-1, signature algorithms with them, suites
    // below 112 bits or without authentication), the library's default otherwise. A "@SECLEVEL=n" in `ciphers` is
    // left as it is. A client that is to take whatever a weak server has sets 0.
    std::optional<int> security_level;
};

// No session tickets and no resumption (MS-CSSP 3.1.5), no compression, no verification of certificates. Immutable:
// may be shared by the engines of several threads.
class Context {
  public:
    // Throws std::runtime_error for what OpenSSL refuses (unknown suite, no credential for a server, min above max).
    explicit Context(ContextConfig config);
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    const ContextConfig& config() const { return config_; }
    // The @SECLEVEL it became: 0 allows everything this OpenSSL can do.
    int security_level() const;
    // For Engine. Still owned by the context.
    SSL_CTX* native() const { return native_; }

  private:
    ContextConfig config_;
    SSL_CTX* native_ = nullptr;
};

}  // namespace rdpfault::tls
