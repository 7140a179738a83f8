// One end of a TLS connection as a state machine over memory: ciphertext in, plaintext out and the other way round. No
// socket, no clock. The probe, the embedded server and the intercepting proxy are built on it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/bytes.hpp"
#include "protocol/tls/context.hpp"
#include "protocol/tls/record_sealer.hpp"
#include "protocol/tls/secrets.hpp"

namespace rdpfault::tls {

struct EngineConfig : ContextConfig {
    std::string server_name;  // SNI, role client; empty: none sent
};

struct Alert {
    std::uint8_t level = 0;        // 1 warning, 2 fatal
    std::uint8_t description = 0;  // RFC 8446 6

    bool operator==(const Alert&) const = default;
};

struct NegotiatedTls {
    Version version{};
    std::string cipher;  // IANA name where OpenSSL knows it ("TLS_AES_256_GCM_SHA384")
    std::string group;   // key-exchange group, IANA name ("x25519"); empty when none
    std::optional<CertificateFacts> peer_certificate;
};

// No session tickets and no resumption (MS-CSSP 3.1.5); no certificate verification: callers judge the facts.
//
// What the peer sends is never kept but for what OpenSSL needs of an unfinished record or handshake message, which it
// bounds (its ClientHello at 131,396 bytes, its certificates at 100 KiB): an engine does not grow with what it is fed.
class Engine {
  public:
    // A context of its own. Throws std::runtime_error for a configuration OpenSSL refuses.
    explicit Engine(const EngineConfig& config);
    // One of many with the same context. `key_log` gets the lines of this engine, besides the one of the context.
    // Throws std::runtime_error for a server name OpenSSL refuses (above 255 bytes).
    explicit Engine(std::shared_ptr<const Context> context, const std::string& server_name = {}, KeyLog key_log = {});
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
    // TLS 1.2 and older, when established: a server sends HelloRequest, a client a ClientHello. The engine then takes
    // part in the renegotiation whatever its configuration says. False, and nothing sent, where there is none.
    bool request_renegotiation();
    // Ciphertext for the peer, in order; empty when there is none.
    Bytes take_output();
    // The same, appended to `to`.
    void take_output(Bytes& to);

    // Forgets the output that was not taken yet, as if it had never been written: what is sealed next stands in its
    // place. Afterwards the engine is of use only for seal(), inject_alert() and what the peer still says.
    void discard_output();
    // Protects one record of any content type and content at the place where the engine stands: plain text before
    // encryption has begun, then under the keys it would use itself and with the next sequence number. Its place on the
    // wire is behind all output, so take that first. Whatever the engine writes after a protected record is sealed in
    // the same way, and the connection goes on. Empty when the content is above RecordSealer::max_content or the suite
    // is one that cannot be sealed (record_cipher()). A key log is written by whoever is told the keys, not here.
    Bytes seal(std::uint8_t content_type, ByteView content);
    // Appends an alert to the output, plain or sealed as the moment demands; any level and number. The state of the
    // engine stays what it is. False where seal() is empty.
    bool inject_alert(std::uint8_t level, std::uint8_t description);

    // The last alert from the peer that ends something: close_notify and what is not a warning. In TLS 1.3 everything
    // but user_canceled, whatever its level.
    std::optional<Alert> alert_received() const;
    std::optional<Alert> alert_sent() const;
    std::optional<Alert> warning_received() const;  // the last of the others: it ended nothing
    std::optional<Alert> warning_sent() const;
    std::string error() const;         // OpenSSL's words when failed
    NegotiatedTls negotiated() const;  // when established
    // The peer's certificate, as soon as it was received: role client, before the handshake is over.
    X509Ptr peer_certificate() const;
    // What came behind it. Role client.
    std::vector<X509Ptr> peer_chain() const;
    // Once version and suite are negotiated; later ones are filled in as the handshake goes on.
    std::optional<Secrets> secrets() const;
    WritePosition write_position() const;
    // When established: public_key_bytes() of the server's certificate, whichever end this is.
    Bytes server_public_key() const;

  private:
    struct State_;
    std::unique_ptr<State_> impl_;
};

}  // namespace rdpfault::tls
