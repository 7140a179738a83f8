#include "protocol/tls/load_credential.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "protocol/tls/openssl.hpp"

namespace rdpfault::tls {

namespace {

BioPtr reader(std::string_view text) {
    return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Takes the place of OpenSSL's own, which asks for a passphrase at the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

}  // namespace

boost::system::result<Credential, std::string> load_credential(std::string_view certificates, std::string_view key) {
    constexpr std::size_t most = 1U << 20;
    if (certificates.size() > most || key.size() > most) return std::string("the certificate or key is above 1 MiB");
    ERR_clear_error();
    Credential out;
    bool asked = false;
    const auto chain = reader(certificates);
    while (X509* one = PEM_read_bio_X509(chain.get(), nullptr, no_passphrase, &asked)) {
        X509Ptr certificate(one);
        if (!out.certificate)
            out.certificate = std::move(certificate);
        else
            out.chain.push_back(std::move(certificate));
    }
    // The end of the text is an error to OpenSSL, and the only one allowed.
    const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (!ended) return "certificate: " + queued_errors();
    ERR_clear_error();
    if (!out.certificate) return std::string("certificate: no '-----BEGIN CERTIFICATE-----' in it");

    out.key.reset(PEM_read_bio_PrivateKey(reader(key).get(), nullptr, no_passphrase, &asked));
    if (!out.key) {
        if (asked) return std::string("key: it is encrypted with a passphrase; decrypt it first");
        if (key.find("PRIVATE KEY-----") == std::string_view::npos)
            return std::string("key: no '-----BEGIN PRIVATE KEY-----' in it");
        return "key: " + queued_errors();
    }
    if (X509_check_private_key(out.certificate.get(), out.key.get()) != 1) {
        ERR_clear_error();
        return std::string("the key is not that of the certificate");
    }
    return out;
}

}  // namespace rdpfault::tls
