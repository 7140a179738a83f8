// What the files of this room share about OpenSSL: owners of its objects, and its errors in words.
#pragma once

#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace rdpfault::tls {

template <auto release>
struct Releaser {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using SslContextPtr = std::unique_ptr<SSL_CTX, Releaser<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Releaser<SSL_free>>;
using BioPtr = std::unique_ptr<BIO, Releaser<BIO_free>>;
using CipherContextPtr = std::unique_ptr<EVP_CIPHER_CTX, Releaser<EVP_CIPHER_CTX_free>>;
using MacContextPtr = std::unique_ptr<EVP_MAC_CTX, Releaser<EVP_MAC_CTX_free>>;

// What is in this thread's error queue, which is empty afterwards; "unknown OpenSSL error" when nothing is.
std::string queued_errors();

// Throws std::runtime_error "WHAT: OpenSSL's words" when something was not done.
void require(bool done, const std::string& what);

}  // namespace rdpfault::tls
