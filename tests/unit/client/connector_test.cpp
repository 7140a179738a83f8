// Connections that come up, and what is said in them.
#include "playbook.hpp"
#include "protocol/autodetect.hpp"
#include "protocol/client_info.hpp"
#include "protocol/fast_path.hpp"

namespace rdpfault::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Stage> stage_list(const ConnectionReport& report) {
    std::vector<Stage> list;
    for (const auto& entry : report.stages)
        list.push_back(entry.stage);
    return list;
}

ProbeConfig lingering() {
    ProbeConfig config;
    config.linger = 2s;
    return config;
}

TEST(Connector, BeginsWithTheConnectionRequest) {
    Playbook play;
    play.config.user = "Administrator";
    Connector connector(play.config, {});
    EXPECT_THAT(connector.take_output(), IsEmpty());
    connector.connected({});
    // Cookie of nine characters, RDP_NEG_REQ for TLS.
    Bytes expected;
    ASSERT_TRUE(from_hex("0300002f 2ae00000000000", expected));
    append(expected, to_bytes("Cookie: mstshash=Administr\r\n"));
    Bytes negotiation;
    ASSERT_TRUE(from_hex("0100080001000000", negotiation));
    append(expected, negotiation);
    EXPECT_EQ(connector.take_output(), expected);
    EXPECT_EQ(connector.report().bytes_sent, expected.size());
}

TEST(Connector, GoesFromConnectToAnOrderlyEnd) {
    Playbook play(lingering());
    play.play(Playbook::all_steps);
    EXPECT_TRUE(play.report().session_up);
    EXPECT_FALSE(play.connector.finished());
    EXPECT_THAT(play.sent, IsEmpty());
    EXPECT_THAT(play.joined, ElementsAre(user_id, io_id));

    play.after(1999ms);
    EXPECT_THAT(play.sent, IsEmpty());
    play.after(1ms);
    EXPECT_EQ(play.next_share<ShutdownRequest>().origin, (ShareOrigin{share.share_id, user_id}));
    EXPECT_FALSE(play.connector.finished());
    play.channel(encoded(ShutdownDenied{share}));
    EXPECT_EQ(DisconnectProviderUltimatum::decode(play.next_mcs()).value().reason, 3);
    EXPECT_THAT(play.sent, IsEmpty());
    EXPECT_EQ(play.engine.state(), tls::Engine::State::closed);  // close_notify has come

    EXPECT_TRUE(play.connector.finished());
    EXPECT_EQ(play.connector.wake_at(), std::nullopt);
    EXPECT_EQ(play.ending().kind, EndKind::orderly);
    EXPECT_EQ(play.report().duration, 2s);
    EXPECT_THAT(
        stage_list(play.report()),
        ElementsAre(Stage::tcp_connect, Stage::x224_request, Stage::x224_confirm, Stage::tls_client_hello,
                    Stage::tls_server_hello, Stage::tls_client_flight, Stage::tls_finished, Stage::tls_established,
                    Stage::mcs_connect_initial, Stage::mcs_connect_response, Stage::mcs_erect_domain,
                    Stage::mcs_attach_user, Stage::mcs_attach_user_confirm, Stage::mcs_channel_join,
                    Stage::rdp_client_info, Stage::rdp_licensing, Stage::rdp_demand_active, Stage::rdp_confirm_active,
                    Stage::rdp_finalization, Stage::rdp_active, Stage::rdp_disconnect));
    ASSERT_TRUE(play.report().tls);
    EXPECT_EQ(play.report().tls->version, tls::Version::tls1_3);
    EXPECT_EQ(play.report().tls->peer_certificate->subject, "CN=localhost");
    EXPECT_EQ(play.report().selected_protocol, protocol_ssl);
}

TEST(Connector, IsTheSameHoweverTheBytesAreCut) {
    Playbook whole, bytes;
    bytes.byte_by_byte = true;
    whole.play(Playbook::all_steps);
    bytes.play(Playbook::all_steps);
    EXPECT_TRUE(bytes.report().session_up);
    EXPECT_EQ(stage_list(whole.report()), stage_list(bytes.report()));
    EXPECT_EQ(whole.report().bytes_received, bytes.report().bytes_received);
}

TEST(Connector, SeesThePlainHandshakeOfTls12) {
    Playbook play({}, server_tls(tls::Version::tls1_2));
    play.play(Playbook::all_steps);
    EXPECT_TRUE(play.report().session_up);
    const auto list = stage_list(play.report());
    EXPECT_THAT(list, testing::IsSupersetOf({Stage::tls_certificate, Stage::tls_server_hello_done}));
    EXPECT_EQ(play.report().tls->version, tls::Version::tls1_2);
}

TEST(Connector, LeavesAtOnceWithoutLinger) {
    Playbook play;
    play.play(Playbook::all_steps);
    play.next_share<ShutdownRequest>();
    play.ultimatum(3);
    EXPECT_EQ(play.ending().kind, EndKind::orderly);
    EXPECT_THAT(play.sent, IsEmpty());  // the server has spoken the last word
}

TEST(Connector, LeavesWithoutAnAnswerToo) {
    Playbook play;
    play.play(Playbook::all_steps);
    play.next_share<ShutdownRequest>();
    // Updates that go on coming do not keep it.
    while (!play.connector.finished() && play.now < Playbook::Time{} + 1min) {
        play.after(500ms);
        if (!play.connector.finished()) play.channel(encoded(Synchronize{share}));
    }
    EXPECT_TRUE(DisconnectProviderUltimatum::decode(play.next_mcs()));
    EXPECT_EQ(play.ending().kind, EndKind::orderly);
    EXPECT_LT(play.now, Playbook::Time{} + 5s);
}

TEST(Connector, AServerThatClosesUponTheShutdownRequestIsInOrder) {
    Playbook play;
    play.play(Playbook::all_steps);
    play.error_info(0xC);  // LOGOFF_BY_USER: what Windows says then
    play.fin();
    EXPECT_EQ(play.ending().kind, EndKind::orderly);
    EXPECT_EQ(play.report().ended_in, Stage::rdp_disconnect);
}

TEST(Connector, SaysWhatTheConfigurationSays) {
    ProbeConfig config;
    config.user = "lab";
    config.domain = "forest";
    config.password = "sesame";
    config.width = 800;
    config.height = 600;
    config.channels = {"rdpsnd", "cliprdr"};
    Playbook play(config);
    play.play(5);
    EXPECT_EQ(play.offered.core->desktop_width, 800);
    EXPECT_EQ(play.offered.core->server_selected_protocol, protocol_ssl);
    EXPECT_EQ(*play.offered.core->early_capability_flags & client_early::error_info, client_early::error_info);
    EXPECT_EQ(play.offered.message_channel, std::nullopt);
    EXPECT_EQ(play.offered.network->channels[1].name, "cliprdr");
    EXPECT_THAT(play.joined, ElementsAre(user_id, io_id, io_id + 1, io_id + 2));
    const auto info = ClientInfo::decode(play.client_info).value();
    EXPECT_EQ(info.user, "lab");
    EXPECT_EQ(info.domain, "forest");
    EXPECT_EQ(info.password, "sesame");
    EXPECT_TRUE(info.flags & client_info_flags::autologon);
}

TEST(Connector, AnswersALicenseRequestAndTakesXrdpsValidClient) {
    Playbook play(lingering());
    play.play(5);
    play.channel(encoded(LicenseRequest{}));
    const auto answer = LicenseErrorAlert::decode(play.next_data().payload).value();
    EXPECT_EQ(answer.error_code, license_error::no_license);
    Bytes valid;
    ASSERT_TRUE(from_hex("80000000 ff021000 07000000 02000000 28140000", valid));
    play.channel(valid);
    EXPECT_EQ(play.report().furthest, Stage::rdp_licensing);
    play.demand();
    play.finalize();
    EXPECT_TRUE(play.report().session_up);
}

TEST(Connector, IsActivatedAgainAfterDeactivateAll) {
    Playbook play(lingering());
    play.play(Playbook::all_steps);
    play.channel(encoded(DeactivateAll{0x03EA, std::nullopt}));  // xrdp's short form
    play.demand();
    play.finalize();
    EXPECT_FALSE(play.connector.finished());
    play.after(2s);  // the linger counts from the first activation
    play.next_share<ShutdownRequest>();
    EXPECT_EQ(play.report().ending.kind, EndKind::none);
}

TEST(Connector, TakesADeactivateAllBeforeTheFirstDemandActive) {
    Playbook play(lingering());
    play.play(6);
    play.channel(encoded(DeactivateAll{}));
    play.demand();
    play.finalize();
    EXPECT_TRUE(play.report().session_up);
}

TEST(Connector, CountsUpdates) {
    Playbook play(lingering());
    play.play(Playbook::all_steps);
    FastPathOutput output;
    output.updates = {{UpdateCode::bitmap, Fragmentation::single, {}, {1, 2, 3}},
                      {UpdateCode::pointer_default, Fragmentation::single, {}, {}}};
    play.plain(encoded(output));
    Writer slow;
    write_share_data(slow, DataPduType::update, share, [] {});
    play.channel(slow.take());
    EXPECT_EQ(play.report().updates, 3u);
}

TEST(Connector, IgnoresTheDataOfVirtualChannels) {
    auto config = lingering();
    config.channels = {"rdpsnd"};
    Playbook play(config);
    play.play(Playbook::all_steps);
    play.channel({0xff, 0xff, 0xff}, io_id + 1);
    EXPECT_FALSE(play.connector.finished());
}

TEST(Connector, AnswersAutoDetection) {
    auto config = lingering();
    config.auto_detect = true;
    Playbook play(config);
    play.play(5);
    EXPECT_THAT(play.joined, ElementsAre(user_id, io_id, Playbook::message_id));
    const auto ask = [&](auto body) { play.channel(encoded(AutoDetectRequest{7, body}), Playbook::message_id); };

    ask(RttRequest{});
    const auto rtt = play.next_data();
    EXPECT_EQ(rtt.channel, Playbook::message_id);
    EXPECT_EQ(AutoDetectResponse::decode(rtt.payload).value(), (AutoDetectResponse{7, RttResponse{}}));

    ask(BandwidthStart{});
    ask(BandwidthPayload{Bytes(100)});
    play.now += 40ms;
    ask(BandwidthStop{autodetect::bandwidth_stop_connect_time, Bytes(20)});
    const auto results = AutoDetectResponse::decode(play.next_data().payload).value();
    EXPECT_EQ(std::get<BandwidthResults>(results.body),
              (BandwidthResults{autodetect::bandwidth_results_connect_time, 40, 120}));
    EXPECT_THAT(play.sent, IsEmpty());
}

}  // namespace
}  // namespace rdpfault::client
