#include <gmock/gmock.h>

#include "protocol/tls/engine.hpp"
#include "tests/unit/tls/pair.hpp"

namespace rdpfault::tls::test {
namespace {

using State = Engine::State;

constexpr Alert no_renegotiation{1, 100};

class Renegotiation : public testing::TestWithParam<Version> {
  protected:
    Pair connected(bool client_allows, bool server_allows) {
        auto client = client_config(GetParam(), GetParam());
        client.allow_renegotiation = client_allows;
        auto server = server_config(GetParam(), GetParam());
        server.allow_renegotiation = server_allows;
        Pair pair(client, server);
        pair.connect();
        EXPECT_EQ(pair.server.state(), State::established);
        return pair;
    }
    static void expect_talk(Pair& pair) {
        EXPECT_EQ(pair.client.state(), State::established) << pair.client.error();
        EXPECT_EQ(pair.server.state(), State::established) << pair.server.error();
        pair.client.write(to_bytes("question"));
        pair.server.write(to_bytes("answer"));
        pair.run();
        EXPECT_EQ(pair.server_plain, to_bytes("question"));
        EXPECT_EQ(pair.client_plain, to_bytes("answer"));
    }
};

TEST_P(Renegotiation, TheServerRefusesWithWarning100) {
    auto pair = connected(true, false);
    ASSERT_TRUE(pair.client.request_renegotiation());
    pair.server.feed(pair.client.take_output(), pair.server_plain);
    EXPECT_EQ(pair.server.state(), State::established) << pair.server.error();
    EXPECT_EQ(pair.server.warning_sent(), no_renegotiation);
    pair.client.feed(pair.server.take_output(), pair.client_plain);
    EXPECT_EQ(pair.client.warning_received(), no_renegotiation);
    // RFC 5246 7.2.2 leaves it to who asked; OpenSSL gives up.
    EXPECT_EQ(pair.client.state(), State::failed);
    EXPECT_EQ(pair.client.alert_sent(), (Alert{2, 40}));
}

TEST_P(Renegotiation, TheClientRefusesAHelloRequestAndTheConnectionGoesOn) {
    auto pair = connected(false, false);
    ASSERT_TRUE(pair.server.request_renegotiation());
    pair.client.feed(pair.server.take_output(), pair.client_plain);
    EXPECT_EQ(pair.client.state(), State::established) << pair.client.error();
    EXPECT_EQ(pair.client.warning_sent(), no_renegotiation);
    EXPECT_FALSE(pair.client.alert_sent());
}

TEST_P(Renegotiation, IsDoneWhenTheServerAsksAndTheClientAllowsIt) {
    auto pair = connected(true, false);
    const auto before = pair.server.secrets()->client_random;
    ASSERT_TRUE(pair.server.request_renegotiation());
    pair.run();
    EXPECT_NE(pair.server.secrets()->client_random, before) << "there was no second handshake";
    expect_talk(pair);
}

TEST_P(Renegotiation, IsDoneWhenTheClientAsksAndTheServerAllowsIt) {
    auto pair = connected(false, true);
    const auto before = pair.server.secrets()->client_random;
    ASSERT_TRUE(pair.client.request_renegotiation());
    pair.client.write(to_bytes("held back, "));
    pair.run();
    EXPECT_NE(pair.server.secrets()->client_random, before) << "there was no second handshake";
    EXPECT_EQ(pair.server_plain, to_bytes("held back, "));
    pair.server_plain.clear();
    expect_talk(pair);
}

TEST_P(Renegotiation, IsSealedToo) {
    auto pair = connected(true, true);
    ASSERT_TRUE(pair.client.inject_alert(1, 90));
    ASSERT_TRUE(pair.server.inject_alert(1, 90));
    pair.run();
    const auto before = pair.server.secrets()->client_random;
    ASSERT_TRUE(pair.client.request_renegotiation());
    pair.run();
    EXPECT_NE(pair.server.secrets()->client_random, before) << "there was no second handshake";
    expect_talk(pair);
    ASSERT_TRUE(pair.client.inject_alert(2, 199));
    pair.run();
    EXPECT_EQ(pair.server.alert_received(), (Alert{2, 199}));
}

INSTANTIATE_TEST_SUITE_P(Tls, Renegotiation, testing::Values(Version::tls1_0, Version::tls1_1, Version::tls1_2),
                         [](const auto& param) { return "v" + std::to_string(static_cast<unsigned>(param.param)); });

TEST(RenegotiationOf, Tls13DoesNotExist) {
    Pair pair(client_config(Version::tls1_3, Version::tls1_3), server_config(Version::tls1_3, Version::tls1_3));
    EXPECT_FALSE(pair.client.request_renegotiation()) << "there is nothing to negotiate again";
    pair.connect();
    EXPECT_FALSE(pair.client.request_renegotiation());
    EXPECT_FALSE(pair.server.request_renegotiation());
    EXPECT_EQ(pair.server.state(), State::established);
}

}  // namespace
}  // namespace rdpfault::tls::test
