// AlertDescription (RFC 8446 6), related: the status Schannel logs for it.
#include "protocol/catalogue/tables.hpp"

namespace rdpfault::catalogue {

namespace {

constexpr CodeInfo table[] = {
    {Family::tls_alert, 0, "close_notify", "orderly end of TLS", "S8"},
    {Family::tls_alert, 10, "unexpected_message", "a message that is not allowed here", "S8", 0x80090326},
    {Family::tls_alert, 20, "bad_record_mac", "a record failed its integrity check: what flipped bits provoke", "S8",
     0x8009030F},
    {Family::tls_alert, 21, "decryption_failed", "decryption failed (obsolete)", "S8", 0x80090330},
    {Family::tls_alert, 22, "record_overflow", "a record is too long", "S8", 0x80090326},
    {Family::tls_alert, 30, "decompression_failure", "decompression failed", "S8", 0x8009030F},
    {Family::tls_alert, 40, "handshake_failure", "no parameters both sides accept: cipher, group or version", "S8",
     0x80090326},
    {Family::tls_alert, 42, "bad_certificate", "the certificate is bad", "S8", 0x80090327},
    {Family::tls_alert, 43, "unsupported_certificate", "certificates of this type are not supported", "S8", 0x80090327},
    {Family::tls_alert, 44, "certificate_revoked", "the certificate was revoked", "S8", 0x80092010},
    {Family::tls_alert, 45, "certificate_expired", "the certificate has expired", "S8", 0x80090328},
    {Family::tls_alert, 46, "certificate_unknown", "the certificate is not acceptable for some other reason", "S8",
     0x80090327},
    {Family::tls_alert, 47, "illegal_parameter", "a field is out of range", "S8", 0x80090326},
    {Family::tls_alert, 48, "unknown_ca", "the issuer is not known", "S8", 0x80090325},
    {Family::tls_alert, 49, "access_denied", "the certificate is valid, access is refused all the same", "S8",
     0x8009030C},
    {Family::tls_alert, 50, "decode_error", "a message could not be decoded", "S8", 0x80090326},
    {Family::tls_alert, 51, "decrypt_error", "a cryptographic check of the handshake failed", "S8", 0x80090330},
    {Family::tls_alert, 60, "export_restriction", "export rules (obsolete)", "S8", 0x80090326},
    {Family::tls_alert, 70, "protocol_version", "the TLS version is not supported", "S8", 0x80090302},
    {Family::tls_alert, 71, "insufficient_security", "the ciphers offered are too weak", "S8", 0x80090331},
    {Family::tls_alert, 80, "internal_error", "internal failure that has nothing to do with the peer", "S8",
     0x80090304},
    {Family::tls_alert, 86, "inappropriate_fallback", "a fallback to a lower version was refused", "RFC8446"},
    {Family::tls_alert, 90, "user_canceled", "the user cancelled", "S8"},
    {Family::tls_alert, 100, "no_renegotiation", "renegotiation is refused", "S8"},
    {Family::tls_alert, 109, "missing_extension", "an extension that is needed is missing", "RFC8446"},
    {Family::tls_alert, 110, "unsupported_extension", "an extension nobody asked for", "S8"},
    {Family::tls_alert, 112, "unrecognized_name", "no server of that name here", "RFC8446"},
    {Family::tls_alert, 113, "bad_certificate_status_response", "the OCSP answer is bad", "RFC8446"},
    {Family::tls_alert, 115, "unknown_psk_identity", "the pre-shared key is not known", "RFC8446"},
    {Family::tls_alert, 116, "certificate_required", "a client certificate is required", "RFC8446"},
    {Family::tls_alert, 120, "no_application_protocol", "no application protocol in common", "RFC8446"},
};
static_assert(ascending(table));

}  // namespace

std::span<const CodeInfo> tls_alert_codes() {
    return table;
}

}  // namespace rdpfault::catalogue
