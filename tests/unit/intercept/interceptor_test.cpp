// Whole runs through an intercepting proxy: nothing is lost, ends are carried, faults act where they are told to.
#include "trio.hpp"

#include "protocol/tls_record.hpp"

namespace rdpfault::proxy {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

InterceptConfig only(tls::Version version) {
    InterceptConfig config;
    config.client_leg.min = config.client_leg.max = version;
    config.server_leg.min = config.server_leg.max = version;
    return config;
}

Action alert(std::uint8_t code, std::uint8_t level = 2, Side to = Side::client) {
    action::Inject inject;
    inject.to = to;
    inject.bytes = protocol::tls_alert_record({level, code});
    inject.name = "tls_alert " + std::to_string(code);
    inject.alert = true;
    inject.then = action::Then::close;
    return inject;
}

struct Versions : testing::TestWithParam<tls::Version> {};
INSTANTIATE_TEST_SUITE_P(Tls, Versions, testing::Values(tls::Version::tls1_2, tls::Version::tls1_3),
                         [](const auto& version) { return version.param == tls::Version::tls1_2 ? "v1_2" : "v1_3"; });

TEST_P(Versions, ASessionComesUpAndIsLeftInOrder) {
    Trio trio(plan_of(), settings_for(only(GetParam())));
    trio.run();
    EXPECT_TRUE(trio.client.report().session_up);
    EXPECT_EQ(trio.client.report().ending.kind, EndKind::orderly) << to_string(trio.client.report().ending);
    EXPECT_EQ(trio.client.report().tls->version, GetParam());
    EXPECT_EQ(trio.server.report().tls->version, GetParam());
    EXPECT_TRUE(trio.proxy.finished());
    EXPECT_EQ(trio.log().ended_by, ConnectionLog::Who::client);
    EXPECT_GE(*trio.log().furthest, Stage::rdp_active);
}

// Both sides have said close_notify; the sockets are still theirs to end, and the proxy must not be the first.
TEST(Interceptor, CloseNotifyOfBothSidesEndsNoSocket) {
    Trio trio;
    trio.run();
    ASSERT_TRUE(trio.log().client_leg);
    EXPECT_FALSE(trio.log().client_leg->by_proxy);
    EXPECT_EQ(trio.log().first_end.detail, "close_notify");
    EXPECT_EQ(trio.log().ended_by, ConnectionLog::Who::client);
}

TEST(Interceptor, ShowsACertificateThatLooksLikeTheServersAndIsNot) {
    Trio trio;
    trio.run();
    const auto own = tls::facts(*server_credential()->certificate);
    const auto shown = *trio.client.report().tls->peer_certificate;
    EXPECT_EQ(shown.subject, own.subject);
    EXPECT_EQ(shown.names, own.names);
    EXPECT_EQ(shown.key_type, own.key_type);
    EXPECT_NE(shown.sha256, own.sha256);
}

TEST(Interceptor, LegsMayDiffer) {
    auto config = only(tls::Version::tls1_2);
    config.server_leg.min = config.server_leg.max = tls::Version::tls1_3;
    config.client_leg.ciphers = "ECDHE-RSA-AES128-GCM-SHA256";
    Trio trio(plan_of(), settings_for(config));
    trio.run();
    EXPECT_TRUE(trio.client.report().session_up);
    EXPECT_EQ(trio.client.report().tls->cipher, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    EXPECT_EQ(trio.server.report().tls->version, tls::Version::tls1_3);
}

TEST(Interceptor, TheAccountDoesNotDependOnHowStreamsAreCut) {
    const auto plans = {plan_of({fault_at(Stage::mcs_connect_response, action::Reset{Sides::client})}),
                        plan_of({fault_at(Stage::rdp_demand_active, action::Corrupt{3, 40})}),
                        plan_of({fault_at(Stage::rdp_client_info, action::Truncate{20, action::Then::close})})};
    for (const auto& plan : plans) {
        Trio reference(plan);
        reference.run();
        for (const auto& cut : {in_pieces_of(1), in_pieces_of(7), at_random(1), at_random(2)}) {
            Trio trio(plan);
            trio.run(cut);
            EXPECT_EQ(account(trio.log()), account(reference.log()));
            EXPECT_EQ(trio.ends, reference.ends);
        }
    }
}

// Every stage inside TLS is a moment: held back there, nothing of it reaches the other side.
TEST(Interceptor, EveryStageInsideTlsIsAMoment) {
    for (const auto& row : stages()) {
        if (row.visible || row.stage < Stage::mcs_connect_initial || !is_milestone(row.stage)) continue;
        for (const bool reset : {true, false}) {
            Trio trio(plan_of({fault_at(row.stage, reset ? Action(action::Reset{}) : Action(action::Close{}))}));
            trio.run();
            EXPECT_EQ(trio.log().ended_by, ConnectionLog::Who::proxy) << row.name;
            EXPECT_EQ(trio.log().first_end.kind, reset ? EndKind::reset : EndKind::close) << row.name;
            EXPECT_EQ(trio.log().furthest, row.stage) << row.name;
            EXPECT_THAT(trio.ends,
                        testing::UnorderedElementsAre(reset ? "reset client" : "close client", "close server"))
                << row.name;
            EXPECT_LT(trio.client.report().ending.kind, EndKind::client_exit);
            EXPECT_TRUE(trio.proxy.finished()) << row.name;
        }
    }
}

// An alert of any number, before encryption, between the flights and behind the handshake: the probe reads exactly it.
TEST_P(Versions, AnAlertOfAnyNumberAtAnyMomentReachesTheClient) {
    const std::pair<Stage, Segment> moments[] = {
        {Stage::tls_client_hello, Segment::client_wire},   {Stage::tls_server_hello, Segment::client_wire},
        {Stage::tls_client_flight, Segment::client_wire},  {Stage::mcs_connect_initial, Segment::decrypted},
        {Stage::mcs_connect_response, Segment::decrypted}, {Stage::rdp_active, Segment::decrypted}};
    for (const auto& [stage, segment] : moments)
        for (const std::uint8_t code : std::initializer_list<std::uint8_t>{40, 48, 70, 80, 113}) {
            Trio trio(plan_of({fault_at(stage, alert(code), segment)}), settings_for(only(GetParam())));
            trio.run();
            EXPECT_EQ(trio.client.report().ending.kind, EndKind::tls_alert)
                << to_string(stage) << " " << to_string(trio.client.report().ending);
            EXPECT_EQ(trio.client.report().ending.code, code) << to_string(stage);
            EXPECT_EQ(trio.log().ended_by, ConnectionLog::Who::proxy);
        }
}

TEST_P(Versions, AnAlertReachesTheServerInPlaceOfWhatTheProxyWouldSay) {
    for (const auto stage : {Stage::tls_client_flight, Stage::tls_finished}) {
        // Between ChangeCipherSpec and Finished, OpenSSL takes no alert.
        if (stage == Stage::tls_finished && GetParam() == tls::Version::tls1_2) continue;
        Trio trio(
            plan_of({fault_at(stage, alert(48, 2, Side::server), Segment::server_wire, Direction::client_to_server)}),
            settings_for(only(GetParam())));
        trio.run();
        EXPECT_EQ(trio.server.report().ending.kind, EndKind::tls_alert)
            << to_string(stage) << " " << to_string(trio.server.report().ending);
        EXPECT_EQ(trio.server.report().ending.code, 48U) << to_string(stage);
        EXPECT_FALSE(trio.client.report().session_up);
    }
}

TEST(Interceptor, TheServersRefusalOfTlsIsTold) {
    server::Config old;
    old.tls_max = tls::Version::tls1_2;
    InterceptConfig config;
    config.server_leg.min = tls::Version::tls1_3;
    Trio trio(plan_of(), settings_for(config), {}, old);
    trio.run();
    EXPECT_EQ(trio.log().ended_by, ConnectionLog::Who::server);
    EXPECT_EQ(trio.log().first_end.kind, EndKind::tls_alert);
    EXPECT_EQ(trio.log().first_end.code, 70U);
    EXPECT_EQ(trio.log().furthest, Stage::x224_request);
    EXPECT_EQ(trio.client.report().ending.kind, EndKind::close);
}

TEST(Interceptor, TheProxysRefusalOfTlsIsItsOwnDoing) {
    InterceptConfig config;
    config.client_leg.max = tls::Version::tls1_2;
    client::ProbeConfig probe;
    probe.tls_min = tls::Version::tls1_3;
    Trio trio(plan_of(), settings_for(config), probe);
    trio.run();
    EXPECT_EQ(trio.log().ended_by, ConnectionLog::Who::proxy);
    EXPECT_EQ(trio.client.report().ending.kind, EndKind::tls_alert);
    EXPECT_EQ(trio.client.report().ending.code, 70U);
}

TEST(Interceptor, ARewrittenNegotiationIsRepairedInsideTls) {
    InterceptConfig config;
    config.rewriting.requested = 3;
    Trio repaired(plan_of(), settings_for(config));
    repaired.run();
    EXPECT_EQ(repaired.server.report().requested_protocols, 3U);
    EXPECT_TRUE(repaired.client.report().session_up) << to_string(repaired.client.report().ending);

    config.rewriting.repair_server_echo = false;
    Trio unrepaired(plan_of(), settings_for(config));
    unrepaired.run();
    EXPECT_FALSE(unrepaired.client.report().session_up);
    EXPECT_EQ(unrepaired.client.report().ending.kind, EndKind::malformed);
}

// A proxy with an account of its own: what the client proves to it, it proves to the server.
struct OwnCredentials : testing::Test {
    OwnCredentials() {
        settings.account = nla::Account{"lab", "", "secret"};
        server.security = server::Security::nla;
        server.users = {{"lab", "", "secret"}};
        probe.requested_protocols = 3;
        probe.user = "lab";
        probe.password = "secret";
    }
    InterceptSettings settings = settings_for();
    server::Config server;
    client::ProbeConfig probe;
};

TEST_F(OwnCredentials, NlaIsDoneOnBothLegs) {
    Trio trio(plan_of(), settings, probe, server);
    trio.run(in_pieces_of(50));
    EXPECT_TRUE(trio.client.report().session_up) << to_string(trio.client.report().ending);
    EXPECT_TRUE(trio.client.report().nla && trio.client.report().nla->accepted);
    EXPECT_EQ(trio.server.report().requested_protocols, 3U);
}

TEST_F(OwnCredentials, TheClientIsToldOfAWrongPassword) {
    probe.password = "another";
    Trio trio(plan_of(), settings, probe, server);
    trio.run();
    EXPECT_EQ(trio.client.report().ending.kind, EndKind::authentication) << to_string(trio.client.report().ending);
    EXPECT_EQ(trio.client.report().ending.code, 0xC000006DU);
    EXPECT_EQ(trio.log().ended_by, ConnectionLog::Who::proxy);
    EXPECT_TRUE(trio.proxy.finished());
}

TEST_F(OwnCredentials, TheClientIsToldThatTheServerRefusesTheProxy) {
    server.users = {{"lab", "", "changed"}};
    Trio trio(plan_of(), settings, probe, server);
    trio.run();
    EXPECT_EQ(trio.client.report().ending.kind, EndKind::authentication) << to_string(trio.client.report().ending);
    EXPECT_EQ(trio.log().ended_by, ConnectionLog::Who::server);
    EXPECT_TRUE(trio.proxy.finished());
}

TEST_F(OwnCredentials, WithoutThemAMiddleWithAKeyOfItsOwnIsFoundOut) {
    settings.account.reset();
    Trio trio(plan_of(), settings, probe, server);
    trio.run();
    EXPECT_FALSE(trio.client.report().session_up);
    EXPECT_LE(*trio.log().furthest, Stage::nla_authenticate);
}

TEST(Interceptor, PassesANegotiationFailureThrough) {
    server::Config refusing;
    refusing.negotiation_failure = 5;
    Trio trio(plan_of(), settings_for(), {}, refusing);
    trio.run();
    EXPECT_EQ(trio.client.report().ending.kind, EndKind::negotiation_failure);
    EXPECT_EQ(trio.client.report().ending.code, 5U);
    EXPECT_TRUE(trio.saw(Event::Kind::negotiation_failure, 5));
}

TEST(Interceptor, SeesWhatTheServerSaysInsideTls) {
    server::Config refusing;
    refusing.error_info = server::ErrorInfoFault{7, true, {}};
    Trio trio(plan_of(), settings_for(), {}, refusing);
    trio.run();
    EXPECT_TRUE(trio.saw(Event::Kind::error_info, 7));
    EXPECT_EQ(trio.client.report().ending.kind, EndKind::error_info);
}

TEST(Interceptor, ARstOfTheServerIsARstForTheClient) {
    server::Config misbehaving;
    misbehaving.after_tls = server::CloseKind::reset;
    Trio trio(plan_of(), settings_for(), {}, misbehaving);
    trio.run();
    EXPECT_EQ(trio.log().ended_by, ConnectionLog::Who::server);
    EXPECT_EQ(trio.log().first_end.kind, EndKind::reset);
    EXPECT_THAT(trio.ends, Contains("reset client"));
    EXPECT_TRUE(trio.proxy.finished());
}

// From a client that speaks no TLS when it should: its own connection ends, with an alert, and nothing else happens.
TEST(Interceptor, GarbageInsteadOfAClientHelloEndsTheConnection) {
    auto hold = fault_at(Stage::tls_client_hello, action::Inject{}, Segment::client_wire);
    action::Inject garbage;
    garbage.to = Side::server;
    garbage.bytes = Bytes(64, 0x16);
    garbage.name = "hex";
    hold.action = garbage;
    Trio trio(plan_of({hold}));
    trio.run();
    EXPECT_FALSE(trio.client.report().session_up);
    EXPECT_TRUE(trio.proxy.finished());
    EXPECT_THAT(trio.ends, Contains("close server"));
}

}  // namespace
}  // namespace rdpfault::proxy
