// What the streams of a capture hold inside TLS, with and without the secrets.
#include "tests/unit/capture/script.hpp"
#include "tests/unit/tls/pair.hpp"

namespace rdpfault::capture::test {
namespace {

using testing::IsEmpty;

// TLS of two real ends, read with the secrets that one of them logged.
struct Reading : testing::TestWithParam<std::pair<tls::Version, const char*>> {
    // `lose`: the packet with the server's answer is not captured.
    Account play(bool with_keys, bool lose = false) {
        const auto& [version, ciphers] = GetParam();
        auto config = tls::test::client_config(version, version);
        if (*ciphers != 0) config.ciphers = ciphers;
        auto other = tls::test::server_config(version, version);
        if (*ciphers != 0) other.ciphers = ciphers;
        config.key_log = [&](std::string_view line) { keys.take(line); };
        tls::test::Pair pair(config, other);
        pair.client.start();
        talk(pair);
        pair.client.write(hex("0300000c 02f080 7f650261 62"));  // a Connect Initial, as far as the tracker asks
        talk(pair);
        const auto answer = said.size();
        pair.server.write(Bytes(8, 3));
        talk(pair);
        pair.server.close();
        talk(pair);

        FlowTable::Settings settings;
        if (with_keys) settings.keys = &keys;
        Script script(settings);
        script.open().data(client, request).data(server, confirm);
        for (std::size_t i = 0; i < said.size(); ++i) {
            if (lose && i == answer) script.unseen();
            script.data(said[i].first, said[i].second);
        }
        return script.fin(server).fin(client).one();
    }
    void talk(tls::test::Pair& pair) {
        for (bool moved = true; moved;) {
            moved = pass(pair.client, pair.server, client);
            moved = pass(pair.server, pair.client, server) || moved;
        }
    }
    bool pass(tls::Engine& from, tls::Engine& to, Side side) {
        const auto bytes = from.take_output();
        if (bytes.empty()) return false;
        said.emplace_back(side, bytes);
        Bytes plain;
        to.feed(bytes, plain);
        return true;
    }

    KeyLog keys;
    std::vector<std::pair<Side, Bytes>> said;
};

TEST_P(Reading, WithoutKeysItEndsAtTheRecords) {
    const auto account = play(false);
    EXPECT_EQ(account.talk.furthest, Stage::tls_application_data);
    EXPECT_FALSE(account.talk.opened);
    EXPECT_GE(account.talk.records[0], 1U);
}

TEST_P(Reading, WithKeysItGoesOnInside) {
    const auto account = play(true);
    EXPECT_TRUE(account.talk.opened) << account.talk.unopened;
    EXPECT_EQ(account.talk.furthest, Stage::mcs_connect_initial);
    expect_end(account, Ender::server, TcpEnd::fin);
}

TEST_P(Reading, BehindAGapNothingIsOpened) {
    const auto account = play(true, true);
    EXPECT_EQ(account.talk.furthest, Stage::mcs_connect_initial);
    EXPECT_GT(account.talk.lost[1], 0U);
    EXPECT_THAT(account.talk.unopened, IsEmpty());
    expect_end(account, Ender::server, TcpEnd::fin);
}

INSTANTIATE_TEST_SUITE_P(, Reading,
                         testing::Values(std::pair{tls::Version::tls1_3, ""},
                                         std::pair{tls::Version::tls1_2, "ECDHE-RSA-AES256-GCM-SHA384"},
                                         std::pair{tls::Version::tls1_2, "AES128-SHA256"},
                                         std::pair{tls::Version::tls1_0, "AES256-SHA"}));

}  // namespace
}  // namespace rdpfault::capture::test
