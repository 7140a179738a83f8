#include "protocol/tls/certificate.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <stdexcept>

namespace rdpfault::tls {

void OpensslDeleter::operator()(X509* x509) const {
    X509_free(x509);
}
void OpensslDeleter::operator()(EVP_PKEY* key) const {
    EVP_PKEY_free(key);
}

namespace {

void require(bool done, const char* what) {
    if (done) return;
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    throw std::runtime_error(std::string(what) + ": " + (reason ? reason : "unknown OpenSSL error"));
}

void set_serial(X509* x509) {
    std::array<std::uint8_t, 16> serial{};
    require(RAND_bytes(serial.data(), static_cast<int>(serial.size())) == 1, "random serial number");
    // Top bits 01: never negative and never shortened, so DER always takes 16 bytes for it.
    serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3F) | 0x40);
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(BN_bin2bn(serial.data(), serial.size(), nullptr), BN_free);
    require(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509)), "serial number");
}

void set_name(X509* x509, const std::string& common_name) {
    auto* name = X509_get_subject_name(x509);
    require(X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(common_name.data()),
                                       static_cast<int>(common_name.size()), -1, 0) == 1,
            "common name");
    require(X509_set_issuer_name(x509, name) == 1, "issuer name");
}

using GeneralNames = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;

void push(GENERAL_NAMES* names, int type, ASN1_STRING* value) {
    require(value != nullptr, "subject alternative name");
    auto* name = GENERAL_NAME_new();
    require(name != nullptr, "subject alternative name");
    GENERAL_NAME_set0_value(name, type, value);
    require(sk_GENERAL_NAME_push(names, name) > 0, "subject alternative name");
}

void set_alternative_names(X509* x509, const CertificateSpec& spec) {
    const GeneralNames names(sk_GENERAL_NAME_new_null(), GENERAL_NAMES_free);
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

void add_extension(X509* x509, int nid, const char* value) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, nid, value), X509_EXTENSION_free);
    require(extension && X509_add_ext(x509, extension.get(), -1) == 1, "certificate extension");
}

std::string iso8601(const ASN1_TIME* time) {
    std::tm utc{};
    if (!time || ASN1_TIME_to_tm(time, &utc) != 1) return {};
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

std::string text_of(const X509_NAME* name) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
    char* text = nullptr;
    const auto length = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

std::string key_type_of(const X509& certificate) {
    const EVP_PKEY* key = X509_get0_pubkey(&certificate);
    if (!key) return "unknown";
    const int type = EVP_PKEY_get_base_id(key);
    if (type == EVP_PKEY_RSA) return "RSA " + std::to_string(EVP_PKEY_get_bits(key));
    if (type == EVP_PKEY_EC) {
        std::array<char, 64> group{};
        EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr);
        return std::string("EC ") + group.data();
    }
    return OBJ_nid2sn(type);
}

std::string text_of(const GENERAL_NAME* name) {
    int type = 0;
    const auto* value = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(name, &type));
    if (type == GEN_DNS)
        return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                static_cast<std::size_t>(ASN1_STRING_length(value))};
    const int family = ASN1_STRING_length(value) == 4 ? AF_INET : AF_INET6;
    if (type != GEN_IPADD || ASN1_STRING_length(value) != (family == AF_INET ? 4 : 16)) return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(family, ASN1_STRING_get0_data(value), text.data(), text.size());
    return text.data();
}

std::vector<std::string> alternative_names(const X509& certificate) {
    const GeneralNames names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)),
        GENERAL_NAMES_free);
    std::vector<std::string> out;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i)
        if (auto text = text_of(sk_GENERAL_NAME_value(names.get(), i)); !text.empty()) out.push_back(std::move(text));
    return out;
}

}  // namespace

Credential mint(const CertificateSpec& spec) {
    Credential credential;
    credential.key.reset(EVP_RSA_gen(static_cast<unsigned>(spec.rsa_bits)));
    require(credential.key != nullptr, "RSA key");
    credential.certificate.reset(X509_new());
    auto* x509 = credential.certificate.get();
    require(x509 && X509_set_version(x509, X509_VERSION_3) == 1, "certificate");
    set_serial(x509);
    set_name(x509, spec.common_name);
    require(ASN1_TIME_set(X509_getm_notBefore(x509), spec.not_before) != nullptr, "not_before");
    require(ASN1_TIME_set(X509_getm_notAfter(x509), spec.not_after) != nullptr, "not_after");
    require(X509_set_pubkey(x509, credential.key.get()) == 1, "public key");
    set_alternative_names(x509, spec);
    add_extension(x509, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(x509, NID_key_usage, "critical,digitalSignature,keyEncipherment");
    add_extension(x509, NID_ext_key_usage, "serverAuth");
    require(X509_sign(x509, credential.key.get(), EVP_sha256()) > 0, "signature");
    return credential;
}

CertificateFacts facts(const X509& certificate) {
    CertificateFacts out;
    out.subject = text_of(X509_get_subject_name(&certificate));
    out.issuer = text_of(X509_get_issuer_name(&certificate));
    out.not_before = iso8601(X509_get0_notBefore(&certificate));
    out.not_after = iso8601(X509_get0_notAfter(&certificate));
    out.key_type = key_type_of(certificate);
    out.signature_algorithm = OBJ_nid2ln(X509_get_signature_nid(&certificate));
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (X509_digest(&certificate, EVP_sha256(), digest.data(), &length) == 1)
        out.sha256 = to_hex(ByteView(digest.data(), length));
    out.names = alternative_names(certificate);
    return out;
}

Bytes subject_public_key(const X509& certificate) {
    const auto* key = X509_get0_pubkey_bitstr(&certificate);
    if (!key) return {};
    const auto* data = ASN1_STRING_get0_data(key);
    return {data, data + ASN1_STRING_length(key)};
}

}  // namespace rdpfault::tls
