#include "protocol/tls/certificate.hpp"
#include "protocol/tls/mint.hpp"

#include <gmock/gmock.h>
#include <openssl/x509.h>

#include <set>

#include "tests/unit/tls/pair.hpp"

namespace rdpfault::tls::test {
namespace {

TEST(Certificate, FactsOfAMintedOne) {
    const auto said = facts(*credential()->certificate);
    EXPECT_EQ(said.subject, "CN=localhost");
    EXPECT_EQ(said.issuer, "CN=localhost");
    EXPECT_EQ(said.not_before, "2023-11-14T22:13:20Z");
    EXPECT_EQ(said.not_after, "2023-11-15T22:13:20Z");
    EXPECT_EQ(said.key_type, "RSA 2048");
    EXPECT_EQ(said.signature_algorithm, "sha256WithRSAEncryption");
    EXPECT_EQ(said.sha256.size(), 64u);
    EXPECT_THAT(said.names, testing::ElementsAre("localhost", "127.0.0.1", "::1"));
    EXPECT_EQ(X509_verify(credential()->certificate.get(), credential()->key.get()), 1);
}

TEST(Certificate, EveryOneEncodesToTheSameLength) {
    std::set<int> lengths;
    std::set<std::string> digests;
    for (int i = 0; i < 10; ++i) {
        const auto minted = mint({.not_before = noon, .not_after = noon + 1, .rsa_bits = 1024});
        lengths.insert(i2d_X509(minted.certificate.get(), nullptr));
        digests.insert(facts(*minted.certificate).sha256);
    }
    EXPECT_EQ(lengths.size(), 1u);
    EXPECT_EQ(digests.size(), 10u);
}

TEST(Certificate, ImpossibleSpecificationsAreRefused) {
    EXPECT_THROW(mint({.rsa_bits = 10}), std::runtime_error);
    EXPECT_THROW(mint({.ip_addresses = {"not an address"}, .rsa_bits = 1024}), std::runtime_error);
}

TEST(Version, NamesAreInverse) {
    for (const auto version : {Version::tls1_0, Version::tls1_1, Version::tls1_2, Version::tls1_3})
        EXPECT_EQ(version_from_string(to_string(version)), version);
    EXPECT_EQ(version_from_string("1.4"), std::nullopt);
}

}  // namespace
}  // namespace rdpfault::tls::test
