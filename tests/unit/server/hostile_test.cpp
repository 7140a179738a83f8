// Bytes that no client should send, at every place: the server never crashes, never lets them pile up, always ends.
#include <gmock/gmock.h>

#include <random>

#include "protocol/finalization.hpp"
#include "tests/unit/server/scripted_client.hpp"

namespace rdpfault::server::test {
namespace {

using namespace std::chrono_literals;
using Wish = Acceptor::Wish;

const Stage places[] = {Stage::tcp_connect,
                        Stage::x224_confirm,
                        Stage::tls_established,
                        Stage::mcs_connect_response,
                        Stage::mcs_attach_user_confirm,
                        Stage::mcs_channel_join,
                        Stage::rdp_demand_active,
                        Stage::rdp_confirm_active,
                        Stage::rdp_active};

// A desktop as small as can be: nothing here is about the picture.
Traits tiny() {
    Traits traits;
    traits.core.desktop_width = traits.core.desktop_height = 64;
    return traits;
}

Bytes random_bytes(std::mt19937& random, std::size_t count) {
    Bytes out(count);
    for (auto& byte : out)
        byte = static_cast<std::uint8_t>(random());
    return out;
}

void say(ScriptedClient& client, ByteView bytes) {
    if (client.tls)
        client.unit(bytes);
    else
        client.wire(bytes);
}

// Either the bytes ended it, or they are the beginning of something that the stage's time ends. Only an active session
// has no time, and only as long as it has not been told nonsense.
void expect_end(ScriptedClient& client) {
    client.acceptor.wake(24h);
    client.listen();
    if (client.acceptor.wish() == Wish::open) {
        ASSERT_TRUE(client.acceptor.report().session_up);
        client.acceptor.peer_closed(25h);
    }
    EXPECT_NE(client.acceptor.wish(), Wish::open);
    EXPECT_NE(client.ending().kind, EndKind::none);
}

class HostileBytes : public testing::TestWithParam<Stage> {};

TEST_P(HostileBytes, RandomBytesEnd) {
    std::mt19937 random(static_cast<unsigned>(GetParam()));
    for (int round = 0; round < 40; ++round) {
        ScriptedClient client({}, tiny());
        client.go_to(GetParam());
        say(client, random_bytes(random, 1 + random() % 2000));
        expect_end(client);
    }
}

TEST_P(HostileBytes, RandomBytesInAProperUnitEnd) {
    std::mt19937 random(100 + static_cast<unsigned>(GetParam()));
    for (int round = 0; round < 40; ++round) {
        ScriptedClient client({}, tiny());
        client.go_to(GetParam());
        const auto body = random_bytes(random, 1 + random() % 300);
        say(client,
            round % 2 == 0 ? protocol::data_unit(body) : protocol::send_data_request(client.user(), 1003, body));
        expect_end(client);
    }
}

INSTANTIATE_TEST_SUITE_P(Hostile, HostileBytes, testing::ValuesIn(places));

TEST(Hostile, DamagedConversationsEnd) {
    std::mt19937 random(7);
    // What a proper client says inside TLS, unit by unit.
    std::vector<Bytes> said;
    {
        ScriptedClient client({}, tiny());
        client.go_to(Stage::tls_established);
        protocol::ClientInfo info;
        said.push_back(protocol::data_unit(protocol::encoded(protocol::ErectDomainRequest{})));
        said.push_back(protocol::data_unit(protocol::encoded(protocol::AttachUserRequest{})));
        said.push_back(protocol::data_unit(protocol::encoded(protocol::ChannelJoinRequest{1006, 1003})));
        said.push_back(protocol::send_data_request(1006, 1003, protocol::encoded(info)));
        said.push_back(protocol::send_data_request(1006, 1003, protocol::encoded(protocol::FontList{})));
    }
    for (int round = 0; round < 300; ++round) {
        ScriptedClient client({}, tiny());
        client.go_to(places[3 + random() % 6]);
        auto bytes = said[random() % said.size()];
        for (unsigned i = 0; i <= random() % 4; ++i)
            bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        bytes.resize(1 + random() % bytes.size());
        say(client, bytes);
        expect_end(client);
    }
}

TEST(Hostile, OutOfTurnIsMalformed) {
    const auto kind_after = [](Stage place, auto what) {
        ScriptedClient client({}, tiny());
        client.go_to(place);
        what(client);
        return client.ending().kind;
    };
    EXPECT_EQ(kind_after(Stage::tls_established, [](auto& c) { c.mcs(protocol::AttachUserRequest{}); }),
              EndKind::malformed);
    EXPECT_EQ(kind_after(Stage::mcs_connect_response,
                         [](auto& c) {
                             c.mcs(protocol::ChannelJoinRequest{1006, 1003});
                         }),
              EndKind::malformed);
    EXPECT_EQ(kind_after(Stage::mcs_attach_user_confirm, [](auto& c) { c.pdu(protocol::ClientInfo{}); }),
              EndKind::malformed);
    EXPECT_EQ(kind_after(Stage::mcs_channel_join,
                         [](auto& c) {
                             c.unit(Bytes{0x04, 0x04, 0x00, 0x1e});
                         }),
              EndKind::malformed)
        << "fast-path input before the session is up";
    EXPECT_EQ(kind_after(Stage::mcs_channel_join,
                         [](auto& c) {
                             c.mcs(protocol::AttachUserConfirm{0, 1006});
                         }),
              EndKind::malformed);
}

TEST(Hostile, PlainTextInsideTlsIsAnAlert) {
    ScriptedClient client({}, tiny());
    client.go_to(Stage::tls_established);
    client.wire(Bytes{0x03, 0x00, 0x00, 0x07, 0x02, 0xf0, 0x80});
    EXPECT_EQ(client.ending().kind, EndKind::tls_alert) << to_string(client.ending());
    EXPECT_EQ(client.acceptor.report().by, Side::server);
}

TEST(Hostile, RepliesWaitBoundedly) {
    ScriptedClient client({}, tiny());
    client.go_to(Stage::mcs_attach_user_confirm);
    // The driver reads no further once this much waits; one read of 16 KiB cannot make it grow much beyond.
    Bytes flood;
    for (int i = 0; i < 1000; ++i)
        append(flood, protocol::data_unit(protocol::encoded(protocol::ChannelJoinRequest{1006, 1003})));
    client.tls->write(flood);
    client.acceptor.receive(client.now, client.tls->take_output());
    EXPECT_GT(client.acceptor.unsent(), 1000u * 15u);
    EXPECT_LT(client.acceptor.unsent(), 1000u * 20u);
}

}  // namespace
}  // namespace rdpfault::server::test
