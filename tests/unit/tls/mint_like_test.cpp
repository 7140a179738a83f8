#include "protocol/tls/mint_like.hpp"

#include <gmock/gmock.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <set>

#include "protocol/tls/load_credential.hpp"
#include "protocol/tls/openssl.hpp"
#include "tests/unit/tls/pair.hpp"

namespace rdpfault::tls::test {
namespace {

using Flaw = CertificateFlaw;

constexpr std::int64_t day = 86'400;

const Credential& authority() {
    static const Credential minted = mint(authority_spec("Lab authority", noon - 100 * day, noon + 100 * day));
    return minted;
}

const Credential& original() {
    static const Credential minted = [] {
        CertificateSpec spec;
        spec.common_name = "server.example";
        spec.dns_names = {"server.example", "other.example"};
        spec.not_before = noon - 10 * day;
        spec.not_after = noon + 10 * day;
        spec.key_type = KeyType::ec_p256;  // is made in no time
        return mint(spec, &authority());
    }();
    return minted;
}

struct StackDeleter {
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};

// What a client finds that trusts the authority, calls the server server.example and asks for `level`.
int verify(const Credential& credential, int level = 0, const X509* trusted = authority().certificate.get()) {
    const std::unique_ptr<X509_STORE, Releaser<X509_STORE_free>> store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), const_cast<X509*>(trusted));
    const std::unique_ptr<STACK_OF(X509), StackDeleter> sent(sk_X509_new_null());
    for (const auto& one : credential.chain)
        sk_X509_push(sent.get(), one.get());
    const std::unique_ptr<X509_STORE_CTX, Releaser<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), credential.certificate.get(), sent.get());
    X509_STORE_CTX_set_default(context.get(), "ssl_server");
    auto* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, noon);
    X509_VERIFY_PARAM_set_auth_level(parameters, level);
    X509_VERIFY_PARAM_set1_host(parameters, "server.example", 0);
    X509_verify_cert(context.get());
    return X509_STORE_CTX_get_error(context.get());
}

struct Finding {
    Flaw flaw;
    int level;
    int error;
};

class FoundByAVerifier : public testing::TestWithParam<Finding> {};

TEST_P(FoundByAVerifier, WithItsOwnError) {
    const auto& [flaw, level, error] = GetParam();
    EXPECT_EQ(
        X509_verify_cert_error_string(verify(mint_like(*original().certificate, flaw, noon, &authority()), level)),
        std::string(X509_verify_cert_error_string(error)));
}

INSTANTIATE_TEST_SUITE_P(
    Flaws, FoundByAVerifier,
    testing::Values(Finding{Flaw::none, 2, X509_V_OK}, Finding{Flaw::expired, 2, X509_V_ERR_CERT_HAS_EXPIRED},
                    Finding{Flaw::not_yet_valid, 2, X509_V_ERR_CERT_NOT_YET_VALID},
                    Finding{Flaw::wrong_name, 2, X509_V_ERR_HOSTNAME_MISMATCH},
                    Finding{Flaw::self_signed, 2, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
                    Finding{Flaw::unknown_ca, 2, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN},
                    Finding{Flaw::incomplete_chain, 2, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
                    Finding{Flaw::rsa_1024, 2, X509_V_ERR_EE_KEY_TOO_SMALL}, Finding{Flaw::rsa_1024, 0, X509_V_OK},
                    Finding{Flaw::sha1, 2, X509_V_ERR_CA_MD_TOO_WEAK}, Finding{Flaw::sha1, 0, X509_V_OK},
                    Finding{Flaw::md5, 1, X509_V_ERR_CA_MD_TOO_WEAK}, Finding{Flaw::md5, 0, X509_V_OK},
                    Finding{Flaw::ecdsa, 2, X509_V_OK}, Finding{Flaw::ed25519, 2, X509_V_OK},
                    Finding{Flaw::wrong_key_usage, 2, X509_V_ERR_INVALID_PURPOSE},
                    Finding{Flaw::wrong_extended_key_usage, 2, X509_V_ERR_INVALID_PURPOSE},
                    Finding{Flaw::key_mismatch, 2, X509_V_OK}),
    [](const auto& param) {
        std::string name(to_string(param.param.flaw));
        std::erase(name, '-');
        return name + "AtLevel" + std::to_string(param.param.level);
    });

TEST(MintLike, LooksLikeTheOriginal) {
    const auto copy = mint_like(*original().certificate, Flaw::none, noon, &authority());
    auto expected = facts(*original().certificate);
    const auto said = facts(*copy.certificate);
    EXPECT_EQ(said.subject, expected.subject);
    EXPECT_EQ(said.issuer, expected.issuer);
    EXPECT_EQ(said.names, expected.names);
    EXPECT_EQ(said.not_before, expected.not_before);
    EXPECT_EQ(said.not_after, expected.not_after);
    EXPECT_EQ(said.key_type, expected.key_type);
    EXPECT_NE(said.sha256, expected.sha256);
    EXPECT_NE(public_key_bytes(*copy.certificate), public_key_bytes(*original().certificate));
}

TEST(MintLike, KeepsTheKindOfKey) {
    for (const auto type : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521, KeyType::ed25519}) {
        const auto copy = mint_like(*credential(type)->certificate, Flaw::none, noon);
        EXPECT_EQ(facts(*copy.certificate).key_type, facts(*credential(type)->certificate).key_type);
        EXPECT_EQ(facts(*copy.certificate).issuer, "CN=localhost");
        EXPECT_EQ(X509_verify(copy.certificate.get(), copy.key.get()), 1) << "self-signed, as the original";
    }
}

TEST(MintLike, WithoutAuthorityTheIssuersNameStays) {
    const auto copy = mint_like(*original().certificate, Flaw::none, noon);
    EXPECT_EQ(facts(*copy.certificate).issuer, "CN=Lab authority");
    EXPECT_NE(verify(copy), X509_V_OK);
}

TEST(MintLike, WeakDigestsShowInTheSignature) {
    const auto& like = *credential(KeyType::ed25519)->certificate;
    EXPECT_EQ(facts(*mint_like(like, Flaw::sha1, noon).certificate).signature_algorithm, "sha1WithRSAEncryption");
    EXPECT_EQ(facts(*mint_like(*credential()->certificate, Flaw::md5, noon).certificate).signature_algorithm,
              "md5WithRSAEncryption");
}

TEST(MintLike, EveryFlawAlwaysEncodesToTheSameLength) {
    const auto& like = *credential(KeyType::ec_p256)->certificate;
    for (const auto& entry : certificate_flaws) {
        if (entry.flaw == Flaw::incomplete_chain || entry.flaw == Flaw::unknown_ca) continue;  // as slow as alike
        std::set<int> lengths;
        for (int i = 0; i < 8; ++i)
            lengths.insert(i2d_X509(mint_like(like, entry.flaw, noon).certificate.get(), nullptr));
        EXPECT_EQ(lengths.size(), 1u) << entry.name;
    }
}

Pair mismatched(KeyType type, Version version, const char* ciphers = "") {
    auto server = server_config(version, version);
    server.ciphers = ciphers;
    server.credential =
        std::make_shared<const Credential>(mint_like(*credential(type)->certificate, Flaw::key_mismatch, noon));
    return {Engine(client_config(version, version)), Engine(server)};
}

TEST(KeyMismatch, TheClientRefusesTheSignatureOfTheHandshake) {
    for (const auto version : {Version::tls1_0, Version::tls1_2, Version::tls1_3})
        for (const auto type : {KeyType::rsa, KeyType::ec_p256, KeyType::ec_p384, KeyType::ed25519}) {
            if (type == KeyType::ed25519 && version < Version::tls1_2) continue;
            auto pair = mismatched(type, version);
            pair.connect();
            const auto what = std::string(to_string(version)) + " " + std::to_string(static_cast<int>(type));
            EXPECT_EQ(pair.client.state(), Engine::State::failed) << what;
            ASSERT_TRUE(pair.client.alert_sent()) << what << pair.client.error();
            EXPECT_EQ(*pair.client.alert_sent(), (Alert{2, 51})) << what << ": decrypt_error";
            EXPECT_THAT(pair.client.error(), testing::HasSubstr("bad signature")) << what;
            EXPECT_EQ(pair.server.alert_received(), (Alert{2, 51})) << what;
        }
}

TEST(KeyMismatch, WithRsaKeyExchangeTheServerCannotReadTheFinished) {
    auto pair = mismatched(KeyType::rsa, Version::tls1_2, "AES128-SHA256");
    pair.connect();
    EXPECT_EQ(pair.server.state(), Engine::State::failed);
    ASSERT_TRUE(pair.client.alert_received());
}

TEST(CertificateFlaw, NamesAreInverse) {
    for (std::size_t i = 0; i < certificate_flaws.size(); ++i) {
        const auto& entry = certificate_flaws[i];
        EXPECT_EQ(static_cast<std::size_t>(entry.flaw), i);
        EXPECT_EQ(to_string(entry.flaw), entry.name);
        EXPECT_EQ(certificate_flaw_from_string(entry.name), entry.flaw);
        EXPECT_FALSE(entry.summary.empty());
    }
    EXPECT_EQ(certificate_flaw_from_string("rusty"), std::nullopt);
    EXPECT_EQ(certificate_flaws.back().flaw, Flaw::key_mismatch);
}

template <class Write>
std::string pem(Write write) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    write(bio.get());
    char* text = nullptr;
    const auto length = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}
std::string pem(const X509Ptr& certificate) {
    return pem([&](BIO* bio) { PEM_write_bio_X509(bio, certificate.get()); });
}
std::string pem(const KeyPtr& key) {
    return pem([&](BIO* bio) { PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

TEST(LoadCredential, TakesChainAndKeyAndAServerSendsThem) {
    auto loaded = load_credential("a comment\n" + pem(original().certificate) + pem(authority().certificate),
                                  pem(original().key));
    ASSERT_TRUE(loaded.has_value()) << loaded.error();
    ASSERT_EQ(loaded->chain.size(), 1u);
    EXPECT_EQ(facts(*loaded->certificate).subject, "CN=server.example");
    EXPECT_EQ(facts(*loaded->chain[0]).subject, "CN=Lab authority");
    auto server = server_config(Version::tls1_2, Version::tls1_2);
    server.credential = std::make_shared<const Credential>(std::move(*loaded));
    Pair pair(client_config(Version::tls1_2, Version::tls1_2), server);
    pair.client.start();
    pair.server.feed(pair.client.take_output(), pair.server_plain);
    const auto flight = pair.server.take_output();
    Bytes der(static_cast<std::size_t>(i2d_X509(authority().certificate.get(), nullptr)));
    auto* at = der.data();
    i2d_X509(authority().certificate.get(), &at);
    EXPECT_FALSE(std::ranges::search(flight, der).empty()) << "the authority is in the flight";
}

TEST(LoadCredential, SaysWhatIsWrong) {
    const auto certificate = pem(original().certificate);
    const auto key = pem(original().key);
    const auto error_of = [](const std::string& first, const std::string& second) {
        const auto loaded = load_credential(first, second);
        return loaded ? "nothing" : loaded.error();
    };
    EXPECT_EQ(error_of(certificate, key), "nothing");
    EXPECT_THAT(error_of("", key), testing::HasSubstr("BEGIN CERTIFICATE"));
    EXPECT_THAT(error_of(certificate, ""), testing::HasSubstr("BEGIN PRIVATE KEY"));
    EXPECT_THAT(error_of(certificate.substr(0, 200) + "\n-----END CERTIFICATE-----\n", key),
                testing::StartsWith("certificate: "));
    EXPECT_THAT(error_of(certificate, pem(authority().key)), testing::HasSubstr("not that of the certificate"));
    const auto encrypted = pem([&](BIO* bio) {
        const unsigned char word[] = "secret";
        PEM_write_bio_PrivateKey(bio, original().key.get(), EVP_aes_128_cbc(), word, 6, nullptr, nullptr);
    });
    EXPECT_THAT(error_of(certificate, encrypted), testing::HasSubstr("passphrase"));
}

TEST(PublicKeyBytes, AreTheContentOfTheBitString) {
    const auto bytes = public_key_bytes(*credential()->certificate);
    // RSAPublicKey: a SEQUENCE of a modulus of 257 bytes and an exponent.
    ASSERT_EQ(bytes.size(), 270u);
    EXPECT_EQ(to_hex(ByteView(bytes).first(9)), "3082010a0282010100");
    EXPECT_EQ(to_hex(ByteView(bytes).last(5)), "0203010001");
}

}  // namespace
}  // namespace rdpfault::tls::test
