// A certificate and its private key, minted for a run. Nothing here reads a clock: the caller says what time it is.
#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "protocol/bytes.hpp"

namespace rdpfault::tls {

struct OpensslDeleter {
    void operator()(X509* x509) const;
    void operator()(EVP_PKEY* key) const;
};
using X509Ptr = std::unique_ptr<X509, OpensslDeleter>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslDeleter>;

struct Credential {
    X509Ptr certificate;
    KeyPtr key;
};

struct CertificateSpec {
    std::string common_name = "localhost";
    std::vector<std::string> dns_names = {"localhost"};
    std::vector<std::string> ip_addresses = {"127.0.0.1", "::1"};
    std::int64_t not_before = 0;  // seconds since 1970-01-01 UTC
    std::int64_t not_after = 0;
    int rsa_bits = 2048;
};

// A self-signed RSA certificate with SHA-256. Serial and signature always encode to the same number of bytes, so that
// the byte offsets of a handshake do not change from run to run. Throws std::runtime_error with OpenSSL's text.
Credential mint(const CertificateSpec& spec);

// What a report says of a certificate.
struct CertificateFacts {
    std::string subject;
    std::string issuer;
    std::string not_before;  // ISO 8601, UTC
    std::string not_after;
    std::string key_type;  // "RSA 2048", "EC prime256v1", "ED25519"
    std::string signature_algorithm;
    std::string sha256;              // of the DER, hex
    std::vector<std::string> names;  // subjectAltName: DNS and IP
};
CertificateFacts facts(const X509& certificate);

// The content of the BIT STRING that holds its key, which is what CredSSP binds to (MS-CSSP 3.1.5).
Bytes subject_public_key(const X509& certificate);

}  // namespace rdpfault::tls
