// One end of a TLS connection as a state machine over memory: ciphertext in, plaintext out and the other way round. No
// socket, no clock. The probe and the embedded server are built on it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/bytes.hpp"
#include "protocol/tls/certificate.hpp"
#include "protocol/tls/version.hpp"

namespace rdpfault::tls {

enum class Role : std::uint8_t { client, server };

struct EngineConfig {
    Role role = Role::client;
    Version min = Version::tls1_2;  // TLS 1.0 and 1.1 make the engine use @SECLEVEL=0 by itself
    Version max = Version::tls1_3;
    std::string ciphers;       // OpenSSL cipher list for TLS 1.2 and older; empty: the library's default
    std::string ciphersuites;  // TLS 1.3 suites; empty: default
    std::string server_name;   // SNI, role client; empty: none sent
    std::shared_ptr<const Credential> credential;  // role server
    // Gets the NSS key log lines (no newline), for who decrypts a capture; unset: the keys are told to nobody.
    std::function<void(std::string_view)> key_log;
};

struct Alert {
    std::uint8_t level = 0;        // 1 warning, 2 fatal
    std::uint8_t description = 0;  // RFC 8446 6
};

struct NegotiatedTls {
    Version version{};
    std::string cipher;  // IANA name where OpenSSL knows it ("TLS_AES_256_GCM_SHA384")
    std::string group;   // key-exchange group, IANA name ("x25519"); empty when none
    std::optional<CertificateFacts> peer_certificate;
};

// No session tickets and no resumption (MS-CSSP 3.1.5); no certificate verification: callers judge the facts.
class Engine {
  public:
    // Throws std::runtime_error for a configuration OpenSSL refuses (unknown cipher, no credential for a server).
    explicit Engine(const EngineConfig& config);
    ~Engine();
    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;

    enum class State : std::uint8_t { handshaking, established, closed /* close_notify received */, failed };
    State state() const;

    // Starts the handshake (role client: makes the ClientHello). Output is fetched with take_output().
    void start();
    // Ciphertext from the peer. Decrypted application data is appended to `plaintext`.
    void feed(ByteView wire, Bytes& plaintext);
    // Plaintext to the peer; only when established.
    void write(ByteView plaintext);
    // Sends close_notify.
    void close();
    // Ciphertext for the peer, in order; empty when there is none.
    Bytes take_output();

    std::optional<Alert> alert_received() const;  // the last fatal or close_notify alert from the peer
    std::optional<Alert> alert_sent() const;
    std::string error() const;         // OpenSSL's words when failed
    NegotiatedTls negotiated() const;  // when established
    // When established: subject_public_key() of the server's certificate, whichever end this is.
    Bytes server_public_key() const;

  private:
    struct State_;
    std::unique_ptr<State_> impl_;
};

}  // namespace rdpfault::tls
