// A certificate that looks like a server's own, with a new key and a flaw.
#pragma once

#include <cstdint>

#include "protocol/tls/certificate.hpp"
#include "protocol/tls/certificate_flaw.hpp"

namespace rdpfault::tls {

// Subject, alternative names, validity, and type and size of the key are those of `original` (key_kind_of() says which
// keys are made), but for what the flaw changes. `now`: seconds since 1970-01-01 UTC; of use for the flaws about time.
//
// Signed by `authority` where there is one: who trusts it finds the flaw and nothing else, as long as the names fit.
// Without one, a copy of a self-signed certificate is self-signed, and any other is signed by an authority made up for
// it, which has the name of the original's issuer and is not sent. So is one whose signer's key cannot sign with the
// digest of the flaw (MD5 takes RSA, SHA-1 anything but Ed25519).
//
// One flaw does not give everything a client may object to: the digests of sha1 and md5 are those of the certificate's
// signature, not of the handshake. With key-mismatch the key signs wrongly (make_mismatched_key()), and with suites of
// RSA key exchange, where nothing is signed, it decrypts wrongly: then it is the server that refuses the Finished.
//
// Takes as long as the key it makes, or two or three: cache it. Throws std::runtime_error with OpenSSL's text.
Credential mint_like(const X509& original, CertificateFlaw flaw, std::int64_t now,
                     const Credential* authority = nullptr);

}  // namespace rdpfault::tls
