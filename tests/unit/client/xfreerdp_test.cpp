#include "client/xfreerdp.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace rdpfault::client {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view up =
    "[05:26:50:230] [7857:7858] [DEBUG][com.freerdp.core] - connecting to peer 127.0.0.1\n"
    "[05:26:51:342] [7857:7858] [DEBUG][com.freerdp.core.connection] - rdp_client_transition_to_state "
    "CONNECTION_STATE_FINALIZATION --> CONNECTION_STATE_ACTIVE\n"
    "[05:26:51:342] [7857:7858] [INFO][com.freerdp.gdi] - Local framebuffer format  PIXEL_FORMAT_BGRX32\n";
constexpr std::string_view down =
    "[DEBUG][com.freerdp.core] - connecting to peer 127.0.0.1\n"
    "[DEBUG][com.freerdp.core.connection] - rdp_client_transition_to_state CONNECTION_STATE_INITIAL --> "
    "CONNECTION_STATE_NEGO\n"
    "[DEBUG][com.freerdp.core.connection] - rdp_client_transition_to_state CONNECTION_STATE_NEGO --> "
    "CONNECTION_STATE_INITIAL\n"
    "[DEBUG][com.freerdp.core] - connecting to peer 127.0.0.1\n";

TEST(XfreerdpLog, SeesASessionComeUp) {
    XfreerdpLog log;
    log.feed(up);
    EXPECT_TRUE(log.session_up());
    EXPECT_EQ(log.connections(), 1u);
    EXPECT_EQ(log.last_state(), "ACTIVE");
}

TEST(XfreerdpLog, CountsTriesThatCameToNothing) {
    XfreerdpLog log;
    log.feed(down);
    EXPECT_FALSE(log.session_up());
    EXPECT_EQ(log.connections(), 2u);
    EXPECT_EQ(log.last_state(), "NEGO");
}

TEST(XfreerdpLog, IsTheSameByteByByte) {
    XfreerdpLog log;
    for (const char& c : up)
        log.feed({&c, 1});
    EXPECT_TRUE(log.session_up());
    EXPECT_EQ(log.connections(), 1u);
    EXPECT_EQ(log.last_state(), "ACTIVE");
}

TEST(XfreerdpLog, KnowsThatItGaveUpWaiting) {
    XfreerdpLog log;
    log.feed(down);
    EXPECT_FALSE(log.gave_up());
    log.feed("[ERROR][com.freerdp.core.connection] - Timeout waiting for activation\n");
    EXPECT_TRUE(log.gave_up());
}

TEST(XfreerdpLog, TheVerdictOfAuthOnlyCounts) {
    XfreerdpLog log;
    log.feed("[ERROR][com.freerdp.core] - Authentication only, exit status 1\n");
    EXPECT_FALSE(log.session_up());
    log.feed("[ERROR][com.freerdp.core] - Authentication only, exit status 0\n");
    EXPECT_TRUE(log.session_up());
}

TEST(XfreerdpCommand, HoldsNoPassword) {
    XfreerdpConfig config;
    config.host = "::1";
    config.port = 3390;
    config.user = "lab";
    config.domain = "forest";
    config.password = "sesame";
    config.security = Security::nla;
    config.auth_only = true;
    config.arguments = {"/sound"};
    const auto command = Xfreerdp::command(config);
    EXPECT_THAT(command, Not(Contains(HasSubstr("sesame"))));
    for (const auto* option : {"xfreerdp", "/v:[::1]:3390", "/u:lab", "/d:forest", "/sec:nla", "+auth-only", "/sound",
                               "/from-stdin:force", "/cert:ignore", "/size:1024x768"}) {
        EXPECT_THAT(command, Contains(option));
    }
}

TEST(XfreerdpCommand, LeavesTheChoiceOfSecurityToIt) {
    XfreerdpConfig config;
    config.host = "lab";
    EXPECT_THAT(Xfreerdp::command(config), Not(Contains(HasSubstr("/sec:"))));
    EXPECT_THAT(Xfreerdp::command(config), Not(Contains("+auth-only")));
}

}  // namespace
}  // namespace rdpfault::client
