// What can be wrong with a server's certificate on purpose.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rdpfault::tls {

enum class CertificateFlaw : std::uint8_t {
    none,
    expired,
    not_yet_valid,
    wrong_name,
    self_signed,
    unknown_ca,
    incomplete_chain,
    rsa_1024,
    sha1,
    md5,
    ecdsa,
    ed25519,
    wrong_key_usage,
    wrong_extended_key_usage,
    key_mismatch,
};

struct CertificateFlawEntry {
    CertificateFlaw flaw{};
    std::string_view name;  // as scenarios spell it
    std::string_view summary;
};

// In the order of the enumeration.
inline constexpr std::array certificate_flaws{
    CertificateFlawEntry{CertificateFlaw::none, "none", "nothing is wrong but that another key is in it"},
    CertificateFlawEntry{CertificateFlaw::expired, "expired", "was valid until yesterday"},
    CertificateFlawEntry{CertificateFlaw::not_yet_valid, "not-yet-valid", "will be valid from tomorrow on"},
    CertificateFlawEntry{CertificateFlaw::wrong_name, "wrong-name",
                         "is for wrong.invalid, by subject and by alternative name"},
    CertificateFlawEntry{CertificateFlaw::self_signed, "self-signed", "is signed with its own key"},
    CertificateFlawEntry{CertificateFlaw::unknown_ca, "unknown-ca",
                         "is signed by an authority that nobody knows and that is sent along"},
    CertificateFlawEntry{CertificateFlaw::incomplete_chain, "incomplete-chain",
                         "is signed by an intermediate authority that is not sent"},
    CertificateFlawEntry{CertificateFlaw::rsa_1024, "rsa-1024", "has an RSA key of 1024 bits"},
    CertificateFlawEntry{CertificateFlaw::sha1, "sha1", "is signed with SHA-1"},
    CertificateFlawEntry{CertificateFlaw::md5, "md5", "is signed with MD5"},
    CertificateFlawEntry{CertificateFlaw::ecdsa, "ecdsa", "has an ECDSA key on P-256, which takes suites of its own"},
    CertificateFlawEntry{CertificateFlaw::ed25519, "ed25519", "has an Ed25519 key, which many clients cannot use"},
    CertificateFlawEntry{CertificateFlaw::wrong_key_usage, "wrong-key-usage", "may sign certificates, not handshakes"},
    CertificateFlawEntry{CertificateFlaw::wrong_extended_key_usage, "wrong-extended-key-usage",
                         "is for clients, not servers"},
    CertificateFlawEntry{CertificateFlaw::key_mismatch, "key-mismatch",
                         "the handshake is signed with another key than the certificate's"},
};

std::string_view to_string(CertificateFlaw flaw);  // "wrong-name"
std::optional<CertificateFlaw> certificate_flaw_from_string(std::string_view name);

}  // namespace rdpfault::tls
