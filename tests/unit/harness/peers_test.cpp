// The `server:` and `client:` parts.
#include "harness/arm.hpp"
#include "loading.hpp"

namespace rdpfault::harness {
namespace {

using server::CloseKind;
using std::chrono::milliseconds;

server::Config server_of(const std::string& keys) {
    return scenario_of(scenario_text("server: { " + keys + " }\n")).server;
}
ClientSpec client_of(const std::string& keys) {
    return scenario_of(scenario_text("client: { " + keys + " }\n")).client;
}
void expect_server_error(const std::string& keys, const std::string& part) {
    expect_error(scenario_text("server: { " + keys + " }\n"), part);
}

TEST(Server, Tls) {
    const auto config =
        server_of("tls: { min: 1.0, max: '1.2', ciphers: AES128-SHA, ciphersuites: TLS_AES_128_GCM_SHA256 }");
    EXPECT_EQ(config.tls_min, tls::Version::tls1_0);
    EXPECT_EQ(config.tls_max, tls::Version::tls1_2);
    EXPECT_EQ(config.tls_ciphers, "AES128-SHA");
    EXPECT_EQ(config.tls_ciphersuites, "TLS_AES_128_GCM_SHA256");
    expect_server_error("tls: { min: 1.4 }", "unknown TLS version '1.4'");
    expect_server_error("tls: { min: 1.3, max: 1.2 }", "the lowest TLS version is above the highest");
}

TEST(Server, SizeAndTimes) {
    const auto config = server_of("size: 800x600, stage_timeout: 3s");
    EXPECT_EQ(config.width, 800);
    EXPECT_EQ(config.height, 600);
    EXPECT_EQ(config.stage_timeout, milliseconds(3000));
    expect_server_error("size: 800", "a size from 200x200");
    expect_server_error("stage_timeout: 3", "a duration");
}

TEST(Server, Misbehaviour) {
    EXPECT_EQ(server_of("negotiation_failure: 5").negotiation_failure, 5U);
    expect_server_error("negotiation_failure: 7", "from 1 to 6");
    EXPECT_EQ(server_of("certificate_key: unusable").certificate_key_unusable, CloseKind::reset);
    EXPECT_EQ(server_of("certificate_key: { ends: close }").certificate_key_unusable, CloseKind::close);
    EXPECT_EQ(server_of("after_tls: close").after_tls, CloseKind::close);
    EXPECT_EQ(server_of("license_error: 2").license_error, 2U);
    EXPECT_TRUE(server_of("after_licensing: silence").silence_after_licensing);
    EXPECT_EQ(server_of("max_connections: 0").max_connections, 0U);
}

TEST(Server, Nla) {
    const auto config =
        server_of("security: nla-ex, users: [ { user: a, domain: D, password: p }, { user: b, password: q } ]");
    EXPECT_EQ(config.security, server::Security::nla_ex);
    ASSERT_EQ(config.users.size(), 2U);
    EXPECT_EQ(config.users[0].domain, "D");
    EXPECT_EQ(config.users[1].password, "q");
    EXPECT_FALSE(misbehaves(config));
    EXPECT_TRUE(needs_embedded(config));
    expect_server_error("security: nla", "needs 'users:'");
    expect_server_error("security: nlla", "did you mean 'nla'?");
    expect_server_error("users: [ { user: 'a:b', password: p } ]", "without ':'");
    expect_server_error("users: [ { user: a } ]", "needs 'password:'");
}

TEST(Server, NlaThatGoesWrong) {
    EXPECT_EQ(server_of("nla: { error: STATUS_ACCOUNT_DISABLED }").nla.error, 0xC0000072U);
    EXPECT_EQ(server_of("nla: { error: 0xC0000072 }").nla.error, 0xC0000072U);
    EXPECT_TRUE(server_of("nla: { public_key: wrong }").nla.wrong_public_key);
    EXPECT_EQ(server_of("nla: { version: 2 }").nla.version, 2U);
    EXPECT_EQ(server_of("nla: { close: authenticate }").nla.close_after, Stage::nla_authenticate);
    EXPECT_EQ(server_of("nla: { close: authenticate }").nla.close_with, CloseKind::close);
    EXPECT_EQ(server_of("nla: { close: { after: credentials, ends: reset } }").nla.close_with, CloseKind::reset);
    EXPECT_TRUE(server_of("nla: { early_auth: denied }").nla.early_auth_denied);
    for (const auto* keys : {"error: 1", "public_key: wrong", "close: negotiate", "early_auth: denied"})
        EXPECT_TRUE(misbehaves(server_of("nla: { " + std::string(keys) + " }"))) << keys;
    EXPECT_FALSE(misbehaves(server_of("nla: { version: 2 }")));  // it is for the client to mind
    EXPECT_TRUE(needs_embedded(server_of("nla: { version: 2 }")));
    EXPECT_FALSE(misbehaves(server_of("nla: none")));
    expect_server_error("nla: { version: 7 }", "from 2 to 6");
    expect_server_error("nla: { error: STATUS_ACCOUNT_DISABLE }", "did you mean 'STATUS_ACCOUNT_DISABLED'?");
    expect_server_error("nla: { close: challenge }", "unknown message 'challenge'");
}

TEST(Client, Nla) {
    const auto probe =
        client_of("security: nla, domain: D, password: p, nla: { package: kerberos, version: 5, min_version: 3 }")
            .probe;
    EXPECT_EQ(probe.requested_protocols, 3U);
    EXPECT_TRUE(probe.nla.required);
    EXPECT_EQ(probe.nla.package, nla::Package::kerberos);
    EXPECT_EQ(probe.nla.version, 5U);
    EXPECT_EQ(probe.nla.min_version, 3U);
    EXPECT_EQ(probe.domain, "D");
    EXPECT_EQ(probe.password, "p");
    EXPECT_FALSE(client_of("security: negotiate").probe.nla.required);
    EXPECT_EQ(client_of("security: negotiate").probe.requested_protocols, 3U);
    EXPECT_EQ(client_of("security: nla, requested_protocols: 11").probe.requested_protocols, 11U);
    EXPECT_EQ(client_of("size: 800x600").probe.requested_protocols, 1U);
}

TEST(Arms, ControlLogsOnAsTheFirstUser) {
    const auto scenario = scenario_of(
        scenario_text("server: { security: nla, users: [ { user: a, domain: D, password: p } ], nla: { error: 7 } }\n"
                      "client: { security: nla, user: a, password: wrong, nla: { version: 2 } }\n"));
    const auto arms = arms_of(scenario);
    ASSERT_GE(arms.size(), 2U);
    const auto& control = arms[0];
    EXPECT_EQ(control.server.security, server::Security::nla);
    EXPECT_FALSE(misbehaves(control.server));
    EXPECT_EQ(control.client.probe.requested_protocols, 3U);
    EXPECT_EQ(control.client.probe.domain, "D");
    EXPECT_EQ(control.client.probe.password, "p");
    EXPECT_EQ(control.client.probe.nla.version, 6U);
    EXPECT_EQ(arms[1].client.probe.password, "wrong");
    EXPECT_TRUE(misbehaves(arms[1].server));
}

TEST(Server, ErrorInfo) {
    EXPECT_EQ(server_of("error_info: 0x112F").error_info->code, 0x112fU);
    const auto fault = *server_of("error_info: { code: 7, when: after_activation, after: 2s }").error_info;
    EXPECT_EQ(fault.code, 7U);
    EXPECT_FALSE(fault.before_activation);
    EXPECT_EQ(fault.after, milliseconds(2000));
    EXPECT_TRUE(server_of("error_info: { code: 7 }").error_info->before_activation);
    expect_server_error("error_info: { code: 7, after: 2s }", "counts from the activation");
    expect_server_error("error_info: { when: after_activation }", "error_info needs 'code:'");
}

TEST(Server, Disconnect) {
    const auto fault = *server_of("disconnect: { reason: provider-initiated, after: 1s }").disconnect;
    EXPECT_EQ(fault.reason, 1);
    EXPECT_EQ(fault.after, milliseconds(1000));
    EXPECT_EQ(server_of("disconnect: { reason: user-requested }").disconnect->reason, 3);
}

TEST(Server, KeysAreRemembered) {
    const auto scenario =
        scenario_of(scenario_text("server: { after_tls: close, size: 800x600 }\nclient: { linger: 1s }\n"));
    EXPECT_EQ(scenario.server_keys, (std::vector<std::string>{"after_tls", "size"}));
    EXPECT_EQ(scenario.client_keys, (std::vector<std::string>{"linger"}));
}

TEST(Client, Keys) {
    const auto client = client_of(
        "kind: xfreerdp, tls: { max: 1.2, ciphers: AES128-SHA }, requested_protocols: 3, reconnects: 2, linger: 4s,"
        "stage_timeout: 5s, connect_timeout: 6s, user: alice, size: 800x600");
    EXPECT_EQ(client.kind, ClientKind::xfreerdp);
    EXPECT_EQ(client.probe.tls_max, tls::Version::tls1_2);
    EXPECT_EQ(client.probe.tls_ciphers, "AES128-SHA");
    EXPECT_EQ(client.probe.requested_protocols, 3U);
    EXPECT_EQ(client.probe.reconnects, 2U);
    EXPECT_EQ(client.probe.linger, milliseconds(4000));
    EXPECT_EQ(client.probe.stage_timeout, milliseconds(5000));
    EXPECT_EQ(client.probe.connect_timeout, milliseconds(6000));
    EXPECT_EQ(client.probe.user, "alice");
    EXPECT_EQ(client.probe.width, 800);
}

TEST(Client, Errors) {
    expect_error(scenario_text("client: { kind: mstsc }\n"), "unknown client 'mstsc'");
    expect_error(scenario_text("client: { user: \"a\\nb\" }\n"), "a user name is one line");
    expect_error(scenario_text("client: { pasword: secret }\n"), "unknown key 'pasword' in client");
    expect_error(scenario_text("client: 5\n"), "expected client, found '5'");
}

}  // namespace
}  // namespace rdpfault::harness
