#include "protocol/tls/certificate.hpp"

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>

#include "protocol/tls/openssl.hpp"

namespace rdpfault::tls {

void OpensslDeleter::operator()(X509* x509) const {
    X509_free(x509);
}
void OpensslDeleter::operator()(EVP_PKEY* key) const {
    EVP_PKEY_free(key);
}

namespace {

using GeneralNames = std::unique_ptr<GENERAL_NAMES, Releaser<GENERAL_NAMES_free>>;

std::string iso8601(const ASN1_TIME* time) {
    std::tm utc{};
    if (!time || ASN1_TIME_to_tm(time, &utc) != 1) return {};
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

std::string text_of(const X509_NAME* name) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
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
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::vector<std::string> out;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i)
        if (auto text = text_of(sk_GENERAL_NAME_value(names.get(), i)); !text.empty()) out.push_back(std::move(text));
    return out;
}

}  // namespace

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

std::string to_pem(const X509& certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    if (!bio || PEM_write_bio_X509(bio.get(), &certificate) != 1) return {};
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

Bytes public_key_bytes(const X509& certificate) {
    const auto* bits = X509_get0_pubkey_bitstr(&certificate);
    if (!bits) return {};
    const auto* data = ASN1_STRING_get0_data(bits);
    return {data, data + ASN1_STRING_length(bits)};
}

}  // namespace rdpfault::tls
