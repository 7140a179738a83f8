// NLA against a server that a test plays by hand; with a whole server: tests/unit/server/nla_test.cpp.
#include "protocol/nla/server.hpp"
#include "tests/unit/client/playbook.hpp"

namespace rdpfault::client {
namespace {

Bytes hex(std::string_view text) {
    Bytes bytes;
    EXPECT_TRUE(from_hex(text, bytes));
    return bytes;
}

ProbeConfig asking_for_nla() {
    ProbeConfig config;
    config.requested_protocols = protocol_ssl | protocol_hybrid | protocol_hybrid_ex;
    config.user = "alice";
    config.password = "secret";
    return config;
}

struct NlaPlay : Playbook {
    explicit NlaPlay(std::uint32_t selected = protocol_hybrid) : Playbook(asking_for_nla()) {
        connect();
        confirm_with(selected);
    }

    // The server's half of a log-on that succeeds.
    void log_on() {
        nla::ServerConfig setup;
        const std::vector<nla::Account> accounts{{"alice", "", "secret"}};
        setup.credential = std::make_shared<nla::AcceptorCredential>(accounts);
        setup.public_key = engine.server_public_key();
        nla::CredSspServer server(setup);
        plain(server.receive(next()));
        plain(server.receive(next()));
        EXPECT_TRUE(server.receive(next()).empty());
        EXPECT_EQ(server.progress(), nla::Progress::done) << server.failure().reason;
    }
    Stage ended_in() const { return connector.report().ended_in; }
};

Bytes error_code(std::uint32_t status) {
    TsRequest request;
    request.error_code = status;
    return encoded(request);
}

TEST(ConnectorNla, GoesOnWithMcs) {
    NlaPlay play;
    play.log_on();
    EXPECT_TRUE(play.connector.report().nla->accepted);
    play.conference();
    EXPECT_EQ(play.offered.core->server_selected_protocol, protocol_hybrid);
}

TEST(ConnectorNla, WaitsForTheEarlyResultWithHybridExOnly) {
    NlaPlay play(protocol_hybrid_ex);
    play.log_on();
    EXPECT_TRUE(play.sent.empty());
    play.plain(hex("0000"));
    EXPECT_TRUE(play.sent.empty());
    play.plain(hex("0000"));
    play.conference();
}

TEST(ConnectorNla, EarlyResultThatDenies) {
    NlaPlay play(protocol_hybrid_ex);
    play.log_on();
    play.plain(hex("05000000"));
    EXPECT_EQ(play.ending().kind, EndKind::authentication);
    EXPECT_EQ(play.ending().code, nla::status::access_denied);
    EXPECT_EQ(play.ended_in(), Stage::nla_early_auth);
}

TEST(ConnectorNla, ErrorCode) {
    NlaPlay play;
    play.plain(error_code(0xC000005E));
    EXPECT_EQ(play.ending().kind, EndKind::authentication);
    EXPECT_EQ(play.ending().code, 0xC000005E);
    EXPECT_EQ(play.ended_in(), Stage::nla_challenge);
}

TEST(ConnectorNla, ErrorCodeBehindTheCredentials) {
    NlaPlay play;
    play.log_on();
    play.plain(error_code(0xC0000022));
    EXPECT_EQ(play.ending().kind, EndKind::authentication);
    EXPECT_EQ(play.ending().code, 0xC0000022);
    EXPECT_EQ(play.ended_in(), Stage::mcs_connect_response);
}

TEST(ConnectorNla, SilenceIsATimeoutOfItsStage) {
    NlaPlay play;
    play.after(10s);
    EXPECT_EQ(play.ending().kind, EndKind::timeout);
    EXPECT_EQ(play.ended_in(), Stage::nla_challenge);
    NlaPlay early(protocol_hybrid_ex);
    early.log_on();
    early.after(10s);
    EXPECT_EQ(early.ended_in(), Stage::nla_early_auth);
}

TEST(ConnectorNla, WhatIsNoTsRequestIsMalformed) {
    NlaPlay no_sequence;
    no_sequence.plain(hex("0300000702f080"));
    EXPECT_EQ(no_sequence.ending().kind, EndKind::malformed);
    EXPECT_EQ(no_sequence.ending().offset, 0U);
    NlaPlay no_version;
    no_version.plain(hex("3005a103020106"));
    EXPECT_EQ(no_version.ending().kind, EndKind::malformed);
    EXPECT_EQ(no_version.ending().offset, 2U);
}

TEST(ConnectorNla, TokenThatCannotBeReadIsInvalid) {
    NlaPlay play;
    TsRequest request;
    request.tokens = {{1, 2, 3}};
    play.plain(encoded(request));
    EXPECT_EQ(play.ending().kind, EndKind::authentication);
    EXPECT_EQ(play.ended_in(), Stage::nla_challenge);
}

}  // namespace
}  // namespace rdpfault::client
