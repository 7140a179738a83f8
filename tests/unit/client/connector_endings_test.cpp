// How connections end, in each stage.
#include "playbook.hpp"

namespace rdpfault::client {
namespace {

// After so many steps of the playbook the connector waits for this.
struct Waiting {
    int steps;
    Stage stage;
    std::string name;
};
void PrintTo(const Waiting& waiting, std::ostream* out) {
    *out << waiting.name;
}

const Waiting places[] = {
    {1, Stage::x224_confirm, "confirm"},
    {2, Stage::mcs_connect_response, "connect_response"},
    {3, Stage::mcs_attach_user_confirm, "attach_user_confirm"},
    {4, Stage::mcs_channel_join, "channel_join"},
    {5, Stage::rdp_licensing, "licensing"},
    {6, Stage::rdp_demand_active, "demand_active"},
    {7, Stage::rdp_finalization, "finalization"},
    {8, Stage::rdp_active, "active"},
};

class InEachStage : public testing::TestWithParam<Waiting> {
  protected:
    InEachStage() : play(config()) { play.play(GetParam().steps); }

    static ProbeConfig config() {
        ProbeConfig config;
        config.linger = 1h;
        config.stage_timeout = 3s;
        return config;
    }
    void expect_end(EndKind kind, std::uint32_t code = 0) {
        ASSERT_TRUE(play.connector.finished());
        EXPECT_EQ(to_string(play.ending().kind), to_string(kind)) << play.ending().detail;
        EXPECT_EQ(play.ending().code, code);
        EXPECT_EQ(to_string(play.report().ended_in), to_string(GetParam().stage));
        EXPECT_EQ(play.report().session_up, GetParam().stage == Stage::rdp_active);
        EXPECT_EQ(play.connector.wake_at(), std::nullopt);
    }

    Playbook play;
};

class BeforeTheSession : public InEachStage {};
class InsideTls : public InEachStage {};
class InsideMcs : public InEachStage {};
class AfterClientInfo : public InEachStage {};

TEST_P(InEachStage, Close) {
    play.fin();
    expect_end(EndKind::close);
}

TEST_P(InEachStage, Reset) {
    play.rst();
    expect_end(EndKind::reset);
    EXPECT_EQ(play.ending().system_error, ECONNRESET);
}

TEST_P(BeforeTheSession, Silence) {
    play.after(2999ms);
    EXPECT_FALSE(play.connector.finished());
    play.after(1ms);
    expect_end(EndKind::timeout);
    EXPECT_EQ(play.report().duration, 3s);
}

TEST_P(InsideTls, CloseNotify) {
    play.engine.close();
    play.wire(play.engine.take_output());
    expect_end(EndKind::close);
}

TEST_P(InsideMcs, Ultimatum) {
    play.ultimatum(1);
    expect_end(EndKind::disconnect, 1);
    // A goodbye before the session is not how far the connection came.
    EXPECT_EQ(play.report().furthest == Stage::rdp_disconnect, play.report().session_up);
}

TEST_P(AfterClientInfo, ErrorInfoThenClose) {
    play.error_info(7);
    EXPECT_FALSE(play.connector.finished());
    play.fin();
    expect_end(EndKind::error_info, 7);
    EXPECT_EQ(play.ending().detail, "then close");
}

TEST_P(AfterClientInfo, ErrorInfoThenUltimatum) {
    play.error_info(7);
    play.ultimatum(3);
    expect_end(EndKind::error_info, 7);
}

TEST_P(AfterClientInfo, ErrorInfoThenReset) {
    play.error_info(7);
    play.rst();
    expect_end(EndKind::error_info, 7);
}

TEST_P(AfterClientInfo, ErrorInfoZeroTakesItBack) {
    play.error_info(7);
    play.error_info(0);
    play.fin();
    expect_end(EndKind::close);
}

TEST_P(InEachStage, Garbage) {
    const auto received = play.report().bytes_received;
    play.wire(to_bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect_end(EndKind::malformed);
    EXPECT_EQ(play.ending().offset, received);
}

TEST_P(InsideTls, Garbage) {
    play.plain(to_bytes("SSH-2.0-lab\r\n"));  // 'S' begins neither a TPKT nor a fast-path unit
    expect_end(EndKind::malformed);
    EXPECT_THAT(play.ending().detail, testing::StartsWith("decrypted: "));
}

TEST_P(InsideTls, ACorruptRecord) {
    const auto received = play.report().bytes_received;
    play.engine.write(to_bytes("anything"));
    auto record = play.engine.take_output();
    record.back() ^= 1;
    play.wire(record);
    expect_end(EndKind::malformed);
    EXPECT_EQ(play.ending().offset, received);
}

TEST_P(InEachStage, NothingIsHeardAfterTheEnd) {
    play.fin();
    const auto received = play.report().bytes_received;
    play.connector.received(to_bytes("more"), play.now);
    play.rst();
    play.after(1h);
    expect_end(EndKind::close);
    EXPECT_EQ(play.report().bytes_received, received);
}

std::string name_of(const testing::TestParamInfo<Waiting>& test) {
    return test.param.name;
}

const auto everywhere = std::span(places);
INSTANTIATE_TEST_SUITE_P(Connector, InEachStage, testing::ValuesIn(places), name_of);
INSTANTIATE_TEST_SUITE_P(Connector, BeforeTheSession, testing::ValuesIn(everywhere.begin(), everywhere.end() - 1),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Connector, InsideTls, testing::ValuesIn(everywhere.begin() + 1, everywhere.end()), name_of);
INSTANTIATE_TEST_SUITE_P(Connector, InsideMcs, testing::ValuesIn(everywhere.begin() + 2, everywhere.end()), name_of);
INSTANTIATE_TEST_SUITE_P(Connector, AfterClientInfo, testing::ValuesIn(everywhere.begin() + 4, everywhere.end()),
                         name_of);

TEST(ConnectorEndings, ASessionMayBeSilent) {
    ProbeConfig config;
    config.linger = 1h;
    Playbook play(config);
    play.play(Playbook::all_steps);
    play.after(59min);
    EXPECT_FALSE(play.connector.finished());
    EXPECT_TRUE(play.sent.empty());
}

TEST(ConnectorEndings, EachNegotiationFailure) {
    for (std::uint32_t code = 1; code <= 6; ++code) {
        Playbook play;
        play.connect();
        ConnectionConfirm confirm;
        confirm.failure = NegotiationFailure{0, code};
        play.wire(encoded(confirm));
        EXPECT_EQ(play.ending().kind, EndKind::negotiation_failure);
        EXPECT_EQ(play.ending().code, code);
        EXPECT_EQ(play.report().ended_in, Stage::x224_confirm);
        EXPECT_EQ(play.report().furthest, Stage::x224_confirm);
    }
}

TEST(ConnectorEndings, AServerThatSelectsWhatTheProbeDoesNotSpeak) {
    const auto select = [](std::uint32_t asked, std::optional<std::uint32_t> selected) {
        ProbeConfig config;
        config.requested_protocols = asked;
        Playbook play(config);
        play.connect();
        ConnectionConfirm confirm;
        if (selected) confirm.response = NegotiationResponse{0, *selected};
        play.wire(encoded(confirm));
        return play.ending();
    };
    EXPECT_EQ(select(1, 0).kind, EndKind::tls_failure);
    EXPECT_EQ(select(1, std::nullopt).kind, EndKind::tls_failure);  // a server that does not negotiate
    EXPECT_EQ(select(7, 4).kind, EndKind::authentication);          // RDSTLS
    EXPECT_EQ(select(1, 2).kind, EndKind::malformed);
    EXPECT_EQ(select(1, 2).offset, 15u);
}

TEST(ConnectorEndings, ATruncatedConfirmIsAClose) {
    Playbook play;
    play.connect();
    ConnectionConfirm confirm;
    confirm.response = NegotiationResponse{0, protocol_ssl};
    auto bytes = encoded(confirm);
    bytes.resize(11);
    play.wire(bytes);
    EXPECT_FALSE(play.connector.finished());
    play.fin();
    EXPECT_EQ(play.ending().kind, EndKind::close);
    EXPECT_EQ(play.report().furthest, Stage::x224_request);
}

TEST(ConnectorEndings, ATpktLengthThatLies) {
    for (const auto length : Bytes{6, 18}) {  // too short for any TPDU; one byte less than the TPDU says
        Playbook play;
        play.connect();
        ConnectionConfirm confirm;
        confirm.response = NegotiationResponse{0, protocol_ssl};
        auto bytes = encoded(confirm);
        bytes[3] = length;
        play.wire(bytes);
        EXPECT_EQ(play.ending().kind, EndKind::malformed) << int(length);
        EXPECT_EQ(play.report().ended_in, Stage::x224_confirm);
    }
}

TEST(ConnectorEndings, APlainAlertInAnswerToTheClientHello) {
    for (const auto description : Bytes{40, 70, 80}) {
        Playbook play;
        play.connect();
        ConnectionConfirm confirm;
        confirm.response = NegotiationResponse{0, protocol_ssl};
        play.wire(encoded(confirm));  // not secured: nothing answers the ClientHello
        EXPECT_EQ(play.report().furthest, Stage::tls_client_hello);
        play.wire(Bytes{0x15, 0x03, 0x03, 0x00, 0x02, 0x02, description});
        EXPECT_EQ(play.ending().kind, EndKind::tls_alert);
        EXPECT_EQ(play.ending().code, description);
        EXPECT_EQ(play.report().ended_in, Stage::tls_server_hello);
    }
}

TEST(ConnectorEndings, EndsBetweenTheHellosAreTold) {
    for (const bool reset : {true, false}) {
        Playbook play;
        play.connect();
        ConnectionConfirm confirm;
        confirm.response = NegotiationResponse{0, protocol_ssl};
        play.wire(encoded(confirm));
        if (reset)
            play.rst();
        else
            play.fin();
        EXPECT_EQ(play.ending().kind, reset ? EndKind::reset : EndKind::close);
        EXPECT_EQ(play.report().furthest, Stage::tls_client_hello);
        EXPECT_EQ(play.report().ended_in, Stage::tls_server_hello);
    }
}

TEST(ConnectorEndings, NoTlsVersionInCommon) {
    ProbeConfig config;
    config.tls_max = tls::Version::tls1_2;
    Playbook play(config, server_tls(tls::Version::tls1_3));
    play.play(2);
    EXPECT_EQ(play.ending().kind, EndKind::tls_alert);
    EXPECT_EQ(play.ending().code, 70u);
    EXPECT_EQ(play.report().ended_in, Stage::tls_server_hello);
}

TEST(ConnectorEndings, ACipherListThatOpensslRefuses) {
    ProbeConfig config;
    config.tls_ciphers = "NO-SUCH-CIPHER";
    Playbook play(config);
    play.play(2);
    EXPECT_EQ(play.ending().kind, EndKind::tls_failure);
    EXPECT_THAT(play.ending().detail, testing::HasSubstr("NO-SUCH-CIPHER"));
}

TEST(ConnectorEndings, ALicenseError) {
    Playbook play;
    play.play(5);
    LicenseErrorAlert alert;
    alert.error_code = license_error::no_license_server;
    alert.state_transition = license_transition::total_abort;
    play.channel(encoded(alert));
    EXPECT_EQ(play.ending().kind, EndKind::license_error);
    EXPECT_EQ(play.ending().code, license_error::no_license_server);
    EXPECT_EQ(play.report().ended_in, Stage::rdp_licensing);
}

TEST(ConnectorEndings, ADowngradeInTheMiddle) {
    Playbook play;
    play.play(2);
    play.requested.negotiation->protocols = 3;  // the server was told something else than we said
    play.sent.pop_front();
    ConferenceCreateResponse response;
    response.blocks.core = ServerCoreData{0x00080004, 3, {}};
    response.blocks.network = ServerNetworkData{};
    ConnectResponse pdu;
    pdu.user_data = encoded(response);
    play.mcs(encoded(pdu));
    EXPECT_EQ(play.ending().kind, EndKind::malformed);
    EXPECT_EQ(play.ending().detail, "decrypted: clientRequestedProtocols is not what was requested");
}

TEST(ConnectorEndings, ARefusedJoin) {
    Playbook play;
    play.play(4);
    play.mcs(encoded(ChannelJoinConfirm{15, user_id, user_id, {}}));
    EXPECT_EQ(play.ending().kind, EndKind::malformed);
    EXPECT_EQ(play.report().ended_in, Stage::mcs_channel_join);
}

TEST(ConnectorEndings, SilenceBeginsAnewWithEveryByte) {
    ProbeConfig config;
    config.stage_timeout = 3s;
    config.overall_timeout = 10s;
    Playbook play(config);
    play.connect();
    for (const auto byte : Bytes{0x03, 0x00, 0x00}) {
        play.after(2999ms);
        play.connector.received({&byte, 1}, play.now);
        EXPECT_FALSE(play.connector.finished());
    }
    play.after(1003ms);  // but the whole has its limit: 10 s since the connect
    EXPECT_EQ(play.ending().kind, EndKind::timeout);
    EXPECT_EQ(play.report().duration, 10s);
}

TEST(ConnectorEndings, ADeactivatedSessionThatIsNotResumed) {
    ProbeConfig config;
    config.linger = 1h;
    Playbook play(config);
    play.play(Playbook::all_steps);
    play.channel(encoded(DeactivateAll{}));
    play.after(10s);
    EXPECT_EQ(play.ending().kind, EndKind::timeout);
    EXPECT_TRUE(play.report().session_up);
    EXPECT_EQ(play.report().ended_in, Stage::rdp_demand_active);
}

TEST(ConnectorEndings, AnEndBeforeTcpIsUp) {
    Playbook play;
    play.connector.failed({.kind = EndKind::refused, .system_error = ECONNREFUSED, .detail = {}}, play.now + 5ms);
    EXPECT_TRUE(play.connector.finished());
    EXPECT_FALSE(play.report().connected);
    EXPECT_EQ(play.ending().kind, EndKind::refused);
    EXPECT_EQ(play.report().ended_in, Stage::tcp_connect);
    play.connector.connected(play.now);
    EXPECT_TRUE(play.connector.take_output().empty());
}

}  // namespace
}  // namespace rdpfault::client
