#include "protocol/tls/context.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cctype>

#include "protocol/tls/key_sink.hpp"
#include "protocol/tls/openssl.hpp"

namespace rdpfault::tls {

namespace {

// What level 2, Debian's default, asks of keys, digests and suites (SSL_CTX_set_security_level(3)).
constexpr int strong_bits = 112;

bool has_weak_digest(std::string algorithms) {
    std::ranges::transform(algorithms, algorithms.begin(), [](unsigned char c) { return std::tolower(c); });
    return algorithms.find("sha1") != std::string::npos || algorithms.find("md5") != std::string::npos;
}

bool is_weak(const X509* certificate) {
    const EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (!key || EVP_PKEY_get_security_bits(key) < strong_bits) return true;
    int bits = 0;
    return X509_get_signature_info(const_cast<X509*>(certificate), nullptr, nullptr, &bits, nullptr) == 1 &&
           bits < strong_bits;
}

bool is_weak(const Credential& credential) {
    return is_weak(credential.certificate.get()) ||
           std::ranges::any_of(credential.chain, [](const X509Ptr& one) { return is_weak(one.get()); });
}

// Of the suites that `ciphers` brought in: those without encryption, authentication or strength.
bool has_weak_cipher(const SSL_CTX* context) {
    const auto* ciphers = SSL_CTX_get_ciphers(context);
    for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i) {
        const auto* cipher = sk_SSL_CIPHER_value(ciphers, i);
        const bool anonymous = SSL_CIPHER_get_auth_nid(cipher) == NID_auth_null;
        if (anonymous || SSL_CIPHER_get_bits(cipher, nullptr) < strong_bits) return true;
    }
    return false;
}

bool asks_for_weakness(const SSL_CTX* context, const ContextConfig& config) {
    // TLS 1.0 and 1.1 sign with MD5 and SHA-1, which OpenSSL 3 allows at level 0 only.
    if (config.min < Version::tls1_2 || has_weak_digest(config.signature_algorithms)) return true;
    if (config.credential && is_weak(*config.credential)) return true;
    return !config.ciphers.empty() && has_weak_cipher(context);
}

void set_algorithms(SSL_CTX* context, const ContextConfig& config) {
    if (!config.ciphers.empty())
        require(SSL_CTX_set_cipher_list(context, config.ciphers.c_str()) == 1, "ciphers '" + config.ciphers + "'");
    if (!config.ciphersuites.empty())
        require(SSL_CTX_set_ciphersuites(context, config.ciphersuites.c_str()) == 1,
                "ciphersuites '" + config.ciphersuites + "'");
    if (!config.groups.empty())
        require(SSL_CTX_set1_groups_list(context, config.groups.c_str()) == 1, "groups '" + config.groups + "'");
    if (!config.signature_algorithms.empty())
        require(SSL_CTX_set1_sigalgs_list(context, config.signature_algorithms.c_str()) == 1,
                "signature algorithms '" + config.signature_algorithms + "'");
}

void set_security_level(SSL_CTX* context, const ContextConfig& config) {
    if (config.security_level)
        SSL_CTX_set_security_level(context, *config.security_level);
    else if (config.ciphers.find("@SECLEVEL") == std::string::npos && asks_for_weakness(context, config))
        SSL_CTX_set_security_level(context, 0);
}

void set_credential(SSL_CTX* context, const Credential& credential) {
    require(SSL_CTX_use_certificate(context, credential.certificate.get()) == 1 &&
                SSL_CTX_use_PrivateKey(context, credential.key.get()) == 1,
            "credential");
    for (const auto& certificate : credential.chain)
        require(SSL_CTX_add1_chain_cert(context, certificate.get()) == 1, "certificate chain");
}

void configure(SSL_CTX* context, const ContextConfig& config) {
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_LEGACY_SERVER_CONNECT);
    SSL_CTX_set_options(context,
                        config.allow_renegotiation ? SSL_OP_ALLOW_CLIENT_RENEGOTIATION : SSL_OP_NO_RENEGOTIATION);
    if (!config.encrypt_then_mac) SSL_CTX_set_options(context, SSL_OP_NO_ENCRYPT_THEN_MAC);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    // What is sent of a chain is what the credential says, nothing that OpenSSL finds somewhere.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    require(config.min <= config.max && SSL_CTX_set_min_proto_version(context, static_cast<int>(config.min)) == 1 &&
                SSL_CTX_set_max_proto_version(context, static_cast<int>(config.max)) == 1,
            "TLS versions");
    set_algorithms(context, config);
    set_security_level(context, config);
    if (config.role == Role::client) return;
    if (!config.credential) throw std::runtime_error("a TLS server needs a credential");
    SSL_CTX_set_dh_auto(context, 1);  // without it there is no DHE suite
    set_credential(context, *config.credential);
}

// Set once for all connections: what a line belongs to is found through the connection.
void on_key(const SSL* ssl, const char* line) {
    static_cast<KeySink*>(SSL_get_app_data(ssl))->on_key(line);
}

}  // namespace

Context::Context(ContextConfig config) : config_(std::move(config)) {
    ERR_clear_error();
    SslContextPtr made(SSL_CTX_new(TLS_method()));
    require(made != nullptr, "TLS context");
    configure(made.get(), config_);
    SSL_CTX_set_keylog_callback(made.get(), on_key);
    native_ = made.release();
}

Context::~Context() {
    SSL_CTX_free(native_);
}

int Context::security_level() const {
    return SSL_CTX_get_security_level(native_);
}

}  // namespace rdpfault::tls
