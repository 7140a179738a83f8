// What a client that checks certificates thinks of one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/tls/certificate.hpp"

namespace rdpfault::tls {

// What a client trusts, and where it meant to go.
struct Trust {
    X509Ptr authority;     // the one root it has
    std::string host;      // name or address the certificate must be for
    std::int64_t now = 0;  // seconds since 1970-01-01 UTC
};

struct Finding {
    int code = 0;      // X509_V_ERR_*; 0: nothing is wrong
    std::string text;  // OpenSSL's words
    explicit operator bool() const { return code != 0; }
};

// The first thing that OpenSSL's verifier finds at the level of security that Windows asks for, too: RSA of 2048 bits
// and SHA-256 (RFC 5280 6.1, RFC 6125). `chain`: what the server sent behind its certificate.
Finding verify(const X509& certificate, const std::vector<X509Ptr>& chain, const Trust& trust);

}  // namespace rdpfault::tls
