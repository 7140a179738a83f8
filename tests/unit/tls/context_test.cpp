#include "protocol/tls/context.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "tests/unit/tls/pair.hpp"

namespace rdpfault::tls::test {
namespace {

using State = Engine::State;

struct Combination {
    const char* name;
    Version version;
    const char* ciphers;
    const char* groups;
    const char* signatures;
    KeyType key;
    const char* cipher;  // what comes of it
    const char* group;
};

void PrintTo(const Combination& combination, std::ostream* out) {
    *out << combination.name;
}

constexpr auto v10 = Version::tls1_0;
constexpr auto v11 = Version::tls1_1;
constexpr auto v12 = Version::tls1_2;
constexpr auto v13 = Version::tls1_3;

class Negotiates : public testing::TestWithParam<Combination> {};

TEST_P(Negotiates, WhatWasAskedFor) {
    const auto& wanted = GetParam();
    auto client = client_config(wanted.version, wanted.version);
    (wanted.version == v13 ? client.ciphersuites : client.ciphers) = wanted.ciphers;
    client.groups = wanted.groups;
    client.signature_algorithms = wanted.signatures;
    auto server = server_config(wanted.version, wanted.version);
    (wanted.version == v13 ? server.ciphersuites : server.ciphers) = wanted.ciphers;
    server.signature_algorithms = wanted.signatures;
    server.credential = credential(wanted.key);
    Pair pair(client, server);
    pair.connect();
    ASSERT_EQ(pair.client.state(), State::established) << pair.client.error() << " | " << pair.server.error();
    ASSERT_EQ(pair.server.state(), State::established) << pair.server.error();
    const auto said = pair.client.negotiated();
    EXPECT_EQ(said.version, wanted.version);
    EXPECT_EQ(said.cipher, wanted.cipher);
    EXPECT_EQ(said.group, wanted.group);
    pair.client.write(to_bytes("question"));
    pair.run();
    EXPECT_EQ(pair.server_plain, to_bytes("question"));
}

INSTANTIATE_TEST_SUITE_P(
    Tls, Negotiates,
    testing::Values(
        Combination{"Rsa10", v10, "AES128-SHA", "", "", KeyType::rsa, "TLS_RSA_WITH_AES_128_CBC_SHA", ""},
        Combination{"EcdheRsa10", v10, "ECDHE-RSA-AES256-SHA", "P-256", "", KeyType::rsa,
                    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "secp256r1"},
        Combination{"DheRsa10", v10, "DHE-RSA-AES128-SHA", "", "", KeyType::rsa, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
                    ""},
        Combination{"EcdheEcdsa11", v11, "ECDHE-ECDSA-AES128-SHA", "P-384:P-256", "", KeyType::ec_p256,
                    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "secp384r1"},
        Combination{"Camellia11", v11, "CAMELLIA256-SHA", "", "", KeyType::rsa, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA",
                    ""},
        Combination{"Rsa12Sha1", v12, "AES256-SHA", "", "RSA+SHA1", KeyType::rsa, "TLS_RSA_WITH_AES_256_CBC_SHA", ""},
        Combination{"RsaCbcSha256", v12, "AES128-SHA256", "", "", KeyType::rsa, "TLS_RSA_WITH_AES_128_CBC_SHA256", ""},
        Combination{"SignedWithSha1", v12, "ECDHE-RSA-AES128-SHA", "X25519", "RSA+SHA1", KeyType::rsa,
                    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "x25519"},
        Combination{"CbcSha384", v12, "ECDHE-RSA-AES256-SHA384", "P-521", "RSA+SHA512", KeyType::rsa,
                    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", "secp521r1"},
        Combination{"Gcm12", v12, "ECDHE-RSA-AES256-GCM-SHA384", "X25519", "RSA-PSS+SHA256", KeyType::rsa,
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "x25519"},
        Combination{"Chacha12", v12, "ECDHE-ECDSA-CHACHA20-POLY1305", "X448:P-384", "ECDSA+SHA384", KeyType::ec_p384,
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "x448"},
        Combination{"Ed25519In12", v12, "ECDHE-ECDSA-AES128-GCM-SHA256", "X25519", "ed25519", KeyType::ed25519,
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "x25519"},
        Combination{"NoEncryption", v12, "NULL-SHA256", "", "", KeyType::rsa, "TLS_RSA_WITH_NULL_SHA256", ""},
        Combination{"Anonymous", v12, "AECDH-AES128-SHA", "P-256", "", KeyType::rsa,
                    "TLS_ECDH_anon_WITH_AES_128_CBC_SHA", "secp256r1"},
        Combination{"Dhe12", v12, "DHE-RSA-AES128-GCM-SHA256", "", "", KeyType::rsa,
                    "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", ""},
        Combination{"Aes128In13", v13, "TLS_AES_128_GCM_SHA256", "P-256", "rsa_pss_rsae_sha512", KeyType::rsa,
                    "TLS_AES_128_GCM_SHA256", "secp256r1"},
        Combination{"Aes256In13", v13, "TLS_AES_256_GCM_SHA384", "P-384", "ECDSA+SHA256", KeyType::ec_p256,
                    "TLS_AES_256_GCM_SHA384", "secp384r1"},
        Combination{"Chacha13", v13, "TLS_CHACHA20_POLY1305_SHA256", "X25519", "ed25519", KeyType::ed25519,
                    "TLS_CHACHA20_POLY1305_SHA256", "x25519"},
        Combination{"Ccm13", v13, "TLS_AES_128_CCM_SHA256", "ffdhe2048", "", KeyType::rsa, "TLS_AES_128_CCM_SHA256",
                    "ffdhe2048"}),
    [](const auto& param) { return param.param.name; });

TEST(Context, ServesManyEngines) {
    const auto client = std::make_shared<const Context>(client_config(v12, v13));
    const auto server = std::make_shared<const Context>(server_config(v12, v13));
    std::vector<std::thread> threads;
    std::atomic<int> established = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int j = 0; j < 5; ++j) {
                Pair pair{Engine(client, "lab.example"), Engine(server)};
                pair.connect();
                if (pair.server.state() == State::established) ++established;
            }
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(established, 20);
}

TEST(Context, TellsEachEngineItsOwnKeysInWholeLines) {
    std::vector<std::string> all;
    auto config = server_config(v13, v13);
    config.key_log = [&](std::string_view line) { all.emplace_back(line); };
    const auto server = std::make_shared<const Context>(config);
    std::vector<std::string> first;
    std::vector<std::string> second;
    for (auto* lines : {&first, &second}) {
        Pair pair{Engine(client_config(v13, v13)),
                  Engine(server, {}, [lines](std::string_view line) { lines->emplace_back(line); })};
        pair.connect();
    }
    ASSERT_EQ(first.size(), second.size());
    EXPECT_EQ(all.size(), 2 * first.size());
    EXPECT_THAT(first, testing::Each(testing::ContainsRegex("^[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]{64,96}$")));
    EXPECT_THAT(first, testing::Contains(testing::StartsWith("CLIENT_HANDSHAKE_TRAFFIC_SECRET ")));
    EXPECT_NE(first, second);
}

int level_of(const ContextConfig& config) {
    return Context(config).security_level();
}

TEST(Context, LowersTheSecurityLevelForTheWeakOnly) {
    const int strong = level_of(client_config(v12, v13));
    EXPECT_GT(strong, 0);
    EXPECT_EQ(level_of(server_config(v12, v13)), strong);
    EXPECT_EQ(level_of(client_config(v11, v12)), 0);
    auto config = client_config(v12, v12);
    config.ciphers = "ECDHE-RSA-AES128-GCM-SHA256";
    EXPECT_EQ(level_of(config), strong);
    config.ciphers = "ECDHE-RSA-AES128-GCM-SHA256:eNULL";
    EXPECT_EQ(level_of(config), 0);
    config.ciphers = "AES128-SHA@SECLEVEL=3";
    EXPECT_EQ(level_of(config), 3);
    config.security_level = 1;
    EXPECT_EQ(level_of(config), 1);
    config = client_config(v12, v12);
    config.signature_algorithms = "RSA+SHA256:RSA+SHA1";
    EXPECT_EQ(level_of(config), 0);
    auto server = server_config(v12, v13);
    server.credential = std::make_shared<const Credential>(mint({.not_after = noon, .rsa_bits = 1024}));
    EXPECT_EQ(level_of(server), 0);
    server.credential = std::make_shared<const Credential>(mint({.not_after = noon, .digest = Digest::sha1}));
    EXPECT_EQ(level_of(server), 0);
}

TEST(Context, RefusesWhatOpensslDoesNotKnow) {
    auto config = client_config(v12, v12);
    config.groups = "no-such-group";
    EXPECT_THROW(Context{config}, std::runtime_error);
    config = client_config(v12, v12);
    config.signature_algorithms = "RSA+NONE";
    EXPECT_THROW(Context{config}, std::runtime_error);
    EXPECT_THROW(Context{client_config(v13, v12)}, std::runtime_error);
}

}  // namespace
}  // namespace rdpfault::tls::test
