// From the secrets of a connection to the keys of one direction (RFC 8446 7.3, RFC 5246 6.3).
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>

#include "protocol/bytes.hpp"
#include "protocol/tls/openssl.hpp"
#include "protocol/tls/secrets.hpp"

namespace rdpfault::tls {

// How a suite protects records, in OpenSSL's terms.
struct RecordCipher {
    const EVP_CIPHER* cipher = nullptr;  // nullptr: no encryption (the NULL suites)
    const EVP_MD* mac = nullptr;         // nullptr: AEAD
    const EVP_MD* prf = nullptr;         // of the handshake: HKDF or the PRF of TLS 1.2
    bool gcm = false;
    bool chacha = false;
};

struct TrafficKeys {
    Bytes mac_key;  // empty: AEAD
    Bytes key;
    Bytes iv;  // TLS 1.3 and ChaCha20: 12 bytes, GCM of TLS 1.2: the 4 fixed ones, CBC of TLS 1.0: the first block's
};

// Known: AES-GCM, ChaCha20-Poly1305, every CBC suite and the NULL suites. Not known: CCM and suites that this OpenSSL
// does not know itself. The error says which.
boost::system::result<RecordCipher, std::string> record_cipher(std::uint16_t suite);

// Those that `sender` writes with; of TLS 1.3 in that epoch, after so many updates (RFC 8446 7.2 and 7.3, RFC
// 5246 6.3). The error says which secret is not known, or is not one of this suite.
boost::system::result<TrafficKeys, std::string> traffic_keys(const RecordCipher& cipher, const Secrets& secrets,
                                                             Side sender, Epoch epoch, std::uint32_t key_updates);

// HMAC with this digest, ready to be begun again and again. Throws std::runtime_error where OpenSSL has none.
MacContextPtr make_hmac(const EVP_MD* digest, const Bytes& key);

}  // namespace rdpfault::tls
