#include "protocol/tls/keys.hpp"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "protocol/tls/openssl.hpp"

namespace rdpfault::tls {

namespace {

using BuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, Releaser<OSSL_PARAM_BLD_free>>;
using ParametersPtr = std::unique_ptr<OSSL_PARAM, Releaser<OSSL_PARAM_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, Releaser<BN_clear_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, Releaser<EVP_PKEY_CTX_free>>;

constexpr int rsa_bits_default = 2048;

KeyType type_of(const EVP_PKEY& key) {
    if (EVP_PKEY_get_base_id(&key) == EVP_PKEY_ED25519) return KeyType::ed25519;
    if (EVP_PKEY_get_base_id(&key) != EVP_PKEY_EC) return KeyType::rsa;
    std::array<char, 64> group{};
    EVP_PKEY_get_group_name(&key, group.data(), group.size(), nullptr);
    const std::string_view name(group.data());
    if (name == "prime256v1") return KeyType::ec_p256;
    if (name == "secp384r1") return KeyType::ec_p384;
    return name == "secp521r1" ? KeyType::ec_p521 : KeyType::rsa;
}

NumberPtr number(const EVP_PKEY& key, const char* name) {
    BIGNUM* out = nullptr;
    require(EVP_PKEY_get_bn_param(&key, name, &out) == 1, name);
    return NumberPtr(out);
}

Bytes octets(const EVP_PKEY& key, const char* name) {
    std::size_t length = 0;
    require(EVP_PKEY_get_octet_string_param(&key, name, nullptr, 0, &length) == 1, name);
    Bytes out(length);
    require(EVP_PKEY_get_octet_string_param(&key, name, out.data(), out.size(), &length) == 1, name);
    return out;
}

// The parameters of the mixed key: public ones of `shown`, private ones of `used`. For RSA without the prime factors,
// which would give the modulus away.
ParametersPtr mixed(const EVP_PKEY& shown, const EVP_PKEY& used, KeyType type) {
    const BuilderPtr builder(OSSL_PARAM_BLD_new());
    std::vector<NumberPtr> numbers;
    std::vector<Bytes> strings;
    bool done = builder != nullptr;
    const auto add = [&](const EVP_PKEY& from, const char* name) {
        numbers.push_back(number(from, name));
        done = done && OSSL_PARAM_BLD_push_BN(builder.get(), name, numbers.back().get()) == 1;
    };
    const auto add_octets = [&](const EVP_PKEY& from, const char* name) {
        strings.push_back(octets(from, name));
        const auto& value = strings.back();
        done = done && OSSL_PARAM_BLD_push_octet_string(builder.get(), name, value.data(), value.size()) == 1;
    };
    if (type == KeyType::rsa) {
        add(shown, OSSL_PKEY_PARAM_RSA_N);
        add(shown, OSSL_PKEY_PARAM_RSA_E);
        add(used, OSSL_PKEY_PARAM_RSA_D);
    } else if (type == KeyType::ed25519) {
        add_octets(shown, OSSL_PKEY_PARAM_PUB_KEY);
        add_octets(used, OSSL_PKEY_PARAM_PRIV_KEY);
    } else {
        std::array<char, 64> group{};
        EVP_PKEY_get_group_name(&shown, group.data(), group.size(), nullptr);
        done = done && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0) == 1;
        add_octets(shown, OSSL_PKEY_PARAM_PUB_KEY);
        add(used, OSSL_PKEY_PARAM_PRIV_KEY);
    }
    ParametersPtr out(done ? OSSL_PARAM_BLD_to_param(builder.get()) : nullptr);
    require(out != nullptr, "mismatched key");
    return out;
}

}  // namespace

KeyPtr make_key(KeyType type, int rsa_bits) {
    KeyPtr key;
    switch (type) {
        case KeyType::rsa: key.reset(EVP_RSA_gen(static_cast<unsigned>(rsa_bits))); break;
        case KeyType::ec_p256: key.reset(EVP_EC_gen("P-256")); break;
        case KeyType::ec_p384: key.reset(EVP_EC_gen("P-384")); break;
        case KeyType::ec_p521: key.reset(EVP_EC_gen("P-521")); break;
        case KeyType::ed25519: key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); break;
    }
    require(key != nullptr, type == KeyType::rsa ? "RSA key" : "key");
    return key;
}

KeyPtr make_mismatched_key(const EVP_PKEY& shown) {
    const auto type = type_of(shown);
    const auto used = make_key(type, EVP_PKEY_get_bits(&shown));
    const auto parameters = mixed(shown, *used, type);
    const char* name = type == KeyType::rsa ? "RSA" : type == KeyType::ed25519 ? "ED25519" : "EC";
    const KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, name, nullptr));
    EVP_PKEY* made = nullptr;
    require(context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEYPAIR, parameters.get()) == 1,
            "mismatched key");
    return KeyPtr(made);
}

KeyKind key_kind_of(const X509& certificate) {
    const EVP_PKEY* key = X509_get0_pubkey(&certificate);
    if (!key) return {};
    const auto type = type_of(*key);
    if (type != KeyType::rsa) return {type, rsa_bits_default};
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return {};
    return {type, std::clamp(EVP_PKEY_get_bits(key), 1024, 4096)};
}

}  // namespace rdpfault::tls
