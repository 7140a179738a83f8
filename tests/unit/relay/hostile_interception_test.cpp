// A hostile client of an intercepting relay harms its own connection and nothing else: one that is held open through
// the same relay stays usable, and memory stays bounded.
#include <malloc.h>

#include <deque>

#include "lab.hpp"
#include "protocol/tls_record.hpp"
#include "proxy/tls/certificate_mint.hpp"
#include "tests/unit/tls/pair.hpp"

namespace rdpfault::proxy {
namespace {

using tls::Engine;
using tls::Version;
using State = Engine::State;

// What two connections may hold at most: a session keeps up to Limits::high_water a direction, and there are three.
constexpr std::size_t bound = 4 * 1024 * 1024;

// Zero where the allocator does not count (sanitizers).
std::size_t in_use() {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

// One end of RDP's TLS on a socket: X.224 in the clear, then an engine.
struct End {
    End(std::shared_ptr<Peer> the_peer, const tls::EngineConfig& config)
        : peer(std::move(the_peer)), engine(config), is_client(config.role == tls::Role::client) {
        if (is_client) peer->say(request);
    }

    void turn() {
        if (peer->heard.size() < request.size()) return;
        if (!begun) {
            begun = true;
            taken = request.size();
            if (is_client)
                engine.start();
            else
                peer->say(confirm);
        }
        const auto news = ByteView(peer->heard).subspan(taken);
        taken = peer->heard.size();
        const auto before = plaintext.size();
        engine.feed(news, plaintext);
        if (!is_client && plaintext.size() > before) engine.write(ByteView(plaintext).subspan(before));  // an echo
        if (auto output = engine.take_output(); !output.empty()) peer->say(output);
    }

    std::shared_ptr<Peer> peer;
    Engine engine;
    bool is_client;
    bool begun = false;
    std::size_t taken = 0;
    Bytes plaintext;
};

class HostileClient : public testing::Test {
  protected:
    HostileClient()
        : lab_({}, 0, asio::ip::address_v4::loopback(),
               [](RelaySettings& settings) {
                   InterceptSettings intercept;
                   intercept.mint = std::make_shared<CertificateMint>(nullptr, tls::test::noon);
                   settings.connection.intercept = std::make_shared<InterceptShared>(std::move(intercept));
               }),
          held_(connect()) {
        EXPECT_TRUE(until([&] { return held_->engine.state() == State::established; }));
        expect_held_is_usable();
    }
    ~HostileClient() override {
        expect_held_is_usable();
        held_->peer->close();
    }

    bool until(const std::function<bool()>& done) {
        return lab_.until([&] {
            while (servers_.size() < lab_.server.peers.size())
                servers_.emplace_back(lab_.server.peers[servers_.size()],
                                      tls::test::server_config(Version::tls1_2, Version::tls1_3));
            for (auto& server : servers_)
                server.turn();
            for (auto& client : clients_)
                client.turn();
            return done();
        });
    }
    End* connect(Version version = Version::tls1_3) {
        auto peer = lab_.connect();
        return &clients_.emplace_back(std::move(peer), tls::test::client_config(version, version));
    }
    // A client that has its Connection Confirm, and speaks for itself from there on.
    std::shared_ptr<Peer> confirmed() {
        auto peer = lab_.connect();
        peer->say(request);
        EXPECT_TRUE(until([&] { return peer->heard.size() == confirm.size(); }));
        return peer;
    }
    // The hostile connection, the last one made, is over on both sides.
    void expect_over(const Peer& client) {
        EXPECT_TRUE(until([&] { return client.ended() && lab_.server.peers.back()->ended(); }));
        EXPECT_TRUE(lab_.finished(1));
    }
    void expect_held_is_usable() {
        const auto said = to_bytes("still there? ");
        const auto before = held_->plaintext.size();
        held_->engine.write(said);
        EXPECT_TRUE(until([&] { return held_->plaintext.size() >= before + said.size(); }));
        EXPECT_EQ(held_->engine.state(), State::established);
        EXPECT_FALSE(held_->peer->ended());
    }

    Lab lab_;
    std::deque<End> servers_;
    std::deque<End> clients_;
    End* held_;
};

TEST_F(HostileClient, ThatSendsGarbage) {
    for (const auto byte : {0x00, 0x03, 0x16, 0x55, 0x80, 0xFF}) {
        const auto client = confirmed();
        client->say(Bytes(100'000, static_cast<std::uint8_t>(byte)));
        expect_over(*client);
        expect_held_is_usable();
    }
}

TEST_F(HostileClient, ThatSendsAHelloOf16Megabytes) {
    for (const auto third : {0xFF, 0x01}) {  // a length that is refused at once, and the longest that is not
        const auto client = confirmed();
        const auto before = in_use();
        std::size_t most = 0, sent = 0;
        Bytes record{22, 3, 1, 0x40, 0, 1, static_cast<std::uint8_t>(third), 0xFF, 0xFF, 3, 3};
        record.resize(protocol::tls_record_header_size + 16384);
        EXPECT_TRUE(until([&] {
            most = std::max(most, in_use() - std::min(before, in_use()));
            if (!client->said_all() || client->ended()) return client->ended();
            if (sent < 1U << 24) client->say(record);
            if (sent == 0) std::fill(record.begin() + 5, record.end(), std::uint8_t{0});
            sent += 16384;
            return false;
        }));
        EXPECT_LT(most, bound);
        expect_over(*client);
        expect_held_is_usable();
    }
}

// Nobody asked for a certificate of the client's, compressed (RFC 8879 4) or not.
TEST_F(HostileClient, ThatSendsACompressedCertificate) {
    const Bytes certificate{25, 0, 0, 8, 0, 2, 0xFF, 0xFF, 0xFF, 0, 0, 0};
    for (const auto version : {Version::tls1_2, Version::tls1_3}) {
        auto* client = connect(version);
        ASSERT_TRUE(until([&] { return client->engine.state() == State::established; }));
        client->peer->say(client->engine.seal(22, certificate));
        expect_over(*client->peer);
        ASSERT_TRUE(client->engine.alert_received());
        EXPECT_EQ(client->engine.alert_received()->description, 10);  // unexpected_message
        expect_held_is_usable();
    }
}

TEST_F(HostileClient, ThatSendsACompressedCertificateForItsHello) {
    const auto client = confirmed();
    client->say(hex("1603030010 1900000c 0002 ffffff 000004 00000000"));
    expect_over(*client);
}

// It is told no, with warning 100; OpenSSL as a client gives up then.
TEST_F(HostileClient, ThatRenegotiates) {
    auto* client = connect(Version::tls1_2);
    ASSERT_TRUE(until([&] { return client->engine.state() == State::established; }));
    ASSERT_TRUE(client->engine.request_renegotiation());
    EXPECT_TRUE(until([&] { return client->engine.warning_received().has_value(); }));
    EXPECT_EQ(client->engine.warning_received(), (tls::Alert{1, 100}));
    expect_over(*client->peer);
}

}  // namespace
}  // namespace rdpfault::proxy
