#include "protocol/tls/key_schedule.hpp"

#include <openssl/core_names.h>
#include <openssl/kdf.h>

#include <array>

#include "protocol/tls/openssl.hpp"

namespace rdpfault::tls {

namespace {

using KdfPtr = std::unique_ptr<EVP_KDF, Releaser<EVP_KDF_free>>;
using KdfContextPtr = std::unique_ptr<EVP_KDF_CTX, Releaser<EVP_KDF_CTX_free>>;

OSSL_PARAM octets(const char* name, ByteView bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(bytes.data()), bytes.size());
}
OSSL_PARAM text(const char* name, const char* value) {
    return OSSL_PARAM_construct_utf8_string(name, const_cast<char*>(value), 0);
}

Bytes derive(const char* function, const OSSL_PARAM* parameters, std::size_t length) {
    const KdfPtr kdf(EVP_KDF_fetch(nullptr, function, nullptr));
    const KdfContextPtr context(EVP_KDF_CTX_new(kdf.get()));
    Bytes out(length);
    require(context && EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) == 1, function);
    return out;
}

// HKDF-Expand-Label with an empty context (RFC 8446 7.1).
Bytes expand_label(const EVP_MD* digest, ByteView secret, std::string_view label, std::size_t length) {
    const auto full = "tls13 " + std::string(label);
    Bytes info{static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length),
               static_cast<std::uint8_t>(full.size())};
    append(info, to_bytes(full));
    info.push_back(0);
    int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
    const std::array parameters{
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode), text(OSSL_KDF_PARAM_DIGEST, EVP_MD_get0_name(digest)),
        octets(OSSL_KDF_PARAM_KEY, secret), octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
    return derive("HKDF", parameters.data(), length);
}

Bytes key_block(const EVP_MD* digest, const Secrets& secrets, std::size_t length) {
    auto seed = to_bytes("key expansion");
    append(seed, secrets.server_random);
    append(seed, secrets.client_random);
    const char* name = secrets.version >= Version::tls1_2 ? EVP_MD_get0_name(digest) : "MD5-SHA1";
    const std::array parameters{text(OSSL_KDF_PARAM_DIGEST, name), octets(OSSL_KDF_PARAM_SECRET, secrets.master_secret),
                                octets(OSSL_KDF_PARAM_SEED, seed), OSSL_PARAM_construct_end()};
    return derive("TLS1-PRF", parameters.data(), length);
}

const SSL_CIPHER* find_suite(std::uint16_t suite) {
    // OpenSSL looks a number up by way of a connection, of which it uses the method alone.
    static const SslContextPtr context(SSL_CTX_new(TLS_method()));
    static const SslPtr ssl(SSL_new(context.get()));
    const std::array<unsigned char, 2> number{static_cast<unsigned char>(suite >> 8),
                                              static_cast<unsigned char>(suite)};
    return ssl ? SSL_CIPHER_find(ssl.get(), number.data()) : nullptr;
}

std::size_t key_length(const RecordCipher& cipher) {
    return cipher.cipher ? static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher.cipher)) : 0;
}

TrafficKeys keys_of_secret(const RecordCipher& cipher, ByteView secret, std::uint32_t key_updates) {
    Bytes current(secret.begin(), secret.end());
    for (std::uint32_t i = 0; i < key_updates; ++i)
        current = expand_label(cipher.prf, current, "traffic upd", current.size());
    return {
        {}, expand_label(cipher.prf, current, "key", key_length(cipher)), expand_label(cipher.prf, current, "iv", 12)};
}

TrafficKeys keys_of_master(const RecordCipher& cipher, const Secrets& secrets, Side sender) {
    const std::size_t mac = cipher.mac ? static_cast<std::size_t>(EVP_MD_get_size(cipher.mac)) : 0;
    const std::size_t key = key_length(cipher);
    std::size_t iv = cipher.gcm ? 4 : 12;
    if (cipher.mac) iv = cipher.cipher ? static_cast<std::size_t>(EVP_CIPHER_get_iv_length(cipher.cipher)) : 0;
    const auto block = key_block(cipher.prf, secrets, 2 * (mac + key + iv));
    // The block holds MAC keys, keys and IVs, of each first the client's, then the server's.
    auto at = block.begin();
    const auto cut = [&](std::size_t length) {
        const auto first = at + static_cast<std::ptrdiff_t>(sender == Side::server ? length : 0);
        at += static_cast<std::ptrdiff_t>(2 * length);
        return Bytes(first, first + static_cast<std::ptrdiff_t>(length));
    };
    TrafficKeys out;
    out.mac_key = cut(mac);
    out.key = cut(key);
    out.iv = cut(iv);
    return out;
}

const Bytes& traffic_secret(const Secrets& secrets, Side sender, Epoch epoch) {
    if (epoch == Epoch::handshake)
        return sender == Side::client ? secrets.client_handshake_traffic : secrets.server_handshake_traffic;
    return sender == Side::client ? secrets.client_application_traffic : secrets.server_application_traffic;
}

}  // namespace

boost::system::result<RecordCipher, std::string> record_cipher(std::uint16_t suite) {
    const auto* known = find_suite(suite);
    if (!known) return "cipher suite " + std::to_string(suite) + " is not known";
    RecordCipher out;
    out.prf = SSL_CIPHER_get_handshake_digest(known);
    const int cipher = SSL_CIPHER_get_cipher_nid(known);
    if (cipher != NID_undef) out.cipher = EVP_get_cipherbynid(cipher);
    if (!SSL_CIPHER_is_aead(known)) out.mac = EVP_get_digestbynid(SSL_CIPHER_get_digest_nid(known));
    const auto mode = out.cipher ? EVP_CIPHER_get_mode(out.cipher) : EVP_CIPH_STREAM_CIPHER;
    out.gcm = mode == EVP_CIPH_GCM_MODE;
    out.chacha = cipher == NID_chacha20_poly1305;
    const bool understood = cipher == NID_undef || out.gcm || out.chacha || mode == EVP_CIPH_CBC_MODE;
    // OpenSSL's name for "the default one of the version" is no digest at all: TLS 1.2 then takes SHA-256.
    if (!out.prf || EVP_MD_get_type(out.prf) == NID_md5_sha1) out.prf = EVP_sha256();
    if (!understood || (!out.mac && !out.gcm && !out.chacha))
        return std::string("records of ") + SSL_CIPHER_get_name(known) + " cannot be made here";
    return out;
}

boost::system::result<TrafficKeys, std::string> traffic_keys(const RecordCipher& cipher, const Secrets& secrets,
                                                             Side sender, Epoch epoch, std::uint32_t key_updates) {
    if (secrets.version != Version::tls1_3) {
        if (secrets.master_secret.empty() || secrets.client_random.empty() || secrets.server_random.empty())
            return std::string("the master secret or a random is not known");
        return keys_of_master(cipher, secrets, sender);
    }
    const auto& secret = traffic_secret(secrets, sender, epoch);
    if (secret.empty()) return std::string("the traffic secret is not known");
    if (cipher.mac) return std::string("the suite is not one of TLS 1.3");
    // A key log is somebody's file: a secret of another length would not be one of this suite.
    if (secret.size() != static_cast<std::size_t>(EVP_MD_get_size(cipher.prf)))
        return std::string("the traffic secret is not of this suite");
    return keys_of_secret(cipher, secret, key_updates);
}

MacContextPtr make_hmac(const EVP_MD* digest, const Bytes& key) {
    using MacPtr = std::unique_ptr<EVP_MAC, Releaser<EVP_MAC_free>>;
    const MacPtr hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    MacContextPtr context(EVP_MAC_CTX_new(hmac.get()));
    const std::array parameters{text(OSSL_MAC_PARAM_DIGEST, EVP_MD_get0_name(digest)), OSSL_PARAM_construct_end()};
    require(context && EVP_MAC_init(context.get(), key.data(), key.size(), parameters.data()) == 1, "HMAC");
    return context;
}

}  // namespace rdpfault::tls
