// Records opened by one who only listens.
#include <gmock/gmock.h>

#include "protocol/tls/record_opener.hpp"
#include "tests/unit/tls/pair.hpp"

namespace rdpfault::tls::test {
namespace {

constexpr auto v10 = Version::tls1_0;
constexpr auto v11 = Version::tls1_1;
constexpr auto v12 = Version::tls1_2;
constexpr auto v13 = Version::tls1_3;

struct Suite {
    Version version;
    const char* ciphers;
    bool encrypt_then_mac = true;
};

void PrintTo(const Suite& suite, std::ostream* out) {
    *out << to_string(suite.version) << ' ' << suite.ciphers;
}

Secrets secrets_of(const Suite& suite) {
    auto client = client_config(suite.version, suite.version);
    (suite.version == v13 ? client.ciphersuites : client.ciphers) = suite.ciphers;
    auto server = server_config(suite.version, suite.version);
    (suite.version == v13 ? server.ciphersuites : server.ciphers) = suite.ciphers;
    client.encrypt_then_mac = suite.encrypt_then_mac;
    Pair pair(client, server);
    pair.connect();
    return pair.client.secrets().value_or(Secrets{});
}

struct Opening : testing::TestWithParam<Suite> {
    Secrets secrets = secrets_of(GetParam());
    WritePosition begin{Epoch::application, 0, 0, {}};
};

TEST_P(Opening, GivesWhatWasSealed) {
    for (const auto side : {Side::client, Side::server}) {
        auto sealer = RecordSealer::make(secrets, side, begin);
        auto opener = RecordOpener::make(secrets, side, begin);
        ASSERT_TRUE(sealer) << sealer.error();
        ASSERT_TRUE(opener) << opener.error();
        for (const std::size_t size : {1U, 15U, 16U, 17U, 1000U, 16384U}) {
            Bytes record;
            ASSERT_TRUE(sealer->seal(size % 2 == 0 ? 22 : 23, Bytes(size, 'x'), record));
            const auto opened = opener->open(record);
            ASSERT_TRUE(opened) << opened.error() << ' ' << size;
            EXPECT_EQ(opened->type, size % 2 == 0 ? 22 : 23);
            EXPECT_EQ(opened->content, Bytes(size, 'x'));
        }
        EXPECT_EQ(opener->sequence(), 6U);
    }
}

TEST_P(Opening, RefusesWhatIsNotWholeAndGoesOnBehindIt) {
    auto sealer = RecordSealer::make(secrets, Side::server, begin);
    auto opener = RecordOpener::make(secrets, Side::server, begin);
    Bytes record;
    ASSERT_TRUE(sealer->seal(23, to_bytes("content"), record));
    auto changed = record;
    changed.back() ^= 1;
    EXPECT_FALSE(opener->open(changed));
    for (std::size_t size = 0; size < record.size(); ++size)
        EXPECT_FALSE(opener->open(ByteView(record).first(size))) << size;
    EXPECT_EQ(opener->sequence(), 0U);
    EXPECT_TRUE(opener->open(record));
    EXPECT_FALSE(opener->open(record)) << "a record that comes again is not the next one";
}

TEST_P(Opening, TheKeysOfTheOtherSideOpenNothing) {
    auto sealer = RecordSealer::make(secrets, Side::server, begin);
    auto opener = RecordOpener::make(secrets, Side::client, begin);
    Bytes record;
    ASSERT_TRUE(sealer->seal(23, to_bytes("content"), record));
    EXPECT_FALSE(opener->open(record));
}

INSTANTIATE_TEST_SUITE_P(, Opening,
                         testing::Values(Suite{v13, "TLS_AES_128_GCM_SHA256"}, Suite{v13, "TLS_AES_256_GCM_SHA384"},
                                         Suite{v13, "TLS_CHACHA20_POLY1305_SHA256"},
                                         Suite{v12, "ECDHE-RSA-AES256-GCM-SHA384"},
                                         Suite{v12, "ECDHE-RSA-CHACHA20-POLY1305"}, Suite{v12, "AES128-SHA256"},
                                         Suite{v12, "AES256-SHA", false}, Suite{v11, "AES128-SHA"},
                                         Suite{v10, "AES256-SHA"}, Suite{v10, "AES128-SHA", false}));

TEST(RecordOpener, NeedsSecretsOfItsSuite) {
    auto secrets = secrets_of({v13, "TLS_AES_128_GCM_SHA256"});
    const WritePosition begin{Epoch::application, 0, 0, {}};
    secrets.client_application_traffic.pop_back();
    EXPECT_FALSE(RecordOpener::make(secrets, Side::client, begin));
    secrets.client_application_traffic.clear();
    EXPECT_FALSE(RecordOpener::make(secrets, Side::client, begin));
    secrets.cipher_suite = 0x1304;  // CCM
    EXPECT_FALSE(RecordOpener::make(secrets, Side::server, begin));
}

}  // namespace
}  // namespace rdpfault::tls::test
