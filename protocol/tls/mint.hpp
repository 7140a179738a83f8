// Certificates and keys made for a run. Nothing here reads a clock: the caller says what time it is.
#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/tls/certificate.hpp"
#include "protocol/tls/keys.hpp"

namespace rdpfault::tls {

enum class Digest : std::uint8_t { sha256, sha1, md5 };

struct CertificateSpec {
    std::string common_name = "localhost";
    std::vector<std::string> dns_names = {"localhost"};
    std::vector<std::string> ip_addresses = {"127.0.0.1", "::1"};
    std::int64_t not_before = 0;  // seconds since 1970-01-01 UTC
    std::int64_t not_after = 0;
    int rsa_bits = 2048;
    KeyType key_type = KeyType::rsa;
    Digest digest = Digest::sha256;  // of the signature; not when the signer's key is Ed25519, which has its own
    // As OpenSSL's configuration files spell them; empty: the extension is absent.
    std::string key_usage = "critical,digitalSignature,keyEncipherment";
    std::string extended_key_usage = "serverAuth";
    bool authority = false;  // may sign certificates
    // Taken from another certificate, in place of common_name and of dns_names and ip_addresses. Not owned.
    const X509_NAME* subject = nullptr;
    const X509* names_of = nullptr;
};

// A certificate with a new key, signed by `issuer` or, when there is none, by its own key. Serial number and signature
// always encode to the same number of bytes, so that the byte offsets of a handshake do not change from run to run. (An
// ECDSA key makes those of the handshake itself change all the same: OpenSSL signs with it.) The chain is empty.
// Throws std::runtime_error with OpenSSL's text.
Credential mint(const CertificateSpec& spec, const Credential* issuer = nullptr);

// What an authority is: no alternative names, keyCertSign, CA:TRUE.
CertificateSpec authority_spec(std::string common_name, std::int64_t not_before, std::int64_t not_after);

// The same certificate or key once more, for another owner.
X509Ptr share(const X509Ptr& certificate);
KeyPtr share(const KeyPtr& key);

}  // namespace rdpfault::tls
