// Real clients and servers with the intercepting proxy between them: TLS, and the three ways of NLA.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/peers/support/clients.hpp"
#include "tests/peers/support/rdpfault.hpp"
#include "tests/peers/support/servers.hpp"

namespace rdpfault::peers {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// A desktop with a clock on it has more colours than a black screen, or one that says why there is none.
void expect_picture(Client& client, Proxy& proxy) {
    const auto shown = [&] { return client.screenshot().colours() > 4; };
    EXPECT_TRUE(wait_until(shown, seconds(30))) << client.log() << proxy.log() << proxy.errors();
    EXPECT_TRUE(client.process().running()) << client.log();
    EXPECT_THAT(proxy.log(), HasSubstr("rdp.active"));
}

struct Intercept : testing::Test {
    Intercept() { write_file(password, "password\n"); }  // that of Xfreerdp, see support/clients.cpp

    void expect_probe_gets_in(const Proxy& proxy, const std::string& security) {
        const auto outcome = rdpfault({"probe", loopback(proxy.port()), "--security", security, "--user", "user",
                                       "--password-file", password, "--format", "json"},
                                      folder);
        EXPECT_EQ(outcome.exit, (Exit{0, std::nullopt})) << outcome.output << proxy.log();
        const auto met = nlohmann::json::parse(outcome.output).at("connections").at(0);
        EXPECT_TRUE(met.at("session_up").get<bool>()) << met.dump(2);
    }
    std::vector<std::string> account() const { return {"--user", "user", "--password-file", password.string()}; }
    static std::vector<std::string> key_of(const FreerdpShadow& server) {
        return {"--server-certificate", server.certificate().string(), "--server-key", server.key().string()};
    }

    TempDir folder;
    std::filesystem::path password = folder / "password";
};

TEST_F(Intercept, XfreerdpAndTheProbeReachXrdp) {
    const Xrdp server;
    Proxy proxy(server.port(), "{ mode: intercept }");
    Xfreerdp client(proxy.port(), {"/sec:tls"});
    expect_picture(client, proxy);
    EXPECT_THAT(proxy.log(), AllOf(HasSubstr("mcs.connect_initial"), HasSubstr("rdp.client_info"),
                                   HasSubstr("rdp.licensing"), HasSubstr("rdp.finalization")));
    expect_probe_gets_in(proxy, "tls");
}

TEST_F(Intercept, NlaPassesWithTheServersKey) {
    const FreerdpShadow server("user", "password");
    Proxy proxy(server.port(), "{ mode: intercept, nla: server-key }", key_of(server));
    Xfreerdp client(proxy.port(), {"/sec:nla"});
    expect_picture(client, proxy);
    EXPECT_THAT(proxy.log(),
                AllOf(HasSubstr("nla.negotiate"), HasSubstr("nla.challenge"), HasSubstr("nla.authenticate"),
                      HasSubstr("nla.public_key"), HasSubstr("nla.credentials")));
    expect_probe_gets_in(proxy, "nla");
}

TEST_F(Intercept, NlaEndsAtAProxyWithAnAccount) {
    const FreerdpShadow server("user", "password");
    Proxy proxy(server.port(), "{ mode: intercept, nla: own-credentials }", account());
    Xfreerdp client(proxy.port(), {"/sec:nla"});
    expect_picture(client, proxy);
    EXPECT_THAT(proxy.log(), HasSubstr("NLA is through on both legs"));
    expect_probe_gets_in(proxy, "nla");
}

// Neither the key nor an account: what an inspecting middlebox does to NLA.
TEST_F(Intercept, NlaFailsInANaiveMiddle) {
    const FreerdpShadow server("user", "password");
    Proxy proxy(server.port(), "{ mode: intercept, nla: naive }");
    Xfreerdp client(proxy.port(), {"/sec:nla"});
    EXPECT_EQ(client.process().wait(seconds(60)), (Exit{147, std::nullopt})) << client.log() << proxy.log();
    EXPECT_THAT(proxy.log(), testing::Not(HasSubstr("mcs.connect_initial")));
}

// With its own account a proxy is a server like another: it refuses who does not know the password.
TEST_F(Intercept, AProxyWithAnAccountRefusesAWrongPassword) {
    const FreerdpShadow server("user", "password");
    Proxy proxy(server.port(), "{ mode: intercept, nla: own-credentials }", account());
    Xfreerdp client(proxy.port(), {"/sec:nla", "/p:another"});
    EXPECT_EQ(client.process().wait(seconds(60)), (Exit{134, std::nullopt})) << client.log() << proxy.log();
}

}  // namespace
}  // namespace rdpfault::peers
