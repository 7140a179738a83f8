// Every misbehaviour of server/config.hpp, as the client experiences it.
#include <gmock/gmock.h>

#include "protocol/error_info.hpp"
#include "protocol/licensing.hpp"
#include "protocol/session_end.hpp"
#include "tests/unit/server/scripted_client.hpp"

namespace rdpfault::server::test {
namespace {

using namespace std::chrono_literals;
using Wish = Acceptor::Wish;
using tls::Engine;

Bytes payload(const Bytes& unit) {
    const auto mcs = protocol::data_payload(unit);
    if (!mcs) return {};
    auto data = protocol::SendDataIndication::decode(*mcs);
    return data ? std::move(data->payload) : Bytes{};
}

std::optional<std::uint8_t> ultimatum(const Bytes& unit) {
    const auto mcs = protocol::data_payload(unit);
    if (!mcs) return std::nullopt;
    const auto pdu = protocol::DisconnectProviderUltimatum::decode(*mcs);
    return pdu ? std::optional(pdu->reason) : std::nullopt;
}

class KeyUnusable : public testing::TestWithParam<CloseKind> {};

TEST_P(KeyUnusable, AnswersNotAByteToTheClientHello) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{1000}}) {
        ScriptedClient client(with([&](Config& config) { config.certificate_key_unusable = GetParam(); }));
        client.step = step;
        client.go_to(Stage::x224_confirm);
        const auto before = client.received;
        EXPECT_EQ(client.acceptor.wish(), Wish::open) << "not before the ClientHello";
        client.tls = std::make_unique<Engine>(tls::EngineConfig{});
        client.tls->start();
        auto hello = client.tls->take_output();
        const auto last = hello.back();
        hello.pop_back();
        client.wire(hello);
        EXPECT_EQ(client.acceptor.wish(), Wish::open) << "not before its last byte";
        client.wire({&last, 1});
        EXPECT_EQ(client.acceptor.wish(), GetParam() == CloseKind::reset ? Wish::reset : Wish::close);
        EXPECT_EQ(client.received, before);
        EXPECT_EQ(client.ending().kind, GetParam() == CloseKind::reset ? EndKind::reset : EndKind::close);
        EXPECT_TRUE(client.reached(Stage::tls_client_hello));
        EXPECT_FALSE(client.reached(Stage::tls_server_hello));
    }
}
INSTANTIATE_TEST_SUITE_P(Fault, KeyUnusable, testing::Values(CloseKind::close, CloseKind::reset));

TEST(Fault, AfterTlsIsAfterTheClientKnowsItIsUp) {
    for (const auto version : {tls::Version::tls1_2, tls::Version::tls1_3})
        for (const auto kind : {CloseKind::close, CloseKind::reset}) {
            ScriptedClient client(with([&](Config& config) {
                config.tls_max = version;
                config.after_tls = kind;
            }));
            client.go_to(Stage::tls_established);
            EXPECT_EQ(client.acceptor.wish(), kind == CloseKind::reset ? Wish::reset : Wish::close);
            EXPECT_EQ(client.tls->state(),
                      kind == CloseKind::reset ? Engine::State::established : Engine::State::closed);
            EXPECT_TRUE(client.units.empty());
        }
}

TEST(Fault, NoSharedTlsVersionIsAlert70) {
    ScriptedClient client(with([](Config& config) { config.tls_min = tls::Version::tls1_3; }));
    client.go_to(Stage::x224_confirm);
    tls::EngineConfig old;
    old.max = tls::Version::tls1_2;
    client.tls = std::make_unique<Engine>(old);
    client.tls->start();
    client.wire(client.tls->take_output());
    ASSERT_TRUE(client.tls->alert_received());
    EXPECT_EQ(client.tls->alert_received()->description, 70);
    EXPECT_EQ(client.acceptor.wish(), Wish::close);
    EXPECT_TRUE(client.ending().same({EndKind::tls_alert, 70, 0, 0, {}})) << to_string(client.ending());
    EXPECT_EQ(client.acceptor.report().by, Side::server);
}

TEST(Fault, LicenseErrorEndsIt) {
    ScriptedClient client(with([](Config& config) { config.license_error = 6; }));
    client.go_to(Stage::mcs_channel_join);
    client.units.clear();
    client.pdu(protocol::ClientInfo{});
    ASSERT_EQ(client.units.size(), 1u);
    const auto alert = protocol::LicenseErrorAlert::decode(payload(client.units[0]));
    ASSERT_TRUE(alert);
    EXPECT_EQ(alert->error_code, 6u);
    EXPECT_EQ(alert->state_transition, protocol::license_transition::total_abort);
    EXPECT_EQ(client.acceptor.wish(), Wish::close);
    EXPECT_EQ(client.tls->state(), Engine::State::closed);
    EXPECT_TRUE(client.ending().same({EndKind::license_error, 6, 0, 0, {}}));
}

TEST(Fault, SilenceAfterLicensingLastsUntilTheClientGoes) {
    ScriptedClient client(with([](Config& config) { config.silence_after_licensing = true; }));
    client.go_to(Stage::mcs_channel_join);
    client.units.clear();
    client.pdu(protocol::ClientInfo{});
    EXPECT_EQ(client.units.size(), 1u) << "licensing is finished";
    EXPECT_FALSE(client.reached(Stage::rdp_demand_active));
    EXPECT_EQ(client.acceptor.wake_at(), std::nullopt);
    client.acceptor.wake(24h);
    EXPECT_EQ(client.acceptor.wish(), Wish::open);
    client.acceptor.peer_closed(25h);
    EXPECT_EQ(client.acceptor.wish(), Wish::close);
    EXPECT_EQ(client.acceptor.report().by, Side::client);
}

Config error_info(std::uint32_t code, bool before) {
    return with([&](Config& config) { config.error_info = ErrorInfoFault{code, before, 500ms}; });
}

TEST(Fault, ErrorInfoInsteadOfTheDemandActive) {
    ScriptedClient client(error_info(7, true));
    client.go_to(Stage::mcs_channel_join);
    client.units.clear();
    client.pdu(protocol::ClientInfo{});
    ASSERT_EQ(client.units.size(), 3u);
    EXPECT_TRUE(protocol::LicenseErrorAlert::decode(payload(client.units[0]))->valid_client());
    const auto told = protocol::SetErrorInfo::decode(payload(client.units[1]));
    ASSERT_TRUE(told);
    EXPECT_EQ(told->error_info, 7u);
    EXPECT_EQ(told->origin.source, 0);
    EXPECT_EQ(ultimatum(client.units[2]), 1);
    EXPECT_EQ(client.acceptor.wish(), Wish::close);
    EXPECT_EQ(client.tls->state(), Engine::State::closed);
    EXPECT_TRUE(client.ending().same({EndKind::error_info, 7, 0, 0, {}}));
}

TEST(Fault, ErrorInfoIsKeptFromAClientThatDoesNotKnowIt) {
    Traits traits;
    traits.core.early_capability_flags = 0;
    ScriptedClient client(error_info(7, true), traits);
    client.go_to(Stage::mcs_channel_join);
    client.units.clear();
    client.pdu(protocol::ClientInfo{});
    ASSERT_EQ(client.units.size(), 2u);
    EXPECT_EQ(ultimatum(client.units[1]), 1);
}

TEST(Fault, ErrorInfoInTheSession) {
    ScriptedClient client(error_info(0x112F, false));
    client.now = 1s;
    client.go_to(Stage::rdp_active);
    client.units.clear();
    ASSERT_EQ(client.acceptor.wake_at(), Time(1500ms));
    client.acceptor.wake(1499ms);
    EXPECT_EQ(client.acceptor.wish(), Wish::open);
    client.acceptor.wake(1500ms);
    client.listen();
    ASSERT_EQ(client.units.size(), 3u);
    EXPECT_EQ(protocol::SetErrorInfo::decode(payload(client.units[0]))->error_info, 0x112Fu);
    EXPECT_TRUE(protocol::DeactivateAll::decode(payload(client.units[1])));
    EXPECT_EQ(ultimatum(client.units[2]), 1);
    EXPECT_EQ(client.acceptor.wish(), Wish::close);
    EXPECT_EQ(client.tls->state(), Engine::State::closed);
    EXPECT_EQ(client.acceptor.report().duration, Time(1500ms));
}

TEST(Fault, DisconnectInTheSession) {
    for (const std::uint8_t reason : {std::uint8_t{1}, std::uint8_t{3}}) {
        ScriptedClient client(with([&](Config& config) { config.disconnect = DisconnectFault{reason, 200ms}; }));
        client.go_to(Stage::rdp_active);
        client.units.clear();
        client.acceptor.wake(200ms);
        client.listen();
        ASSERT_EQ(client.units.size(), 2u);
        EXPECT_TRUE(protocol::DeactivateAll::decode(payload(client.units[0])));
        EXPECT_EQ(ultimatum(client.units[1]), reason);
        EXPECT_TRUE(client.ending().same({EndKind::disconnect, reason, 0, 0, {}}));
    }
}

TEST(Fault, RefusalSaysNothing) {
    ScriptedClient client;
    client.acceptor.refuse(1ms, "the connection limit is reached");
    client.listen();
    EXPECT_EQ(client.received, 0u);
    EXPECT_EQ(client.acceptor.wish(), Wish::close);
    EXPECT_EQ(client.ending().kind, EndKind::close);
}

}  // namespace
}  // namespace rdpfault::server::test
