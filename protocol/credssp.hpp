// CredSSP (MS-CSSP): the messages of Network Level Authentication inside TLS, and what they are bound to. Nothing here
// encrypts or hashes: what is sealed stays sealed, and protocol/nla has the keys.
//
// The codec is strict DER: fields in order, none twice, none unknown, lengths in their shortest form. Every message is
// one TSRequest; framing.hpp cuts a stream into them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/bytes.hpp"
#include "protocol/error.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

namespace credssp {
inline constexpr std::uint32_t oldest_version = 2;
inline constexpr std::uint32_t newest_version = 6;
inline constexpr std::uint32_t first_with_nonce = 5;  // hashes bind the key from here on (MS-CSSP 3.1.5)
inline constexpr std::size_t nonce_size = 32;

// A peer of this version understands errorCode (MS-CSSP 2.2.1: versions 3, 4, and 6 and later).
constexpr bool takes_error_code(std::uint32_t version) {
    return version >= 3 && version != 5;
}
}  // namespace credssp

// MS-CSSP 2.2.1. The version may be one we do not know: newer ones are compatible.
struct TsRequest {
    std::uint32_t version = credssp::newest_version;
    std::vector<Bytes> tokens;  // negoTokens; at most 8
    std::optional<Bytes> auth_info;
    std::optional<Bytes> public_key;          // pubKeyAuth
    std::optional<std::uint32_t> error_code;  // NTSTATUS
    std::optional<Bytes> nonce;               // clientNonce, of nonce_size

    static Result<TsRequest> decode(ByteView bytes);
    void encode(Writer& writer) const;
    bool operator==(const TsRequest&) const = default;
};

// MS-CSSP 2.2.1.2: what authInfo seals.
struct TsCredentials {
    static constexpr std::uint32_t password = 1;
    static constexpr std::uint32_t smart_card = 2;
    static constexpr std::uint32_t remote_guard = 6;

    std::uint32_t type = password;
    Bytes credentials;  // type password: a TsPasswordCredentials

    static Result<TsCredentials> decode(ByteView bytes);
    void encode(Writer& writer) const;
    bool operator==(const TsCredentials&) const = default;
};

// MS-CSSP 2.2.1.2.1, in UTF-8 here.
struct TsPasswordCredentials {
    std::string domain;
    std::string user;
    std::string password;

    static Result<TsPasswordCredentials> decode(ByteView bytes);
    void encode(Writer& writer) const;
    bool operator==(const TsPasswordCredentials&) const = default;
};

// Early User Authorization Result PDU (MS-RDPBCGR 2.2.10.2): four bytes without a frame, from the server, after
// CredSSP, where HYBRID_EX was selected.
struct EarlyUserAuthorization {
    static constexpr std::size_t size = 4;
    static constexpr std::uint32_t success = 0;
    static constexpr std::uint32_t access_denied = 5;

    std::uint32_t result = success;

    static Result<EarlyUserAuthorization> decode(ByteView bytes);
    void encode(Writer& writer) const;
    bool operator==(const EarlyUserAuthorization&) const = default;
};

// What binds CredSSP to the TLS connection is the SubjectPublicKey of the server's certificate: the content of the BIT
// STRING, not the SubjectPublicKeyInfo around it.

// Versions 5 and later: whose SHA-256 is sealed in this direction's pubKeyAuth.
Bytes binding_hash_input(Direction direction, ByteView nonce, ByteView public_key);
// Versions 2 to 4: what the server answers to the key itself, which is the key plus one, lowest byte first.
Bytes incremented(ByteView public_key);

}  // namespace rdpfault::protocol
