// The TLS record layer: what every byte of a TLS stream is wrapped in, readable without keys (RFC 8446 5.1, RFC 5246
// 6.2), and the alerts it carries in plain text (RFC 8446 6).
#pragma once

#include <cstdint>

#include "protocol/error.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

enum class TlsContentType : std::uint8_t {
    change_cipher_spec = 20,
    alert = 21,
    handshake = 22,
    application_data = 23,
    heartbeat = 24,
};

inline constexpr std::size_t tls_record_header_size = 5;
// Longest fragment: TLS 1.2 allows 2^14 + 2048 of ciphertext, TLS 1.3 less.
inline constexpr std::size_t tls_max_fragment = 16384 + 2048;

struct TlsRecordHeader {
    TlsContentType type{};
    std::uint16_t version = 0x0303;  // legacy_record_version: 0x0301 in many first ClientHellos
    std::uint16_t length = 0;        // of the fragment

    // Reads the five bytes a record begins with; more bytes may follow. An unknown content type, a version that is not
    // 3.x and a fragment longer than tls_max_fragment are errors.
    static Result<TlsRecordHeader> decode(ByteView bytes);
    void encode(Writer& writer) const;
    bool operator==(const TlsRecordHeader&) const = default;
};

// One whole record. The fragment is a view into the decoded bytes. encode() throws std::length_error for a fragment
// above tls_max_fragment.
struct TlsRecord {
    TlsContentType type{};
    std::uint16_t version = 0x0303;
    ByteView fragment;

    static Result<TlsRecord> decode(ByteView record);
    void encode(Writer& writer) const;
};

// The fragment of an alert record in plain text; the names of the descriptions are in the catalogue.
struct TlsAlert {
    static constexpr std::uint8_t warning = 1;
    static constexpr std::uint8_t fatal = 2;

    std::uint8_t level = fatal;
    std::uint8_t description = 0;

    static Result<TlsAlert> decode(ByteView fragment);
    void encode(Writer& writer) const;
    bool operator==(const TlsAlert&) const = default;
};

// The seven bytes of a whole alert record, ready to be put on the wire.
Bytes tls_alert_record(const TlsAlert& alert, std::uint16_t version = 0x0303);

}  // namespace rdpfault::protocol
