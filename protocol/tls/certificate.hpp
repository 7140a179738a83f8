// A certificate, its private key, and what can be said of it. mint.hpp makes them, load_credential.hpp reads them.
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
    std::vector<X509Ptr> chain;  // further certificates sent with it, the issuer's first
};

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

std::string to_pem(const X509& certificate);

// What CredSSP binds a TLS connection with (MS-CSSP 2.2.1, pubKeyAuth): the content of the BIT STRING subjectPublicKey,
// without its count of unused bits.
Bytes public_key_bytes(const X509& certificate);

}  // namespace rdpfault::tls
