// The probe on real servers, and both ends of ours under the eyes of an independent dissector.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/peers/support/capture.hpp"
#include "tests/peers/support/rdpfault.hpp"
#include "tests/peers/support/servers.hpp"

namespace rdpfault::peers {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;

struct Probe : testing::Test {
    nlohmann::json report(std::uint16_t port, const std::vector<std::string>& options = {}) {
        std::vector<std::string> arguments{"probe", loopback(port), "--format", "json"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const auto outcome = rdpfault(arguments, folder);
        EXPECT_EQ(outcome.exit, (Exit{0, std::nullopt})) << outcome.output << outcome.errors;
        return nlohmann::json::parse(outcome.output);
    }
    TempDir folder;
};

// The session was up, with TLS, under the certificate that the server was given.
void expect_session(const nlohmann::json& report) {
    EXPECT_TRUE(report.at("worked").get<bool>()) << report.dump(2);
    ASSERT_THAT(report.at("connections"), SizeIs(1)) << report.dump(2);
    const auto& connection = report.at("connections").at(0);
    EXPECT_TRUE(connection.at("session_up").get<bool>()) << report.dump(2);
    EXPECT_EQ(connection.at("ending").at("kind"), "orderly");
    EXPECT_EQ(connection.at("tls").at("version"), "1.3");
    EXPECT_EQ(connection.at("tls").at("certificate").at("subject"), "CN=localhost");
    EXPECT_EQ(connection.at("stages").back().at("stage"), "rdp.disconnect");
}

TEST_F(Probe, ReachesASessionOfXrdp) {
    const Xrdp server;
    expect_session(report(server.port()));
    EXPECT_THAT(server.log(), HasSubstr("Connected client computer name: rdpfault"));
}

TEST_F(Probe, ReachesASessionOfFreerdpShadow) {
    const FreerdpShadow server;
    expect_session(report(server.port()));
    EXPECT_THAT(server.log(), HasSubstr("is activated"));
}

TEST_F(Probe, AndEmbeddedServerSendNothingThatTsharkFindsMalformed) {
    Serve server;
    Capture capture(server.port());
    expect_session(report(server.port(), {"--linger", "500ms"}));
    capture.stop(30);
    // Not told of TLS, tshark takes cipher text for RDP, so only the X.224 units before it count there.
    const auto malformed = [&](bool tls) {
        const std::string units = tls ? "" : "(cotp.type == 0x0e || cotp.type == 0x0d) && ";
        return capture.frames(units + "(_ws.malformed || _ws.unreassembled)", {"frame.number", "_ws.col.Info"}, tls,
                              server.key_log());
    };
    EXPECT_THAT(malformed(false), SizeIs(0));
    EXPECT_THAT(capture.frames("cotp.type == 0x0e || cotp.type == 0x0d", {"_ws.col.Info"}, false, server.key_log()),
                SizeIs(2));
    // That tshark really looked inside TLS: it names PDUs of ours.
    EXPECT_THAT(capture.frames("rdp", {"_ws.col.Info"}, true, server.key_log()),
                testing::Contains(HasSubstr("ClientInfo")));
    EXPECT_THAT(capture.frames("rdp", {"_ws.col.Info"}, true, server.key_log()),
                testing::Contains(HasSubstr("FontMap")));
    // tshark 4.0 calls every Client Info malformed, that of xfreerdp too.
    EXPECT_THAT(malformed(true), Each(HasSubstr("ClientInfo")));
}

}  // namespace
}  // namespace rdpfault::peers
