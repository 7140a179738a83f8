// NLA with real peers: FreeRDP's client on our server, our probe on FreeRDP's server, and a Kerberos realm.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "server/test_card.hpp"
#include "tests/peers/support/capture.hpp"
#include "tests/peers/support/clients.hpp"
#include "tests/peers/support/kdc.hpp"
#include "tests/peers/support/rdpfault.hpp"
#include "tests/peers/support/servers.hpp"

namespace rdpfault::peers {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

struct Nla : testing::Test {
    Nla() {
        write_file(password, "password\n");  // that of Xfreerdp, see support/clients.cpp
        write_file(wrong, "another\n");
    }
    std::vector<std::string> account() const {
        return {"--security", "nla", "--user", "user", "--password-file", password.string()};
    }
    nlohmann::json probe(const std::string& server, const std::filesystem::path& password_file,
                         const std::vector<std::string>& options = {},
                         const std::map<std::string, std::string>& environment = {}) {
        std::vector<std::string> arguments{"probe",  server, "--format",        "json",       "--security", "nla",
                                           "--user", "user", "--password-file", password_file};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const auto outcome = rdpfault(arguments, folder, seconds(60), environment);
        return nlohmann::json::parse(outcome.output).at("connections").at(0);
    }
    // A server whose every log-on ends with this status.
    std::string refusing(const std::string& status) {
        const auto file = folder / "refusal.yaml";
        write_file(file,
                   "name: refusal\nsummary: s\ncause: logon-refused\nexpect: connected\nserver:\n  security: nla\n"
                   "  users: [ { user: user, password: password } ]\n  nla: { error: " +
                       status + " }\n");
        return file;
    }

    TempDir folder;
    std::filesystem::path password = folder / "password";
    std::filesystem::path wrong = folder / "wrong";
};

void expect_session(const nlohmann::json& connection) {
    EXPECT_TRUE(connection.at("session_up").get<bool>()) << connection.dump(2);
    EXPECT_EQ(connection.at("ending").at("kind"), "orderly") << connection.dump(2);
    EXPECT_EQ(connection.at("selected_protocol"), 2);
    EXPECT_TRUE(connection.at("nla").at("accepted").get<bool>());
}

TEST_F(Nla, XfreerdpLogsOnAndShowsTheTestCard) {
    const Serve serve(account());
    Xfreerdp client(serve.port(), {"/sec:nla"});
    const server::TestCard card(client_width, client_height);
    const auto shown = [&] {
        const auto screen = client.screenshot();
        for (int y = 0; y < screen.height; y += 7)
            for (int x = 0; x < screen.width; x += 7) {
                const auto& pixel = screen.at(x, y);
                const auto seen = std::uint32_t{pixel.red} << 16 | std::uint32_t{pixel.green} << 8 | pixel.blue;
                if (seen != card.pixel(x, y)) return false;
            }
        return true;
    };
    EXPECT_TRUE(wait_until(shown, seconds(30))) << client.log() << serve.log();
    EXPECT_TRUE(client.process().running()) << client.log();
    EXPECT_THAT(serve.log(), HasSubstr("user has logged on, with CredSSP 6"));
}

TEST_F(Nla, XfreerdpIsToldOfAWrongPassword) {
    const Serve serve(account());
    Xfreerdp client(serve.port(), {"/sec:nla", "/p:another"});
    EXPECT_EQ(client.process().wait(seconds(30)), (Exit{134, std::nullopt})) << client.log() << serve.log();
    EXPECT_THAT(serve.log(), HasSubstr("STATUS_LOGON_FAILURE"));
}

// What xfreerdp makes of an errorCode: its exit status has a name of its own, or is 132 for any other failure.
TEST_F(Nla, XfreerdpEndsWithTheStatusOfTheErrorCode) {
    const std::pair<const char*, int> table[] = {
        {"STATUS_LOGON_FAILURE", 134},         {"STATUS_WRONG_PASSWORD", 154},
        {"STATUS_ACCOUNT_LOCKED_OUT", 135},    {"STATUS_ACCOUNT_DISABLED", 151},
        {"STATUS_PASSWORD_EXPIRED", 148},      {"STATUS_PASSWORD_MUST_CHANGE", 149},
        {"STATUS_ACCESS_DENIED", 155},         {"STATUS_ACCOUNT_RESTRICTION", 156},
        {"STATUS_ACCOUNT_EXPIRED", 157},       {"STATUS_LOGON_TYPE_NOT_GRANTED", 158},
        {"STATUS_TIME_DIFFERENCE_AT_DC", 132}, {"STATUS_NO_LOGON_SERVERS", 132}};
    for (const auto& [status, code] : table) {
        const Serve serve({"--scenario", refusing(status)});
        Xfreerdp client(serve.port(), {"/sec:nla"});
        EXPECT_EQ(client.process().wait(seconds(30)), (Exit{code, std::nullopt})) << status << client.log();
        EXPECT_THAT(serve.log(), HasSubstr(status));
    }
}

TEST_F(Nla, XfreerdpWithoutNlaIsRefused) {
    const Serve serve(account());
    Xfreerdp client(serve.port());  // TLS only
    EXPECT_EQ(client.process().wait(seconds(30)), (Exit{133, std::nullopt})) << client.log() << serve.log();
    EXPECT_THAT(serve.log(), HasSubstr("HYBRID_REQUIRED_BY_SERVER"));
}

TEST_F(Nla, ProbeReachesASessionOfFreerdpShadowInEveryVersion) {
    const FreerdpShadow server("user", "password");
    for (const auto* version : {"6", "5", "4", "3", "2"}) {
        const auto connection = probe(loopback(server.port()), password, {"--nla-version", version});
        expect_session(connection);
        EXPECT_EQ(std::to_string(connection.at("nla").at("version").get<int>()), version);
    }
    const auto refused = probe(loopback(server.port()), wrong);
    EXPECT_FALSE(refused.at("session_up").get<bool>());
    EXPECT_EQ(refused.at("waiting_for"), "nla.public_key");
}

TEST_F(Nla, ProbeLogsOnWithSpnego) {
    const Serve serve(account());
    expect_session(probe(loopback(serve.port()), password, {"--nla-package", "negotiate"}));
    const auto refused = probe(loopback(serve.port()), wrong, {"--nla-package", "negotiate"});
    EXPECT_EQ(refused.at("ending").at("code"), 0xC000006D) << refused.dump(2);
}

TEST_F(Nla, ProbeLogsOnWithKerberos) {
    const Kdc kdc("user", "password");
    auto options = account();
    options.insert(options.end(), {"--keytab", kdc.keytab()});
    const Serve serve(options, kdc.environment());
    const auto server = "localhost:" + std::to_string(serve.port());
    for (const auto* version : {"6", "2"})
        expect_session(probe(server, password,
                             {"--nla-package", "kerberos", "--domain", Kdc::realm, "--nla-version", version},
                             kdc.environment()));
    EXPECT_THAT(serve.log(), HasSubstr("user@LAB.TEST has logged on"));
    EXPECT_THAT(kdc.log(), HasSubstr("TERMSRV/localhost@LAB.TEST"));
    // No ticket, no log-on; and NTLM is still there.
    const auto refused = probe(server, wrong, {"--nla-package", "kerberos", "--domain", Kdc::realm}, kdc.environment());
    EXPECT_EQ(refused.at("ending").at("kind"), "authentication") << refused.dump(2);
    EXPECT_FALSE(refused.at("session_up").get<bool>());
    expect_session(probe(server, password));
}

TEST_F(Nla, TsharkReadsEveryMessageOfIt) {
    Serve serve(account());
    Capture capture(serve.port());
    expect_session(probe(loopback(serve.port()), password, {"--linger", "300ms"}));
    capture.stop(30);
    const auto messages = capture.frames("credssp", {"_ws.col.Info"}, true, serve.key_log());
    EXPECT_THAT(messages, Contains(HasSubstr("NTLMSSP_NEGOTIATE")));
    EXPECT_THAT(messages, Contains(HasSubstr("NTLMSSP_CHALLENGE")));
    EXPECT_THAT(messages, Contains(HasSubstr("NTLMSSP_AUTH")));
    EXPECT_THAT(capture.frames("credssp && _ws.malformed", {"_ws.col.Info"}, true, serve.key_log()), SizeIs(0));
}

}  // namespace
}  // namespace rdpfault::peers
