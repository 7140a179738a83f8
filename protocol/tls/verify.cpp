#include "protocol/tls/verify.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

#include "protocol/tls/mint.hpp"

namespace rdpfault::tls {

namespace {

constexpr int auth_level = 2;  // 112 bits of security: no RSA below 2048, no SHA-1

struct Free {
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
    void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }  // the certificates are the chain's
};

void require(bool done) {
    if (!done) throw std::runtime_error("certificate verification cannot be set up");
}

}  // namespace

Finding verify(const X509& certificate, const std::vector<X509Ptr>& chain, const Trust& trust) {
    const std::unique_ptr<X509_STORE, Free> store(X509_STORE_new());
    const std::unique_ptr<X509_STORE_CTX, Free> context(X509_STORE_CTX_new());
    const std::unique_ptr<STACK_OF(X509), Free> others(sk_X509_new_null());
    require(store && context && others && trust.authority &&
            X509_STORE_add_cert(store.get(), trust.authority.get()) == 1);
    for (const auto& each : chain)
        require(sk_X509_push(others.get(), each.get()) > 0);
    auto* subject = const_cast<X509*>(&certificate);  // NOLINT(*-const-cast): OpenSSL takes it so and leaves it alone
    require(X509_STORE_CTX_init(context.get(), store.get(), subject, others.get()) == 1);
    auto* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(trust.now));
    X509_VERIFY_PARAM_set_auth_level(parameters, auth_level);
    require(X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER) == 1);
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, trust.host.c_str()) != 1)
        require(X509_VERIFY_PARAM_set1_host(parameters, trust.host.c_str(), trust.host.size()) == 1);
    const bool fine = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    if (fine) return {};
    const int code = X509_STORE_CTX_get_error(context.get());
    return {code, X509_verify_cert_error_string(code)};
}

}  // namespace rdpfault::tls
