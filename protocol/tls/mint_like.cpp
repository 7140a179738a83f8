#include "protocol/tls/mint_like.hpp"

#include <openssl/asn1.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>

#include "protocol/tls/mint.hpp"

namespace rdpfault::tls {

namespace {

constexpr std::int64_t day = 24 * 60 * 60;
constexpr const char* another_name = "wrong.invalid";  // RFC 6761 6.4: nobody's

std::int64_t seconds(const ASN1_TIME* time) {
    std::tm utc{};
    // What is no time at all (the original is a stranger's) becomes 1970.
    return ASN1_TIME_to_tm(time, &utc) == 1 ? timegm(&utc) : 0;
}

CertificateSpec copy_of(const X509& original) {
    CertificateSpec spec;
    const auto kind = key_kind_of(original);
    spec.key_type = kind.type;
    spec.rsa_bits = kind.rsa_bits;
    spec.subject = X509_get_subject_name(&original);
    spec.names_of = &original;
    spec.not_before = seconds(X509_get0_notBefore(&original));
    spec.not_after = seconds(X509_get0_notAfter(&original));
    // Nothing is encrypted with the keys of elliptic curves.
    if (kind.type != KeyType::rsa) spec.key_usage = "critical,digitalSignature";
    return spec;
}

void shift(CertificateSpec& spec, std::int64_t not_before) {
    const auto length = std::max<std::int64_t>(spec.not_after - spec.not_before, day);
    spec.not_before = not_before;
    spec.not_after = not_before + length;
}

void apply(CertificateFlaw flaw, std::int64_t now, CertificateSpec& spec) {
    const auto length = std::max<std::int64_t>(spec.not_after - spec.not_before, day);
    switch (flaw) {
        case CertificateFlaw::expired: return shift(spec, now - day - length);
        case CertificateFlaw::not_yet_valid: return shift(spec, now + day);
        case CertificateFlaw::wrong_name:
            spec.subject = nullptr;
            spec.names_of = nullptr;
            spec.common_name = another_name;
            spec.dns_names = {another_name};
            spec.ip_addresses.clear();
            return;
        case CertificateFlaw::rsa_1024:
            spec.key_type = KeyType::rsa;
            spec.rsa_bits = 1024;
            return;
        case CertificateFlaw::sha1: spec.digest = Digest::sha1; return;
        case CertificateFlaw::md5: spec.digest = Digest::md5; return;
        case CertificateFlaw::ecdsa:
        case CertificateFlaw::ed25519:
            spec.key_type = flaw == CertificateFlaw::ecdsa ? KeyType::ec_p256 : KeyType::ed25519;
            spec.key_usage = "critical,digitalSignature";
            return;
        case CertificateFlaw::wrong_key_usage: spec.key_usage = "critical,keyCertSign,cRLSign"; return;
        case CertificateFlaw::wrong_extended_key_usage: spec.extended_key_usage = "clientAuth"; return;
        case CertificateFlaw::none:
        case CertificateFlaw::self_signed:
        case CertificateFlaw::unknown_ca:
        case CertificateFlaw::incomplete_chain:
        case CertificateFlaw::key_mismatch: return;
    }
}

// There is no ECDSA with MD5, and Ed25519 has one digest, its own.
bool can_sign(KeyType type, Digest digest) {
    if (type == KeyType::ed25519) return digest == Digest::sha256;
    return type == KeyType::rsa || digest != Digest::md5;
}

bool can_sign(const X509& signer, Digest digest) {
    return can_sign(key_kind_of(signer).type, digest);
}

// Authorities live longer than anything they sign, so that their validity is never what is wrong.
CertificateSpec authority_for(const X509& original, std::string name, std::int64_t now) {
    const auto first = std::min(now, seconds(X509_get0_notBefore(&original)));
    const auto last = std::max(now, seconds(X509_get0_notAfter(&original)));
    return authority_spec(std::move(name), first - day, last + 10 * day);
}

Credential mint_with_chain(const X509& original, CertificateFlaw flaw, std::int64_t now, const CertificateSpec& spec,
                           const Credential* authority) {
    const bool own = X509_NAME_cmp(X509_get_subject_name(&original), X509_get_issuer_name(&original)) == 0;
    if (flaw == CertificateFlaw::self_signed) return mint(spec);
    if (flaw == CertificateFlaw::unknown_ca) {
        const auto unknown = mint(authority_for(original, "Unknown authority", now));
        auto credential = mint(spec, &unknown);
        credential.chain.push_back(share(unknown.certificate));
        return credential;
    }
    if (flaw == CertificateFlaw::incomplete_chain) {
        const auto intermediate = mint(authority_for(original, "Intermediate authority", now), authority);
        return mint(spec, &intermediate);
    }
    if (authority && can_sign(*authority->certificate, spec.digest)) return mint(spec, authority);
    // A weak digest needs another's signature: nobody looks at the one that a certificate gives itself.
    if (own && !authority && can_sign(spec.key_type, spec.digest)) return mint(spec);
    auto made_up = authority_for(original, {}, now);
    made_up.subject = authority ? X509_get_subject_name(authority->certificate.get()) : X509_get_issuer_name(&original);
    const auto issuer = mint(made_up);
    return mint(spec, &issuer);
}

}  // namespace

Credential mint_like(const X509& original, CertificateFlaw flaw, std::int64_t now, const Credential* authority) {
    auto spec = copy_of(original);
    apply(flaw, now, spec);
    auto credential = mint_with_chain(original, flaw, now, spec, authority);
    if (flaw == CertificateFlaw::key_mismatch) credential.key = make_mismatched_key(*credential.key);
    return credential;
}

}  // namespace rdpfault::tls
