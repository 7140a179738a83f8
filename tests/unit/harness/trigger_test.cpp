// The moments of a fault, as files spell them.
#include "loading.hpp"

namespace rdpfault::harness {
namespace {

const std::string reset = ", do: { reset: client }";

template <class Moment>
Moment moment_of(const std::string& keys) {
    const auto fault = fault_of(keys + reset);
    if (const auto* moment = std::get_if<Moment>(&fault.trigger.moment)) return *moment;
    ADD_FAILURE() << "another moment than expected: " << keys;
    return {};
}

TEST(Trigger, AtHoldsTheUnitBack) {
    const auto moment = moment_of<proxy::AtStage>("at: tls.client_hello");
    EXPECT_EQ(moment.stage, Stage::tls_client_hello);
    EXPECT_EQ(moment.from, Direction::client_to_server);
    EXPECT_EQ(moment.nth, 1U);
    EXPECT_FALSE(moment.forwarded);
    EXPECT_FALSE(moment.byte);
}

TEST(Trigger, AfterPassesItOn) {
    EXPECT_TRUE(moment_of<proxy::AtStage>("after: x224.confirm").forwarded);
}

TEST(Trigger, NthAndByteOfAUnit) {
    const auto moment = moment_of<proxy::AtStage>("at: tls.application_data, from: server, nth: 3, byte: 37");
    EXPECT_EQ(moment.from, Direction::server_to_client);
    EXPECT_EQ(moment.nth, 3U);
    EXPECT_EQ(moment.byte, 37U);
}

TEST(Trigger, StageOfBothSidesMayBeAnyones) {
    EXPECT_FALSE(moment_of<proxy::AtStage>("at: tls.application_data").from);
}

TEST(Trigger, Start) {
    moment_of<proxy::AtStart>("at: start");
}

TEST(Trigger, RecordOfADirection) {
    const auto moment = moment_of<proxy::AtRecord>("record: 4, from: server, passed_on: true");
    EXPECT_EQ(moment.from, Direction::server_to_client);
    EXPECT_EQ(moment.nth, 4U);
    EXPECT_TRUE(moment.forwarded);
    EXPECT_FALSE(moment_of<proxy::AtRecord>("record: 1, from: client").forwarded);
}

TEST(Trigger, ByteOfAStream) {
    const auto moment = moment_of<proxy::AtByte>("stream_byte: 0, from: client");
    EXPECT_EQ(moment.from, Direction::client_to_server);
    EXPECT_EQ(moment.offset, 0U);
}

TEST(Trigger, Idle) {
    EXPECT_EQ(moment_of<proxy::AtIdle>("idle: 5s").time, std::chrono::seconds(5));
}

TEST(Trigger, ConditionsOfAnyMoment) {
    const auto text = fault_text("at: start, elapsed: 2s, probability: 0.5, connection: 2+" + reset) + "repeat: 20\n";
    const auto trigger = scenario_of(text).faults.at(0).trigger;
    EXPECT_EQ(trigger.elapsed, std::chrono::seconds(2));
    EXPECT_EQ(trigger.probability, 0.5);
    EXPECT_EQ(trigger.connection.kind, proxy::ConnectionSelector::Kind::from);
    EXPECT_EQ(trigger.connection.ordinal, 2U);
}

TEST(Trigger, Connections) {
    using Kind = proxy::ConnectionSelector::Kind;
    EXPECT_EQ(fault_of("at: start" + reset).trigger.connection.kind, Kind::every);
    EXPECT_EQ(fault_of("at: start, connection: every" + reset).trigger.connection.kind, Kind::every);
    EXPECT_EQ(fault_of("at: start, connection: 3" + reset).trigger.connection.kind, Kind::exactly);
    EXPECT_EQ(fault_of("at: start, connection: 3" + reset).trigger.connection.ordinal, 3U);
    EXPECT_TRUE(fault_of("at: start, connection: first" + reset).trigger.connection.matches(1));
    EXPECT_FALSE(fault_of("at: start, connection: first" + reset).trigger.connection.matches(2));
    for (const auto* wrong : {"0", "0+", "last", "-1", "1.5", "+", "[1]"})
        expect_fault_error("at: start, connection: " + std::string(wrong) + reset, "expected every, first, a number");
}

TEST(Trigger, UnknownStageNamesTheNearest) {
    expect_fault_error("at: tls.client_helo" + reset,
                       "unknown stage 'tls.client_helo' (did you mean 'tls.client_hello'?)");
}

TEST(Trigger, StageInsideTlsIsRefusedWithAWayOut) {
    expect_fault_error("at: rdp.demand_active" + reset, "lies inside TLS");
    expect_fault_error("after: nla.challenge" + reset, "tls.application_data");
}

TEST(Trigger, AnInterceptingProxySeesEveryStage) {
    for (const auto& row : stages()) {
        if (row.stage == Stage::tcp_connect) continue;
        const auto text = intercepted_text("at: " + std::string(row.name) + reset);
        const auto moment = std::get<proxy::AtStage>(scenario_of(text).faults.at(0).trigger.moment);
        EXPECT_EQ(moment.stage, row.stage);
        EXPECT_EQ(moment.from, row.direction);
    }
    expect_error(intercepted_text("at: rdp.demand_activ" + reset), "did you mean 'rdp.demand_active'?");
    expect_error(scenario_text("proxy: { mode: look }\n"), "unknown mode 'look'");
    expect_error(fault_text("at: rdp.active" + reset) + "proxy: { mode: pass-through }\n", "lies inside TLS");
}

TEST(Trigger, AFixSeesWhatItsScenarioSees) {
    const auto fixes = "fixes: { f: { action: a, faults: [ { at: rdp.active" + reset + " } ] } }\n";
    EXPECT_EQ(scenario_of(intercepted_text("at: rdp.data" + reset) + fixes).fixes.at(0).faults.size(), 1U);
    expect_error(fault_text("at: start" + reset) + fixes, "lies inside TLS");
}

TEST(Trigger, TcpConnectIsTheStart) {
    expect_fault_error("at: tcp.connect" + reset, "write 'at: start'");
}

TEST(Trigger, ExactlyOneMoment) {
    expect_fault_error("connection: 1" + reset, "needs one moment");
    expect_fault_error("at: start, after: x224.confirm" + reset, "needs one moment");
    expect_fault_error("idle: 5s, record: 2, from: client" + reset, "needs one moment");
}

TEST(Trigger, KeysThatTheMomentDoesNotUse) {
    expect_fault_error("at: start, nth: 2" + reset, "'nth:' means nothing");
    expect_fault_error("at: start, from: client" + reset, "'from:' means nothing");
    expect_fault_error("after: x224.confirm, byte: 3" + reset, "'byte:' means nothing");
    expect_fault_error("at: x224.confirm, passed_on: true" + reset, "'passed_on:' means nothing");
    expect_fault_error("idle: 5s, nth: 3" + reset, "'nth:' means nothing");
}

TEST(Trigger, WhoSendsMustBeSaidAndBeTrue) {
    expect_fault_error("record: 3" + reset, "needs 'from: client' or 'from: server'");
    expect_fault_error("stream_byte: 3" + reset, "needs 'from: client' or 'from: server'");
    expect_fault_error("at: x224.confirm, from: client" + reset, "is sent by the server");
}

TEST(Trigger, WrongUnitsAndNumbers) {
    expect_fault_error("idle: 5" + reset, "a duration with its unit");
    expect_fault_error("at: start, elapsed: 2 seconds" + reset, "a duration with its unit");
    expect_fault_error("at: x224.confirm, nth: 0" + reset, "expected a number from 1 to 4294967295, found '0'");
    expect_fault_error("at: x224.confirm, byte: many" + reset, "expected a number");
    expect_fault_error("record: 4294967296, from: client" + reset, "expected a number");
    expect_fault_error("at: start, probability: 2" + reset, "a probability from 0 to 1");
}

TEST(Trigger, ChanceNeedsRepetition) {
    const auto fault = "at: start, probability: 0.5" + reset;
    expect_error(fault_text(fault), "is left to chance");
    EXPECT_TRUE(errors_of(fault_text(fault) + "repeat: 2\n").empty());
}

}  // namespace
}  // namespace rdpfault::harness
