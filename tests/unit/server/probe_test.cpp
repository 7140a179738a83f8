// The probe's connector against the acceptor, in memory, under one clock: what the server does is what the probe says.
#include <gmock/gmock.h>

#include "tests/unit/server/conversation.hpp"

namespace rdpfault::server::test {
namespace {

using namespace std::chrono_literals;

struct Outcome {
    Ending ending;
    bool session_up;
    Stage ended_in;
};

template <class Change>
Outcome outcome(Change change, std::chrono::milliseconds linger = 0ms) {
    client::ProbeConfig probe;
    probe.width = 320;
    probe.height = 200;
    probe.linger = linger;
    Conversation conversation(with(change), probe);
    const auto& report = conversation.run();
    return {report.ending, report.session_up, report.ended_in};
}

testing::AssertionResult ended(const Outcome& outcome, EndKind kind, std::uint32_t code, bool session_up) {
    if (outcome.ending.kind == kind && outcome.ending.code == code && outcome.session_up == session_up)
        return testing::AssertionSuccess();
    return testing::AssertionFailure() << to_string(outcome.ending) << " (" << outcome.ending.detail << ") in "
                                       << to_string(outcome.ended_in) << (outcome.session_up ? ", session up" : "");
}

TEST(Probe, Connects) {
    EXPECT_TRUE(ended(outcome([](Config&) {}), EndKind::orderly, 0, true));
    EXPECT_TRUE(ended(outcome([](Config&) {}, 5s), EndKind::orderly, 0, true));
    EXPECT_TRUE(ended(outcome([](Config& c) { c.tls_max = tls::Version::tls1_2; }), EndKind::orderly, 0, true));
}

TEST(Probe, TheServerKnowsThatItWasTheClientWhoLeft) {
    Conversation conversation({}, {});
    conversation.run();
    EXPECT_EQ(conversation.server().by, Side::client);
    EXPECT_EQ(conversation.server().ending.kind, EndKind::disconnect) << to_string(conversation.server().ending);
    EXPECT_TRUE(conversation.server().session_up);
}

TEST(Probe, SeesEveryMisbehaviour) {
    for (std::uint32_t code = 1; code <= 6; ++code)
        EXPECT_TRUE(ended(outcome([&](Config& c) { c.negotiation_failure = code; }), EndKind::negotiation_failure, code,
                          false));
    for (const auto& [how, kind] : {std::pair{CloseKind::close, EndKind::close}, {CloseKind::reset, EndKind::reset}}) {
        const auto key = outcome([&](Config& c) { c.certificate_key_unusable = how; });
        EXPECT_TRUE(ended(key, kind, 0, false));
        EXPECT_EQ(key.ended_in, Stage::tls_server_hello);
        EXPECT_TRUE(ended(outcome([&](Config& c) { c.after_tls = how; }), kind, 0, false));
    }
    EXPECT_TRUE(ended(outcome([](Config& c) { c.license_error = 6; }), EndKind::license_error, 6, false));
    EXPECT_TRUE(ended(outcome([](Config& c) { c.silence_after_licensing = true; }), EndKind::timeout, 0, false));
    EXPECT_TRUE(ended(outcome([](Config& c) { c.error_info = ErrorInfoFault{}; }), EndKind::error_info, 7, false));
    EXPECT_TRUE(ended(outcome(
                          [](Config& c) {
                              c.error_info = ErrorInfoFault{7, false, 500ms};
                          },
                          2s),
                      EndKind::error_info, 7, true));
    EXPECT_TRUE(ended(outcome(
                          [](Config& c) {
                              c.disconnect = DisconnectFault{3, 500ms};
                          },
                          2s),
                      EndKind::disconnect, 3, true));
}

TEST(Probe, NoSharedTlsVersionIsAlert70) {
    client::ProbeConfig probe;
    probe.tls_max = tls::Version::tls1_2;
    Conversation conversation(with([](Config& c) { c.tls_min = tls::Version::tls1_3; }), probe);
    EXPECT_TRUE(conversation.run().ending.same(Ending{EndKind::tls_alert, 70, 0, 0, {}}));
}

}  // namespace
}  // namespace rdpfault::server::test
