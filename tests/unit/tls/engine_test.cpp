#include "protocol/tls/engine.hpp"

#include <gmock/gmock.h>

#include "tests/unit/tls/pair.hpp"

namespace rdpfault::tls::test {
namespace {

using State = Engine::State;

class EveryVersion : public testing::TestWithParam<Version> {
  protected:
    Pair pair_{client_config(GetParam(), GetParam()), server_config(GetParam(), GetParam())};
    void connect(std::size_t step = 65536) {
        pair_.client.start();
        pair_.run(step);
    }
};

TEST_P(EveryVersion, TalksBothWays) {
    connect();
    ASSERT_EQ(pair_.client.state(), State::established) << pair_.client.error() << pair_.server.error();
    ASSERT_EQ(pair_.server.state(), State::established);
    pair_.client.write(to_bytes("question"));
    pair_.server.write(to_bytes("answer"));
    pair_.run();
    EXPECT_EQ(pair_.server_plain, to_bytes("question"));
    EXPECT_EQ(pair_.client_plain, to_bytes("answer"));
}

TEST_P(EveryVersion, TalksByteByByte) {
    connect(1);
    pair_.client.write(Bytes(40'000, 7));
    pair_.run(1);
    EXPECT_EQ(pair_.server_plain, Bytes(40'000, 7));
}

TEST_P(EveryVersion, SaysWhatWasNegotiated) {
    connect();
    const auto said = pair_.client.negotiated();
    EXPECT_EQ(said.version, GetParam());
    EXPECT_THAT(said.cipher, testing::StartsWith("TLS_"));
    EXPECT_FALSE(said.group.empty());
    ASSERT_TRUE(said.peer_certificate);
    EXPECT_EQ(said.peer_certificate->subject, "CN=localhost");
    EXPECT_FALSE(pair_.server.negotiated().peer_certificate) << "no client certificate is asked for";
}

TEST_P(EveryVersion, CloseNotifyEndsInOrder) {
    connect();
    pair_.server.close();
    pair_.run();
    EXPECT_EQ(pair_.client.state(), State::closed);
    ASSERT_TRUE(pair_.client.alert_received());
    EXPECT_EQ(pair_.client.alert_received()->description, 0);
    ASSERT_TRUE(pair_.server.alert_sent());
    EXPECT_EQ(pair_.server.alert_sent()->description, 0);
    pair_.client.close();
    pair_.run();
    EXPECT_EQ(pair_.server.state(), State::closed);
}

TEST_P(EveryVersion, DamagedRecordIsAlert20) {
    connect();
    pair_.client.write(to_bytes("question"));
    auto record = pair_.client.take_output();
    record.back() ^= 1;
    pair_.server.feed(record, pair_.server_plain);
    EXPECT_EQ(pair_.server.state(), State::failed);
    ASSERT_TRUE(pair_.server.alert_sent());
    EXPECT_EQ(pair_.server.alert_sent()->description, 20);
    EXPECT_THAT(pair_.server_plain, testing::IsEmpty());
    pair_.run();
    EXPECT_EQ(pair_.client.state(), State::failed);
    ASSERT_TRUE(pair_.client.alert_received());
    EXPECT_EQ(pair_.client.alert_received()->description, 20);
}

TEST_P(EveryVersion, FlightsAreAlwaysEquallyLong) {
    connect();
    for (int i = 0; i < 10; ++i) {
        const auto config = server_config(GetParam(), GetParam());
        Pair again(client_config(GetParam(), GetParam()), config);
        again.client.start();
        again.run();
        EXPECT_EQ(again.client_sent, pair_.client_sent);
        EXPECT_EQ(again.server_sent, pair_.server_sent);
    }
}

INSTANTIATE_TEST_SUITE_P(Tls, EveryVersion,
                         testing::Values(Version::tls1_0, Version::tls1_1, Version::tls1_2, Version::tls1_3),
                         [](const auto& param) { return "v" + std::to_string(static_cast<unsigned>(param.param)); });

TEST(Engine, NoSharedVersionIsAlert70) {
    Pair pair(client_config(Version::tls1_0, Version::tls1_1), server_config(Version::tls1_2, Version::tls1_3));
    pair.client.start();
    pair.run();
    EXPECT_EQ(pair.server.state(), State::failed);
    EXPECT_EQ(pair.client.state(), State::failed);
    ASSERT_TRUE(pair.server.alert_sent());
    EXPECT_EQ(pair.server.alert_sent()->description, 70);
    ASSERT_TRUE(pair.client.alert_received());
    EXPECT_EQ(pair.client.alert_received()->description, 70);
    EXPECT_THAT(pair.client.error(), testing::HasSubstr("protocol version"));
}

TEST(Engine, NoSharedCipherIsAlert40) {
    auto client = client_config(Version::tls1_2, Version::tls1_2);
    client.ciphers = "ECDHE-RSA-AES128-GCM-SHA256";
    auto server = server_config(Version::tls1_2, Version::tls1_2);
    server.ciphers = "ECDHE-RSA-AES256-GCM-SHA384";
    Pair pair(client, server);
    pair.client.start();
    pair.run();
    ASSERT_TRUE(pair.client.alert_received());
    EXPECT_EQ(pair.client.alert_received()->description, 40);
}

TEST(Engine, GarbageFailsAndLaterBytesAreIgnored) {
    Pair pair(client_config(Version::tls1_2, Version::tls1_3), server_config(Version::tls1_2, Version::tls1_3));
    pair.client.start();
    pair.client.feed(to_bytes("HTTP/1.1 400 Bad Request\r\n\r\n"), pair.client_plain);
    EXPECT_EQ(pair.client.state(), State::failed);
    EXPECT_FALSE(pair.client.error().empty());
    const auto error = pair.client.error();
    pair.client.feed(Bytes(100, 0), pair.client_plain);
    pair.client.write(to_bytes("x"));
    pair.client.close();
    EXPECT_EQ(pair.client.error(), error);
}

TEST(Engine, SendsServerName) {
    auto client = client_config(Version::tls1_2, Version::tls1_3);
    client.server_name = "lab.example";
    Engine engine(client);
    engine.start();
    const auto hello = engine.take_output();
    EXPECT_THAT(std::string(hello.begin(), hello.end()), testing::HasSubstr("lab.example"));
}

TEST(Engine, TellsTheKeyLog) {
    std::vector<std::string> lines;
    auto server = server_config(Version::tls1_3, Version::tls1_3);
    server.key_log = [&](std::string_view line) { lines.emplace_back(line); };
    Pair pair(client_config(Version::tls1_3, Version::tls1_3), server);
    pair.client.start();
    pair.run();
    EXPECT_THAT(lines, testing::Contains(testing::StartsWith("SERVER_TRAFFIC_SECRET_0 ")));
}

TEST(Engine, RefusesAWrongConfiguration) {
    auto config = client_config(Version::tls1_2, Version::tls1_2);
    config.ciphers = "no-such-cipher";
    EXPECT_THROW(Engine{config}, std::runtime_error);
    config = server_config(Version::tls1_2, Version::tls1_2);
    config.credential = nullptr;
    EXPECT_THROW(Engine{config}, std::runtime_error);
}

}  // namespace
}  // namespace rdpfault::tls::test
