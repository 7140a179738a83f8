// Records of our own making, judged by a peer that knows nothing of them.
#include <gmock/gmock.h>

#include "protocol/tls/engine.hpp"
#include "tests/unit/tls/pair.hpp"

namespace rdpfault::tls::test {
namespace {

using State = Engine::State;

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

Pair pair_for(const Suite& suite) {
    auto client = client_config(suite.version, suite.version);
    (suite.version == v13 ? client.ciphersuites : client.ciphers) = suite.ciphers;
    auto server = server_config(suite.version, suite.version);
    (suite.version == v13 ? server.ciphersuites : server.ciphers) = suite.ciphers;
    client.encrypt_then_mac = suite.encrypt_then_mac;
    if (std::string_view(suite.ciphers).find("ECDSA") != std::string_view::npos)
        server.credential = credential(KeyType::ec_p256);
    return {client, server};
}

class EverySuite : public testing::TestWithParam<Suite> {
  protected:
    void SetUp() override {
        pair_.connect();
        ASSERT_EQ(pair_.client.state(), State::established) << pair_.client.error() << pair_.server.error();
        const auto secrets = pair_.client.secrets();
        ASSERT_TRUE(secrets);
        if (secrets->version < v13 && std::string_view(GetParam().ciphers).find("GCM") == std::string_view::npos &&
            std::string_view(GetParam().ciphers).find("CHACHA") == std::string_view::npos) {
            ASSERT_EQ(secrets->encrypt_then_mac, GetParam().encrypt_then_mac);
        }
    }
    // A few records of OpenSSL's, so that the sequence number is not that of the first record.
    void talk() {
        for (int i = 0; i < 3; ++i) {
            pair_.client.write(to_bytes("a"));
            pair_.server.write(to_bytes("b"));
            pair_.run();
        }
        ASSERT_EQ(pair_.server_plain, to_bytes("aaa"));
        ASSERT_EQ(pair_.client_plain, to_bytes("bbb"));
    }

    Pair pair_ = pair_for(GetParam());
};

TEST_P(EverySuite, AnyFatalAlertArrivesWithItsNumber) {
    talk();
    ASSERT_TRUE(pair_.server.inject_alert(2, 199));
    pair_.run();
    EXPECT_EQ(pair_.client.alert_received(), (Alert{2, 199})) << pair_.client.error();
    EXPECT_EQ(pair_.client.state(), State::failed);
    EXPECT_EQ(pair_.server.alert_sent(), (Alert{2, 199}));
}

TEST_P(EverySuite, TheFirstRecordAfterTheHandshakeCanBeOurs) {
    ASSERT_TRUE(pair_.client.inject_alert(2, 80));
    pair_.run();
    EXPECT_EQ(pair_.server.alert_received(), (Alert{2, 80})) << pair_.server.error();
}

TEST_P(EverySuite, TheConnectionGoesOnAfterAWarning) {
    talk();
    constexpr std::uint8_t user_canceled = 90;  // a warning in every version
    ASSERT_TRUE(pair_.client.inject_alert(1, user_canceled));
    pair_.client.write(Bytes(40'000, 7));
    pair_.run();
    EXPECT_EQ(pair_.server.warning_received(), (Alert{1, user_canceled}));
    EXPECT_EQ(pair_.server.state(), State::established) << pair_.server.error();
    auto expected = to_bytes("aaa");
    append(expected, Bytes(40'000, 7));
    EXPECT_EQ(pair_.server_plain, expected);
    pair_.server.write(to_bytes("answer"));
    pair_.client.write(to_bytes("more"));
    pair_.run();
    EXPECT_EQ(pair_.client_plain, to_bytes("bbbanswer"));
    pair_.client.close();
    pair_.run();
    EXPECT_EQ(pair_.server.state(), State::closed) << pair_.server.error();
}

TEST_P(EverySuite, SealedRecordsFollowTheOutput) {
    pair_.client.write(to_bytes("one "));
    auto wire = pair_.client.take_output();
    append(wire, pair_.client.seal(23, to_bytes("two ")));
    // An empty record is legal; OpenSSL cannot read one that is not encrypted.
    if (GetParam().ciphers != std::string_view("NULL-SHA256")) append(wire, pair_.client.seal(23, {}));
    append(wire, pair_.client.seal(23, to_bytes("three")));
    pair_.server.feed(wire, pair_.server_plain);
    EXPECT_EQ(pair_.server_plain, to_bytes("one two three")) << pair_.server.error();
}

TEST_P(EverySuite, AWrongContentTypeIsUnexpected) {
    talk();
    pair_.server_plain.clear();
    pair_.server.feed(pair_.client.seal(99, to_bytes("what is this")), pair_.server_plain);
    EXPECT_EQ(pair_.server.state(), State::failed);
    ASSERT_TRUE(pair_.server.alert_sent());
    EXPECT_EQ(pair_.server.alert_sent()->description, 10) << pair_.server.error();
    EXPECT_THAT(pair_.server_plain, testing::IsEmpty());
}

TEST_P(EverySuite, AnAlertOfOpensslsOwnIsSealedToo) {
    talk();
    pair_.client.feed({}, pair_.client_plain);
    ASSERT_FALSE(pair_.server.seal(23, to_bytes("x")).empty());  // lost on the way: one record is missing
    ASSERT_FALSE(pair_.client.seal(23, to_bytes("y")).empty());
    pair_.server.write(to_bytes("z"));
    const auto record = pair_.server.take_output();
    pair_.client.feed(record, pair_.client_plain);
    EXPECT_EQ(pair_.client.state(), State::failed);
    EXPECT_EQ(pair_.client.alert_sent(), (Alert{2, 20}));
    EXPECT_FALSE(pair_.client.take_output().empty());
}

TEST_P(EverySuite, TooLongARecordIsRefused) {
    EXPECT_THAT(pair_.client.seal(23, Bytes(RecordSealer::max_content + 1)), testing::IsEmpty());
    const auto longest = pair_.client.seal(23, Bytes(RecordSealer::max_content));
    ASSERT_GT(longest.size(), RecordSealer::max_content);
    EXPECT_EQ(longest.size(), 5u + static_cast<std::size_t>(longest[3] << 8 | longest[4]));
}

INSTANTIATE_TEST_SUITE_P(
    Tls, EverySuite,
    testing::Values(Suite{v10, "AES128-SHA"}, Suite{v10, "ECDHE-RSA-AES256-SHA", false}, Suite{v11, "AES256-SHA"},
                    Suite{v11, "ECDHE-RSA-AES128-SHA", false}, Suite{v12, "AES128-SHA"},
                    Suite{v12, "AES128-SHA", false}, Suite{v12, "AES256-SHA256"}, Suite{v12, "AES128-SHA256", false},
                    Suite{v12, "ECDHE-RSA-AES256-SHA384"}, Suite{v12, "ECDHE-RSA-AES256-SHA384", false},
                    Suite{v12, "CAMELLIA128-SHA"}, Suite{v12, "NULL-SHA256"}, Suite{v12, "AES128-GCM-SHA256"},
                    Suite{v12, "ECDHE-RSA-AES256-GCM-SHA384"}, Suite{v12, "ECDHE-ECDSA-AES128-GCM-SHA256"},
                    Suite{v12, "ECDHE-RSA-CHACHA20-POLY1305"}, Suite{v12, "DHE-RSA-AES128-GCM-SHA256"},
                    Suite{v13, "TLS_AES_128_GCM_SHA256"}, Suite{v13, "TLS_AES_256_GCM_SHA384"},
                    Suite{v13, "TLS_CHACHA20_POLY1305_SHA256"}),
    [](const auto& param) {
        auto name = "v" + std::to_string(static_cast<unsigned>(param.param.version) - 0x0300) + param.param.ciphers +
                    (param.param.encrypt_then_mac ? "" : "MacThenEncrypt");
        std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
        return name;
    });

class MidHandshake : public testing::TestWithParam<Version> {
  protected:
    Pair pair_{client_config(GetParam(), GetParam()), server_config(GetParam(), GetParam())};
    void client_hello() {
        pair_.client.start();
        pair_.server.feed(pair_.client.take_output(), pair_.server_plain);
    }
};

TEST_P(MidHandshake, ClientMayFailInsteadOfItsFinished) {
    client_hello();
    pair_.client.feed(pair_.server.take_output(), pair_.client_plain);
    pair_.client.discard_output();
    ASSERT_TRUE(pair_.client.inject_alert(2, 48));
    EXPECT_EQ(pair_.client.write_position().epoch, GetParam() == v13 ? Epoch::handshake : Epoch::plaintext);
    const auto alert = pair_.client.take_output();
    EXPECT_EQ(alert[0], GetParam() == v13 ? 23 : 21);
    pair_.server.feed(alert, pair_.server_plain);
    EXPECT_EQ(pair_.server.state(), State::failed);
    EXPECT_EQ(pair_.server.alert_received(), (Alert{2, 48})) << pair_.server.error();
}

TEST_P(MidHandshake, ServerMayFailAfterItsFlight) {
    client_hello();
    ASSERT_TRUE(pair_.server.inject_alert(2, 71));
    EXPECT_EQ(pair_.server.write_position().epoch, GetParam() == v13 ? Epoch::application : Epoch::plaintext);
    pair_.client.feed(pair_.server.take_output(), pair_.client_plain);
    EXPECT_EQ(pair_.client.state(), State::failed);
    EXPECT_EQ(pair_.client.alert_received(), (Alert{2, 71})) << pair_.client.error();
}

TEST_P(MidHandshake, ServerMayFailInsteadOfItsFlight) {
    client_hello();
    pair_.server.discard_output();
    ASSERT_TRUE(pair_.server.inject_alert(2, 40));
    const auto wire = pair_.server.take_output();
    EXPECT_EQ(to_hex(wire), "15" + to_hex(ByteView(wire).subspan(1, 2)) + "00020228") << "in plain text";
    pair_.client.feed(wire, pair_.client_plain);
    EXPECT_EQ(pair_.client.alert_received(), (Alert{2, 40})) << pair_.client.error();
}

TEST_P(MidHandshake, EitherSideMaySpeakBeforeTheOther) {
    ASSERT_TRUE(pair_.server.inject_alert(2, 80));
    EXPECT_EQ(to_hex(pair_.server.take_output()).substr(0, 2), "15");
    pair_.client.start();
    ASSERT_TRUE(pair_.client.inject_alert(2, 80));
    const auto wire = pair_.client.take_output();
    EXPECT_EQ(to_hex(ByteView(wire).last(7)), "15030100020250");
    pair_.server.feed(wire, pair_.server_plain);
    EXPECT_EQ(pair_.server.state(), State::failed);
}

TEST_P(MidHandshake, ItGoesOnAfterAWarning) {
    client_hello();
    ASSERT_TRUE(pair_.server.inject_alert(1, 90));
    pair_.client.feed(pair_.server.take_output(), pair_.client_plain);
    pair_.run();
    EXPECT_EQ(pair_.client.state(), State::established) << pair_.client.error();
    EXPECT_EQ(pair_.server.state(), State::established) << pair_.server.error();
    EXPECT_EQ(pair_.client.warning_received(), (Alert{1, 90}));
    pair_.server.write(to_bytes("after all"));
    pair_.client.write(to_bytes("hello"));
    pair_.run();
    EXPECT_EQ(pair_.client_plain, to_bytes("after all"));
    EXPECT_EQ(pair_.server_plain, to_bytes("hello"));
}

INSTANTIATE_TEST_SUITE_P(Tls, MidHandshake, testing::Values(v10, v11, v12, v13),
                         [](const auto& param) { return "v" + std::to_string(static_cast<unsigned>(param.param)); });

class KeyUpdate : public testing::Test {
  protected:
    void SetUp() override { pair_.connect(); }
    // The client asks the server for new keys, with a message of our own.
    void ask() {
        const Bytes key_update{24, 0, 0, 1, 1};
        pair_.server.feed(pair_.client.seal(22, key_update), pair_.server_plain);
        ASSERT_EQ(pair_.server.state(), State::established) << pair_.server.error();
    }
    Pair pair_{client_config(v13, v13), server_config(v13, v13)};
};

TEST_F(KeyUpdate, ByOpensslIsFollowedByTheSealer) {
    ask();
    pair_.server.write(to_bytes("new keys "));
    EXPECT_EQ(pair_.server.write_position().key_updates, 1u);
    pair_.client.feed(pair_.server.take_output(), pair_.client_plain);
    pair_.client.feed(pair_.server.seal(23, to_bytes("for us too")), pair_.client_plain);
    EXPECT_EQ(pair_.client_plain, to_bytes("new keys for us too")) << pair_.client.error();
}

TEST_F(KeyUpdate, IsAnsweredByTheSealerToo) {
    ASSERT_TRUE(pair_.server.inject_alert(1, 90));
    ask();
    pair_.server.write(to_bytes("new keys"));
    EXPECT_EQ(pair_.server.write_position().key_updates, 1u);
    pair_.client.feed(pair_.server.take_output(), pair_.client_plain);
    EXPECT_EQ(pair_.client_plain, to_bytes("new keys")) << pair_.client.error();
}

TEST(RecordSealer, SaysWhatIsMissing) {
    Secrets secrets;
    secrets.version = v13;
    secrets.cipher_suite = 0x1301;
    EXPECT_THAT(RecordSealer::make(secrets, Side::client, {Epoch::handshake}).error(), testing::HasSubstr("secret"));
    secrets.client_handshake_traffic = Bytes(32, 1);
    EXPECT_TRUE(RecordSealer::make(secrets, Side::client, {Epoch::handshake}).has_value());
    secrets.cipher_suite = 0x1304;
    EXPECT_THAT(RecordSealer::make(secrets, Side::client, {Epoch::handshake}).error(), testing::HasSubstr("CCM"));
    secrets.cipher_suite = 0x0A0A;
    EXPECT_THAT(RecordSealer::make(secrets, Side::client, {Epoch::handshake}).error(), testing::HasSubstr("known"));
    secrets.cipher_suite = 0xC02F;
    secrets.version = v12;
    EXPECT_THAT(RecordSealer::make(secrets, Side::client, {Epoch::application}).error(), testing::HasSubstr("master"));
}

// RFC 8448 3, "simple 1-RTT handshake": the client's application data, its first record with those keys.
TEST(RecordSealer, MatchesTheTraceOfTheSpecification) {
    Secrets secrets;
    secrets.version = v13;
    secrets.cipher_suite = 0x1301;
    ASSERT_TRUE(from_hex("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5",
                         secrets.client_application_traffic));
    auto sealer = RecordSealer::make(secrets, Side::client, {Epoch::application});
    ASSERT_TRUE(sealer.has_value());
    Bytes content(50);
    for (std::size_t i = 0; i < content.size(); ++i)
        content[i] = static_cast<std::uint8_t>(i);
    Bytes record;
    ASSERT_TRUE(sealer->seal(23, content, record));
    EXPECT_EQ(to_hex(record).substr(0, 42), "1703030043a23f7054b62c94d0affafe8228ba55cb");
    EXPECT_EQ(sealer->sequence(), 1u);
}

TEST(Secrets, ComeFromTheKeyLog) {
    Secrets heard;
    auto server = server_config(v12, v12);
    server.key_log = [&](std::string_view line) { EXPECT_TRUE(take_key_log_line(line, heard)) << line; };
    Pair pair(client_config(v12, v12), server);
    EXPECT_FALSE(pair.client.secrets());
    pair.connect();
    const auto secrets = pair.client.secrets();
    ASSERT_TRUE(secrets);
    EXPECT_EQ(secrets->version, v12);
    EXPECT_EQ(secrets->client_random, heard.client_random);
    EXPECT_EQ(secrets->master_secret, heard.master_secret);
    EXPECT_EQ(secrets->master_secret.size(), 48u);
    EXPECT_EQ(secrets->server_random, pair.server.secrets()->server_random);
    EXPECT_EQ(secrets->cipher_suite, pair.server.secrets()->cipher_suite);
}

TEST(Secrets, OtherLinesChangeNothing) {
    Secrets secrets;
    const std::string random(64, 'a');
    for (const auto& line : {std::string(), std::string("# comment"), "CLIENT_RANDOM " + random,
                             "CLIENT_RANDOM " + random + " ", "CLIENT_RANDOM abcd " + random,
                             "EXPORTER_SECRET " + random + " " + random, "CLIENT_RANDOM " + random + " 0g"}) {
        EXPECT_FALSE(take_key_log_line(line, secrets)) << line;
        EXPECT_TRUE(secrets.client_random.empty());
    }
    EXPECT_TRUE(take_key_log_line("CLIENT_RANDOM " + random + " 00ff", secrets));
    EXPECT_EQ(secrets.master_secret, (Bytes{0, 0xFF}));
}

}  // namespace
}  // namespace rdpfault::tls::test
