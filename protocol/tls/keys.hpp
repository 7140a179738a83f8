// Private keys for certificates that are minted.
#pragma once

#include <cstdint>

#include "protocol/tls/certificate.hpp"

namespace rdpfault::tls {

enum class KeyType : std::uint8_t { rsa, ec_p256, ec_p384, ec_p521, ed25519 };

// A new key; `rsa_bits` is for RSA only. RSA 2048 takes some 50 to 300 ms, the others less than one: cache it.
// Throws std::runtime_error with OpenSSL's text for a size it refuses (below 512).
KeyPtr make_key(KeyType type, int rsa_bits = 2048);

// A key that says it is `shown`, and signs with the private half of another one: OpenSSL takes it for the key of a
// certificate with the public half of `shown`, and no signature it makes is valid. Throws as make_key() does.
KeyPtr make_mismatched_key(const EVP_PKEY& shown);

struct KeyKind {
    KeyType type = KeyType::rsa;
    int rsa_bits = 2048;

    bool operator==(const KeyKind&) const = default;
};
// What makes a key like that of a certificate. A kind that is not made here becomes RSA 2048; RSA is kept between 1024
// and 4096 bits, since a hostile peer must not decide how long a key is searched for.
KeyKind key_kind_of(const X509& certificate);

}  // namespace rdpfault::tls
