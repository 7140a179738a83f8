// The peers with each other, without rdpfault in between: when one of these fails, the others say nothing about us.
#include <gmock/gmock.h>

#include <csignal>

#include "tests/peers/support/capture.hpp"
#include "tests/peers/support/clients.hpp"
#include "tests/peers/support/servers.hpp"

namespace rdpfault::peers {
namespace {

using testing::HasSubstr;

TEST(Fixtures, ProcessReportsItsExitAndItsOutput) {
    const TempDir folder;
    ProcessConfig config;
    config.command = {"sh", "-c", "echo said; exit 7"};
    config.log = folder / "log";
    Process process(config);
    EXPECT_EQ(process.wait(seconds(10)), (Exit{7, std::nullopt}));
    EXPECT_EQ(process.log(), "said\n");
}

TEST(Fixtures, ProcessEndsItsWholeGroup) {
    const TempDir folder;
    ProcessConfig config;
    config.command = {"sh", "-c", "sh -c 'echo $$; exec sleep 1000' & wait"};
    config.log = folder / "log";
    Process process(config);
    ASSERT_TRUE(wait_until([&] { return process.log().ends_with('\n'); }, seconds(10)));
    const auto grandchild = std::filesystem::path("/proc") / process.log().substr(0, process.log().size() - 1);
    ASSERT_TRUE(std::filesystem::exists(grandchild));
    process.stop();
    // Whoever adopts it has to collect it: until then it is a zombie without a command line.
    EXPECT_TRUE(wait_until([&] { return read_file(grandchild / "cmdline").empty(); }, seconds(10)));
    EXPECT_EQ(process.wait(seconds(0)), (Exit{std::nullopt, SIGTERM}));
}

TEST(Fixtures, MissingProgramNamesIt) {
    ProcessConfig config;
    config.command = {"no-such-program"};
    try {
        const Process process(config);
        FAIL() << "started what is not there";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("no-such-program is not installed"));
    }
}

TEST(Fixtures, ListeningIsSeenWithoutConnecting) {
    const auto port = free_port();
    EXPECT_FALSE(listens(port));
    const Display vnc(320, 200, port);
    EXPECT_NO_THROW(wait_listen(port));
}

TEST(Fixtures, ScreenshotShowsWhatIsDrawn) {
    Display display(320, 200);
    const TempDir folder;
    ProcessConfig config;
    config.command = {"xclock", "-display", display.name(), "-bg", "#102030", "-bw", "0", "-geometry", "100x80+5+7"};
    const Process clock(config);
    Picture picture;
    const auto drawn = [&] { return (picture = display.screenshot()).colours() > 1; };
    ASSERT_TRUE(wait_until(drawn, seconds(10)));
    ASSERT_EQ(picture.width, 320);
    ASSERT_EQ(picture.height, 200);
    EXPECT_EQ(picture.at(4, 7), (Pixel{0, 0, 0}));
    EXPECT_EQ(picture.at(5, 7), (Pixel{0x10, 0x20, 0x30}));
    EXPECT_EQ(picture.at(104, 86), (Pixel{0x10, 0x20, 0x30}));
    EXPECT_EQ(picture.at(105, 86), (Pixel{0, 0, 0}));
}

TEST(Fixtures, XfreerdpReachesXrdp) {
    const Xrdp server;
    Xfreerdp client(server.port(), {"+auth-only"});
    EXPECT_EQ(client.process().wait(seconds(30)), (Exit{0, std::nullopt})) << client.log() << server.log();
}

TEST(Fixtures, XfreerdpReachesFreerdpShadow) {
    const FreerdpShadow server;
    Xfreerdp client(server.port(), {"+auth-only"});
    EXPECT_EQ(client.process().wait(seconds(30)), (Exit{0, std::nullopt})) << client.log() << server.log();
}

TEST(Fixtures, XfreerdpShowsTheDesktopOfXrdp) {
    const Xrdp server;
    Xfreerdp client(server.port());
    const auto shown = [&] { return client.screenshot().colours() > 4; };
    EXPECT_TRUE(wait_until(shown, seconds(30))) << client.log() << server.log();
    EXPECT_TRUE(client.process().running()) << client.log();
}

TEST(Fixtures, RdesktopShowsTheDesktopOfXrdp) {
    const Xrdp server;
    Rdesktop client(server.port());
    const auto shown = [&] { return client.screenshot().colours() > 4; };
    EXPECT_TRUE(wait_until(shown, seconds(30))) << client.log() << server.log();
    EXPECT_TRUE(client.process().running()) << client.log();
}

TEST(Fixtures, CaptureSeesTheNegotiation) {
    const Xrdp server;
    Capture capture(server.port());
    Xfreerdp client(server.port(), {"+auth-only"});
    ASSERT_EQ(client.process().wait(seconds(30)), (Exit{0, std::nullopt})) << client.log();
    capture.stop(20);
    EXPECT_THAT(capture.frames("rdp.negReq.requestedProtocols", {"rdp.negReq.requestedProtocols"}, false),
                testing::ElementsAre("0x00000001"));
    EXPECT_THAT(capture.frames("tls.handshake.type == 1", {"tls.handshake.type"}, true), testing::SizeIs(1));
}

}  // namespace
}  // namespace rdpfault::peers
