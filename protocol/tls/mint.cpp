#include "protocol/tls/mint.hpp"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>

#include "protocol/tls/openssl.hpp"

namespace rdpfault::tls {

namespace {

using NumberPtr = std::unique_ptr<BIGNUM, Releaser<BN_free>>;
using GeneralNames = std::unique_ptr<GENERAL_NAMES, Releaser<GENERAL_NAMES_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Releaser<X509_EXTENSION_free>>;

void set_serial(X509* x509) {
    std::array<std::uint8_t, 16> serial{};
    require(RAND_bytes(serial.data(), static_cast<int>(serial.size())) == 1, "random serial number");
    // Top bits 01: never negative and never shortened, so DER always takes 16 bytes for it.
    serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3F) | 0x40);
    const NumberPtr number(BN_bin2bn(serial.data(), serial.size(), nullptr));
    require(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509)), "serial number");
}

void set_subject(X509* x509, const CertificateSpec& spec) {
    if (spec.subject) return require(X509_set_subject_name(x509, spec.subject) == 1, "subject");
    require(X509_NAME_add_entry_by_NID(X509_get_subject_name(x509), NID_commonName, MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(spec.common_name.data()),
                                       static_cast<int>(spec.common_name.size()), -1, 0) == 1,
            "common name");
}

void push(GENERAL_NAMES* names, int type, ASN1_STRING* value) {
    require(value != nullptr, "subject alternative name");
    auto* name = GENERAL_NAME_new();
    require(name != nullptr, "subject alternative name");
    GENERAL_NAME_set0_value(name, type, value);
    require(sk_GENERAL_NAME_push(names, name) > 0, "subject alternative name");
}

void copy_alternative_names(X509* x509, const X509& from) {
    const int at = X509_get_ext_by_NID(&from, NID_subject_alt_name, -1);
    if (at < 0) return;
    require(X509_add_ext(x509, X509_get_ext(&from, at), -1) == 1, "subject alternative names");
}

void set_alternative_names(X509* x509, const CertificateSpec& spec) {
    if (spec.names_of) return copy_alternative_names(x509, *spec.names_of);
    const GeneralNames names(sk_GENERAL_NAME_new_null());
    for (const auto& dns : spec.dns_names) {
        auto* value = ASN1_IA5STRING_new();
        require(value && ASN1_STRING_set(value, dns.data(), static_cast<int>(dns.size())) == 1, "DNS name");
        push(names.get(), GEN_DNS, value);
    }
    for (const auto& address : spec.ip_addresses)
        push(names.get(), GEN_IPADD, a2i_IPADDRESS(address.c_str()));
    if (sk_GENERAL_NAME_num(names.get()) == 0) return;
    require(X509_add1_ext_i2d(x509, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1,
            "subject alternative names");
}

void add_extension(X509* x509, int nid, const std::string& value) {
    if (value.empty()) return;
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
    require(extension && X509_add_ext(x509, extension.get(), -1) == 1, "certificate extension '" + value + "'");
}

const EVP_MD* digest_of(Digest digest, const EVP_PKEY& signer) {
    if (EVP_PKEY_get_base_id(&signer) == EVP_PKEY_ED25519) return nullptr;
    if (digest == Digest::sha1) return EVP_sha1();
    return digest == Digest::md5 ? EVP_md5() : EVP_sha256();
}

// An ECDSA signature is two numbers of DER, each a byte shorter now and then: sign until both are as long as they can
// be, which takes four attempts on average.
void sign(X509* x509, EVP_PKEY* key, Digest digest) {
    const bool varies = EVP_PKEY_get_base_id(key) == EVP_PKEY_EC;
    const ASN1_BIT_STRING* signature = nullptr;
    do {
        require(X509_sign(x509, key, digest_of(digest, *key)) > 0, "signature");
        X509_get0_signature(&signature, nullptr, x509);
    } while (varies && ASN1_STRING_length(signature) != EVP_PKEY_get_size(key));
}

}  // namespace

Credential mint(const CertificateSpec& spec, const Credential* issuer) {
    ERR_clear_error();
    Credential credential;
    credential.key = make_key(spec.key_type, spec.rsa_bits);
    credential.certificate.reset(X509_new());
    auto* x509 = credential.certificate.get();
    require(x509 && X509_set_version(x509, X509_VERSION_3) == 1, "certificate");
    set_serial(x509);
    set_subject(x509, spec);
    const X509* signer = issuer ? issuer->certificate.get() : x509;
    require(X509_set_issuer_name(x509, X509_get_subject_name(signer)) == 1, "issuer name");
    require(ASN1_TIME_set(X509_getm_notBefore(x509), spec.not_before) != nullptr, "not_before");
    require(ASN1_TIME_set(X509_getm_notAfter(x509), spec.not_after) != nullptr, "not_after");
    require(X509_set_pubkey(x509, credential.key.get()) == 1, "public key");
    set_alternative_names(x509, spec);
    add_extension(x509, NID_basic_constraints, spec.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    add_extension(x509, NID_key_usage, spec.key_usage);
    add_extension(x509, NID_ext_key_usage, spec.extended_key_usage);
    sign(x509, issuer ? issuer->key.get() : credential.key.get(), spec.digest);
    return credential;
}

CertificateSpec authority_spec(std::string common_name, std::int64_t not_before, std::int64_t not_after) {
    CertificateSpec spec;
    spec.common_name = std::move(common_name);
    spec.dns_names.clear();
    spec.ip_addresses.clear();
    spec.not_before = not_before;
    spec.not_after = not_after;
    spec.key_usage = "critical,keyCertSign,cRLSign";
    spec.extended_key_usage.clear();
    spec.authority = true;
    return spec;
}

X509Ptr share(const X509Ptr& certificate) {
    if (certificate) X509_up_ref(certificate.get());
    return X509Ptr(certificate.get());
}

KeyPtr share(const KeyPtr& key) {
    if (key) EVP_PKEY_up_ref(key.get());
    return KeyPtr(key.get());
}

}  // namespace rdpfault::tls
