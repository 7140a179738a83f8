// NLA between the probe's connector and the acceptor, in memory: TLS, CredSSP, and the session behind it.
#include <gmock/gmock.h>

#include "protocol/x224.hpp"
#include "tests/unit/server/conversation.hpp"

namespace rdpfault::server::test {
namespace {

using nla::Package;
using testing::HasSubstr;

struct Nla : testing::Test {
    Nla() {
        config.security = Security::nla;
        config.users = {{"alice", "LAB", "secret"}};
        probe.width = 320;
        probe.height = 200;
        probe.requested_protocols = protocol::protocol_ssl | protocol::protocol_hybrid;
        probe.user = "alice";
        probe.domain = "LAB";
        probe.password = "secret";
    }

    void run() {
        Conversation conversation(config, probe);
        client = conversation.run();
        server = conversation.server();
    }
    bool reached(Stage stage) const {
        return std::any_of(client.stages.begin(), client.stages.end(),
                           [&](const auto& row) { return row.stage == stage; });
    }
    void expect_end(EndKind kind, std::uint32_t code, Stage waiting_for) const {
        EXPECT_EQ(client.ending.kind, kind) << to_string(client.ending) << ": " << client.ending.detail;
        EXPECT_EQ(client.ending.code, code) << to_string(client.ending) << ": " << client.ending.detail;
        EXPECT_EQ(client.ended_in, waiting_for) << to_string(client.ended_in);
        EXPECT_FALSE(client.session_up);
    }

    Config config;
    client::ProbeConfig probe;
    client::ConnectionReport client;
    SessionReport server;
};

TEST_F(Nla, LeadsToASessionInEveryVersionAndPackage) {
    for (const auto package : {Package::ntlm, Package::negotiate}) {
        for (const std::uint32_t version : {2, 3, 4, 5, 6}) {
            probe.nla.package = package;
            probe.nla.version = version;
            run();
            EXPECT_TRUE(client.session_up) << to_string(client.ending) << ": " << client.ending.detail;
            EXPECT_EQ(client.ending.kind, EndKind::orderly);
            EXPECT_EQ(client.selected_protocol, protocol::protocol_hybrid);
            ASSERT_TRUE(client.nla && server.nla);
            EXPECT_TRUE(client.nla->accepted);
            EXPECT_EQ(client.nla->version, version);
            EXPECT_TRUE(server.nla->accepted);
            EXPECT_EQ(server.nla->version, version);
            EXPECT_THAT(server.nla->user, HasSubstr("alice"));
            EXPECT_TRUE(reached(Stage::nla_negotiate));
            EXPECT_TRUE(reached(Stage::nla_challenge));
            EXPECT_TRUE(reached(Stage::nla_authenticate));
            EXPECT_TRUE(reached(Stage::nla_public_key));
            EXPECT_TRUE(reached(Stage::nla_credentials));
            EXPECT_FALSE(reached(Stage::nla_early_auth));
        }
    }
}

TEST_F(Nla, IsNotAskedForByDefault) {
    probe.requested_protocols = client::ProbeConfig().requested_protocols;
    run();
    expect_end(EndKind::negotiation_failure, 5, Stage::x224_confirm);
    config.security = Security::negotiate;
    run();
    EXPECT_EQ(client.selected_protocol, protocol::protocol_ssl);
    EXPECT_EQ(client.ending.kind, EndKind::orderly);
    EXPECT_FALSE(client.nla);
}

TEST_F(Nla, IsRefusedByAServerWithoutIt) {
    config.security = Security::tls;
    run();
    EXPECT_EQ(client.ending.kind, EndKind::orderly);
    probe.nla.required = true;
    run();
    expect_end(EndKind::authentication, 0, Stage::x224_confirm);
}

TEST_F(Nla, TellsOfAWrongPassword) {
    probe.password = "wrong";
    run();
    expect_end(EndKind::authentication, 0xC000006D, Stage::nla_public_key);
    EXPECT_EQ(server.ending.kind, EndKind::authentication);
    EXPECT_EQ(server.ending.code, 0xC000006D);
    EXPECT_EQ(server.by, Side::server);
    EXPECT_FALSE(server.nla->accepted);
    for (const std::uint32_t silent : {2, 5}) {
        probe.nla.version = silent;
        run();
        expect_end(EndKind::close, 0, Stage::nla_public_key);
        EXPECT_EQ(server.ending.code, 0xC000006D);
    }
}

TEST_F(Nla, TellsTheErrorItIsToldTo) {
    config.nla.error = 0xC0000234;
    run();
    expect_end(EndKind::authentication, 0xC0000234, Stage::nla_public_key);
}

TEST_F(Nla, NoticesAnotherKey) {
    config.nla.wrong_public_key = true;
    run();
    expect_end(EndKind::authentication, nla::status::message_altered, Stage::nla_public_key);
    EXPECT_FALSE(reached(Stage::nla_credentials));
    EXPECT_TRUE(server.nla->wrong_key_sent);
}

TEST_F(Nla, DemandsAVersion) {
    config.nla.version = 4;
    probe.nla.min_version = 5;
    run();
    expect_end(EndKind::authentication, nla::status::unsupported_function, Stage::nla_challenge);
}

TEST_F(Nla, IsBrokenOffBehindAMessage) {
    for (const auto& [stage, awaited] : {std::pair{Stage::nla_negotiate, Stage::nla_challenge},
                                         std::pair{Stage::nla_authenticate, Stage::nla_public_key},
                                         std::pair{Stage::nla_credentials, Stage::mcs_connect_response}}) {
        for (const auto kind : {CloseKind::close, CloseKind::reset}) {
            config.nla.close_after = stage;
            config.nla.close_with = kind;
            run();
            expect_end(kind == CloseKind::close ? EndKind::close : EndKind::reset, 0, awaited);
            EXPECT_EQ(server.furthest, stage);
        }
    }
}

TEST_F(Nla, HybridExNeedsBothToWantIt) {
    probe.requested_protocols |= protocol::protocol_hybrid_ex;
    run();
    EXPECT_EQ(client.selected_protocol, protocol::protocol_hybrid);
    config.security = Security::nla_ex;
    run();
    EXPECT_EQ(client.selected_protocol, protocol::protocol_hybrid_ex);
    EXPECT_EQ(client.ending.kind, EndKind::orderly) << client.ending.detail;
    EXPECT_TRUE(reached(Stage::nla_early_auth));
    probe.requested_protocols = 3;
    run();
    EXPECT_EQ(client.selected_protocol, protocol::protocol_hybrid);
    EXPECT_EQ(client.ending.kind, EndKind::orderly);
}

TEST_F(Nla, EarlyAuthorizationMayBeDenied) {
    probe.requested_protocols = 11;
    config.security = Security::nla_ex;
    config.nla.early_auth_denied = true;
    run();
    expect_end(EndKind::authentication, nla::status::access_denied, Stage::nla_early_auth);
    EXPECT_EQ(client.furthest, Stage::nla_early_auth);
    EXPECT_FALSE(client.nla->accepted);
    EXPECT_EQ(server.ending.kind, EndKind::authentication);
}

TEST_F(Nla, SaysThatThereIsNoTicketForKerberos) {
    probe.nla.package = Package::kerberos;
    run();
    EXPECT_EQ(client.ending.kind, EndKind::authentication);
    EXPECT_FALSE(client.session_up);
    EXPECT_FALSE(reached(Stage::nla_negotiate));
    EXPECT_THAT(client.ending.detail, testing::Not(HasSubstr("secret")));
}

TEST_F(Nla, NothingOfItLooksLikeThePassword) {
    probe.password = "wrong horse";
    run();
    EXPECT_THAT(client.ending.detail + server.ending.detail, testing::Not(HasSubstr("horse")));
}

}  // namespace
}  // namespace rdpfault::server::test
