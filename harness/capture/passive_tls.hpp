// Reads along in a TLS connection of two others, with the secrets that one of them logged (TLS 1.0 to 1.3). Records in,
// in the order of the wire; plain text and alerts out. Sans-I/O.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/capture/key_log.hpp"
#include "protocol/tls/record_opener.hpp"
#include "protocol/tls_reassembler.hpp"
#include "protocol/tls_record.hpp"

namespace rdpfault::capture {

class PassiveTls {
  public:
    // What a record held: application data, an alert that was not to be read without keys, or neither.
    struct Inside {
        Bytes data;
        std::optional<protocol::TlsAlert> alert;
    };

    explicit PassiveTls(const KeyLog& keys) : keys_(keys) {}

    Inside record(Direction direction, ByteView record);

    // The log has secrets of this connection; nullopt: no ServerHello was seen.
    std::optional<bool> has_secrets() const { return has_secrets_; }
    // Why one direction or both can be read no further; empty: nothing is wrong.
    const std::string& trouble() const { return trouble_; }
    bool reading(Direction direction) const { return !stopped_[index(direction)] && trouble_.empty(); }
    // Bytes of this direction are missing: what follows cannot be opened.
    void stop(Direction direction) { stopped_[index(direction)] = true; }
    std::optional<std::uint16_t> version() const { return version_; }

  private:
    static constexpr std::size_t max_message = 128 * 1024;

    struct Half {
        protocol::TlsReassembler messages{max_message};
        std::optional<tls::RecordOpener> opener;
        tls::Epoch epoch = tls::Epoch::plaintext;
        std::uint32_t key_updates = 0;
    };

    static std::size_t index(Direction direction) { return static_cast<std::size_t>(direction); }
    Half& half(Direction direction) { return halves_[index(direction)]; }
    void messages(Direction direction, ByteView fragment);
    void message(Direction direction, const protocol::TlsHandshakeMessage& message);
    void client_hello(ByteView message);
    void server_hello(ByteView message);
    void change_cipher(Direction direction);
    void turn_to(Direction direction, tls::Epoch epoch);
    bool is_1_3() const { return secrets_.version == tls::Version::tls1_3; }

    const KeyLog& keys_;
    std::array<Half, 2> halves_;
    std::array<bool, 2> stopped_{};
    Bytes client_random_;
    tls::Secrets secrets_;
    std::optional<bool> has_secrets_;
    std::optional<std::uint16_t> version_;
    std::string trouble_;
};

}  // namespace rdpfault::capture
