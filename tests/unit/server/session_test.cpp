// A proper client, from the first byte to the active session, and what is answered on the way.
#include <gmock/gmock.h>

#include "protocol/activation.hpp"
#include "protocol/finalization.hpp"
#include "protocol/gcc.hpp"
#include "protocol/licensing.hpp"
#include "protocol/mcs_connect.hpp"
#include "protocol/save_session_info.hpp"
#include "server/activation.hpp"
#include "tests/unit/server/scripted_client.hpp"

namespace rdpfault::server::test {
namespace {

using testing::ElementsAre;

// The share PDU (or other payload) in a unit that must be on the I/O channel.
Bytes payload(const Bytes& unit) {
    const auto mcs = protocol::data_payload(unit);
    if (!mcs) return {};
    auto data = protocol::SendDataIndication::decode(*mcs);
    EXPECT_TRUE(data && data->channel == 1003) << to_hex(unit);
    return data ? std::move(data->payload) : Bytes{};
}

template <class Pdu>
Pdu decoded(const Bytes& unit) {
    auto pdu = Pdu::decode(payload(unit));
    EXPECT_TRUE(pdu) << (pdu ? "" : to_string(pdu.error()));
    return pdu ? std::move(*pdu) : Pdu{};
}

const auto whole_connection = ElementsAre(
    "x224.request", "x224.confirm", "tls.client_hello", "tls.server_hello", "tls.established", "mcs.connect_initial",
    "mcs.connect_response", "mcs.erect_domain", "mcs.attach_user", "mcs.attach_user_confirm", "mcs.channel_join",
    "rdp.client_info", "rdp.licensing", "rdp.demand_active", "rdp.confirm_active", "rdp.finalization", "rdp.active");

TEST(Session, GoesThroughEveryStage) {
    ScriptedClient client;
    client.go_to(Stage::rdp_active);
    EXPECT_THAT(client.stages(), whole_connection);
    EXPECT_TRUE(client.acceptor.report().session_up);
    EXPECT_EQ(client.acceptor.report().furthest, Stage::rdp_active);
    EXPECT_EQ(client.acceptor.wish(), Acceptor::Wish::open);
    EXPECT_EQ(client.acceptor.wake_at(), std::nullopt) << "an active session may be idle for ever";
    ASSERT_TRUE(client.acceptor.report().tls);
    EXPECT_EQ(client.acceptor.report().tls->version, tls::Version::tls1_3);
}

TEST(Session, GoesThroughEveryStageByteByByte) {
    ScriptedClient client;
    client.step = 1;
    client.go_to(Stage::rdp_active);
    EXPECT_THAT(client.stages(), whole_connection);
}

class EveryVersion : public testing::TestWithParam<tls::Version> {};
TEST_P(EveryVersion, Connects) {
    ScriptedClient client(with([&](Config& config) { config.tls_min = config.tls_max = GetParam(); }));
    client.go_to(Stage::rdp_active);
    EXPECT_TRUE(client.acceptor.report().session_up);
    EXPECT_EQ(client.acceptor.report().tls->version, GetParam());
}
INSTANTIATE_TEST_SUITE_P(Session, EveryVersion,
                         testing::Values(tls::Version::tls1_0, tls::Version::tls1_1, tls::Version::tls1_2,
                                         tls::Version::tls1_3));

TEST(Session, ConnectResponseEchoesAndGivesChannels) {
    Traits traits;
    traits.protocols = 0x0B;
    traits.channels = {{"a", 0}, {"b", 0}, {"c", 0}};
    ScriptedClient client({}, traits);
    client.go_to(Stage::mcs_connect_response);
    ASSERT_EQ(client.units.size(), 1u);
    const auto response = protocol::ConnectResponse::decode(*protocol::data_payload(client.units[0]));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->result, 0);
    const auto gcc = protocol::ConferenceCreateResponse::decode(response->user_data);
    ASSERT_TRUE(gcc);
    EXPECT_EQ(gcc->blocks.core->client_requested_protocols, 0x0Bu);
    EXPECT_EQ(gcc->blocks.core->early_capability_flags.value_or(0) & protocol::server_early::skip_channel_join, 0u);
    EXPECT_EQ(*gcc->blocks.security, protocol::ServerSecurityData{});
    EXPECT_EQ(gcc->blocks.network->io_channel, 1003);
    EXPECT_THAT(gcc->blocks.network->channels, ElementsAre(1004, 1005, 1006));
    EXPECT_FALSE(gcc->blocks.message_channel);
}

TEST(Session, JoinsKnownChannelsAndRefusesOthers) {
    ScriptedClient client;
    client.go_to(Stage::mcs_attach_user_confirm);
    client.units.clear();
    for (const int channel : {1003, 1004, 1005, 1006, 1007, 1002, 65535})
        client.mcs(protocol::ChannelJoinRequest{client.user(), static_cast<std::uint16_t>(channel)});
    ASSERT_EQ(client.units.size(), 7u);
    for (std::size_t i = 0; i < 7; ++i) {
        const auto confirm = protocol::ChannelJoinConfirm::decode(*protocol::data_payload(client.units[i]));
        ASSERT_TRUE(confirm);
        EXPECT_EQ(confirm->result == 0, i < 4) << i;
        EXPECT_EQ(confirm->channel.has_value(), i < 4) << i;
    }
}

TEST(Session, TakesJoinsInOneBatch) {
    ScriptedClient client;
    client.go_to(Stage::mcs_attach_user_confirm);
    client.units.clear();
    Bytes batch;
    for (std::uint16_t channel = 1003; channel <= client.user(); ++channel)
        append(batch, protocol::data_unit(protocol::encoded(protocol::ChannelJoinRequest{client.user(), channel})));
    client.unit(batch);
    EXPECT_EQ(client.units.size(), 4u);
}

TEST(Session, LicensesAndDemands) {
    Traits traits;
    traits.core.desktop_width = 803;
    traits.core.desktop_height = 601;
    ScriptedClient client({}, traits);
    client.go_to(Stage::mcs_channel_join);
    client.units.clear();
    protocol::ClientInfo info;
    client.pdu(info);
    ASSERT_EQ(client.units.size(), 2u);
    EXPECT_EQ(to_hex(payload(client.units[0])), "80000000ff031000070000000200000004000000");
    const auto demand = decoded<protocol::DemandActive>(client.units[1]);
    EXPECT_EQ(demand.origin.share_id, client.origin().share_id);
    const auto* bitmap = protocol::find<protocol::BitmapCapability>(demand.capabilities);
    ASSERT_TRUE(bitmap);
    EXPECT_EQ(bitmap->desktop_width, 800) << "a multiple of four";
    EXPECT_EQ(bitmap->desktop_height, 601);
    EXPECT_EQ(bitmap->preferred_bits_per_pixel, 32);
    EXPECT_TRUE(protocol::find<protocol::InputCapability>(demand.capabilities));
}

TEST(Session, AnswersFinalizationOneByOne) {
    ScriptedClient client;
    client.go_to(Stage::rdp_confirm_active);
    client.units.clear();
    client.pdu(protocol::Synchronize{.origin = client.origin()});
    client.pdu(protocol::Control{.origin = client.origin()});
    client.pdu(protocol::Control{.origin = client.origin(), .action = protocol::ControlAction::request_control});
    ASSERT_EQ(client.units.size(), 3u);
    EXPECT_EQ(decoded<protocol::Synchronize>(client.units[0]).target_user, client.user());
    EXPECT_EQ(decoded<protocol::Control>(client.units[1]).action, protocol::ControlAction::cooperate);
    const auto granted = decoded<protocol::Control>(client.units[2]);
    EXPECT_EQ(granted.action, protocol::ControlAction::granted_control);
    EXPECT_EQ(granted.grant_id, client.user());
    EXPECT_EQ(granted.control_id, 1002u);
    EXPECT_FALSE(client.acceptor.report().session_up);
    client.pdu(protocol::FontList{.origin = client.origin()});
    ASSERT_GT(client.units.size(), 4u);
    EXPECT_EQ(decoded<protocol::FontMap>(client.units[3]).flags, 3);
    EXPECT_TRUE(client.acceptor.report().session_up);
}

TEST(Session, TellsOfTheLogonWhenAsked) {
    for (const bool asked : {true, false}) {
        Traits traits;
        if (!asked) traits.info_flags &= ~protocol::client_info_flags::logon_notify;
        ScriptedClient client({}, traits);
        client.go_to(Stage::rdp_active);
        const auto told = std::ranges::any_of(client.units, [](const Bytes& unit) {
            if (unit[0] != 3) return false;
            const auto mcs = protocol::data_payload(unit);
            const auto data = protocol::SendDataIndication::decode(*mcs);
            return data && protocol::SaveSessionInfo::decode(data->payload).has_value();
        });
        EXPECT_EQ(told, asked);
    }
}

struct Depth {
    std::uint16_t early, supported, high, post_beta2, expected;
};
TEST(Session, PicksTheClientsDepth) {
    for (const auto& [early, supported, high, post_beta2, expected] : {Depth{2, 15, 24, 0xCA01, 32},
                                                                       {0, 15, 24, 0xCA01, 24},
                                                                       {2, 7, 24, 0xCA01, 24},
                                                                       {0, 15, 16, 0xCA01, 16},
                                                                       {0, 15, 15, 0xCA01, 15},
                                                                       {0, 0, 8, 0xCA02, 15},
                                                                       {0, 0, 4, 0xCA04, 24},
                                                                       {0, 0, 0, 0xCA01, 16}}) {
        protocol::ClientCoreData core;
        core.early_capability_flags = early;
        core.supported_color_depths = supported;
        core.high_color_depth = high;
        core.post_beta2_color_depth = post_beta2;
        EXPECT_EQ(choose_desktop(core, 1024, 768).bits_per_pixel, expected) << high;
    }
}

}  // namespace
}  // namespace rdpfault::server::test
