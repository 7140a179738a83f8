// The TLS handshake messages that travel in plain text: ClientHello and ServerHello in full (RFC 8446 4.1.2 and 4.1.3,
// RFC 5246 7.4.1), and the header of the others. A message is a header of four bytes and its body; how messages lie in
// records is the business of tls_reassembler.hpp.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "protocol/error.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

enum class TlsHandshakeType : std::uint8_t {
    hello_request = 0,
    client_hello = 1,
    server_hello = 2,
    new_session_ticket = 4,
    encrypted_extensions = 8,
    certificate = 11,
    server_key_exchange = 12,
    certificate_request = 13,
    server_hello_done = 14,
    certificate_verify = 15,
    client_key_exchange = 16,
    finished = 20,
    certificate_status = 22,
    key_update = 24,
};

inline constexpr std::size_t tls_handshake_header_size = 4;
inline constexpr std::uint16_t tls_1_3 = 0x0304;

struct TlsHandshakeHeader {
    TlsHandshakeType type{};   // may be a number without a name
    std::uint32_t length = 0;  // of the body, 24 bits

    // Reads the four bytes a message begins with; more may follow.
    static Result<TlsHandshakeHeader> decode(ByteView bytes);
    void encode(Writer& writer) const;
    bool operator==(const TlsHandshakeHeader&) const = default;
};

struct TlsExtension {
    static constexpr std::uint16_t server_name = 0;
    static constexpr std::uint16_t supported_groups = 10;
    static constexpr std::uint16_t signature_algorithms = 13;
    static constexpr std::uint16_t supported_versions = 43;

    std::uint16_t type = 0;
    Bytes data;

    bool operator==(const TlsExtension&) const = default;
};
using TlsExtensions = std::vector<TlsExtension>;

struct ClientHello {
    std::uint16_t version = 0x0303;  // the highest one offered, unless supported_versions() says otherwise
    std::array<std::uint8_t, 32> random{};
    Bytes session_id;  // at most 32 bytes
    std::vector<std::uint16_t> cipher_suites;
    Bytes compression_methods{0};
    std::optional<TlsExtensions> extensions;  // none: the block is absent (TLS 1.2 and older)

    // Takes one whole message, its header included. The four extensions below are checked too.
    static Result<ClientHello> decode(ByteView message);
    void encode(Writer& writer) const;
    bool operator==(const ClientHello&) const = default;

    // What the extensions say; nothing where one is absent.
    std::optional<std::string> server_name() const;
    std::vector<std::uint16_t> supported_versions() const;
    std::vector<std::uint16_t> supported_groups() const;
    std::vector<std::uint16_t> signature_algorithms() const;
};

struct ServerHello {
    std::uint16_t version = 0x0303;
    std::array<std::uint8_t, 32> random{};
    Bytes session_id;
    std::uint16_t cipher_suite = 0;
    std::uint8_t compression_method = 0;
    std::optional<TlsExtensions> extensions;

    static Result<ServerHello> decode(ByteView message);
    void encode(Writer& writer) const;
    bool operator==(const ServerHello&) const = default;

    // What was chosen: supported_versions where present, else `version`.
    std::uint16_t negotiated_version() const;
    // A ServerHello by form, told apart by its random (RFC 8446 4.1.3): the client must send another ClientHello.
    bool is_hello_retry_request() const;
};

}  // namespace rdpfault::protocol
