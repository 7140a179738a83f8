// The probe's connector against the acceptor, in memory, under one clock: what the server does is what the probe says.
#include <gmock/gmock.h>

#include "client/connector.hpp"
#include "tests/unit/server/scripted_client.hpp"

namespace rdpfault::server::test {
namespace {

using namespace std::chrono_literals;
using Wish = Acceptor::Wish;

class Conversation {
  public:
    Conversation(const Config& server, const client::ProbeConfig& probe)
        : config_(server), acceptor_(config_, engine_config(config_, credential())), connector_(probe, {}) {}

    // Carries bytes and time until both are done, or nothing would ever happen again.
    const client::ConnectionReport& run() {
        connector_.connected(at());
        for (int turns = 0; turns < 10'000 && !connector_.finished(); ++turns)
            if (!carry() && !advance()) break;
        carry();  // the probe's last words
        acceptor_.peer_closed(now_);
        return connector_.report();
    }
    const SessionReport& server() const { return acceptor_.report(); }

  private:
    client::Connector::Time at() const { return client::Connector::Time(now_); }

    bool carry() {
        const auto from_client = connector_.take_output();
        if (!from_client.empty()) acceptor_.receive(now_, from_client);
        acceptor_.take_events();
        const auto from_server = acceptor_.take_output();
        if (!from_server.empty()) connector_.received(from_server, at());
        if (!from_client.empty() || !from_server.empty()) return true;
        if (acceptor_.wish() == Wish::open || gone_) return false;
        gone_ = true;
        Ending reset;
        reset.kind = EndKind::reset;
        if (acceptor_.wish() == Wish::reset)
            connector_.failed(reset, at());
        else
            connector_.closed(at());
        return true;
    }

    bool advance() {
        std::optional<Time> next;
        if (!gone_) next = acceptor_.wake_at();
        if (const auto wake = connector_.wake_at()) {
            const auto then = std::chrono::ceil<Time>(wake->time_since_epoch());
            next = std::min(next.value_or(then), then);
        }
        if (!next) return false;
        now_ = std::max(now_, *next);
        acceptor_.wake(now_);
        connector_.woken(at());
        return true;
    }

    Config config_;
    Time now_{0};
    Acceptor acceptor_;
    client::Connector connector_;
    bool gone_ = false;
};

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
