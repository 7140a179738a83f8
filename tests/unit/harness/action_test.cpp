// What a fault does, as files spell it.
#include "loading.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::harness {
namespace {

namespace action = proxy::action;
using std::chrono::milliseconds;

const std::string unit = "at: x224.confirm, do: { ";

TEST(Action, EndsOfLegs) {
    EXPECT_EQ(action_of<action::Reset>("reset: client").sides, proxy::Sides::client);
    EXPECT_EQ(action_of<action::Close>("close: both").sides, proxy::Sides::both);
    EXPECT_EQ(action_of<action::HalfClose>("half_close: server").sides, proxy::Sides::server);
    expect_fault_error(unit + "reset: clinet }", "unknown side 'clinet' (did you mean 'client'?)");
}

TEST(Action, Stall) {
    EXPECT_FALSE(action_of<action::Stall>("stall: forever").time);
    EXPECT_EQ(action_of<action::Stall>("stall: 5s").time, milliseconds(5000));
    const auto stall = action_of<action::Stall>("stall: { time: 1s, direction: server-to-client }");
    EXPECT_EQ(stall.time, milliseconds(1000));
    EXPECT_EQ(stall.directions, proxy::Directions::server_to_client);
    EXPECT_FALSE(action_of<action::Stall>("stall: { direction: both }").time);
}

TEST(Action, Delay) {
    EXPECT_EQ(action_of<action::Delay>("delay: 50ms").time, milliseconds(50));
    const auto delay = action_of<action::Delay>("delay: { time: 50ms, jitter: 20ms, distribution: pareto }");
    EXPECT_EQ(delay.jitter, milliseconds(20));
    EXPECT_EQ(delay.distribution, proxy::Jitter::pareto);
    EXPECT_EQ(delay.directions, proxy::Directions::both);
    expect_fault_error(unit + "delay: 50 }", "a duration with its unit, such as 50ms, 2s or 1m, found '50'");
    expect_fault_error(unit + "delay: { jitter: 5ms } }", "delay needs 'time:'");
}

TEST(Action, LossStall) {
    EXPECT_EQ(action_of<action::LossStall>("loss_stall: 0.05").loss, 0.05);
    const auto stall =
        action_of<action::LossStall>("loss_stall: { loss: 1, round_trip: 80ms, direction: server-to-client }");
    EXPECT_EQ(stall.loss, 1);
    EXPECT_EQ(stall.round_trip, milliseconds(80));
    EXPECT_EQ(stall.directions, proxy::Directions::server_to_client);
    expect_fault_error(unit + "loss_stall: 5% }", "a probability from 0 to 1");
    expect_fault_error(unit + "loss_stall: { round_trip: 80ms } }", "needs 'loss:'");
}

TEST(Action, Throttle) {
    EXPECT_EQ(action_of<action::Throttle>("throttle: 64kbit/s").bytes_per_second, 8000U);
    const auto throttle = action_of<action::Throttle>("throttle: { rate: 8kB/s, direction: client-to-server }");
    EXPECT_EQ(throttle.bytes_per_second, 8000U);
    EXPECT_EQ(throttle.directions, proxy::Directions::client_to_server);
    expect_fault_error(unit + "throttle: 64 }", "a rate with its unit");
    expect_fault_error(unit + "throttle: 50ms }", "a rate with its unit");
}

TEST(Action, EditsOfAUnit) {
    const auto truncate = action_of<action::Truncate>("truncate: { keep: 4, then: reset }");
    EXPECT_EQ(truncate.keep, 4U);
    EXPECT_EQ(truncate.then, action::Then::reset);
    const auto corrupt = action_of<action::Corrupt>("corrupt: { bits: 3, skip: 5 }");
    EXPECT_EQ(corrupt.bits, 3U);
    EXPECT_EQ(corrupt.skip, 5U);
    const auto drop = action_of<action::DropBytes>("drop_bytes: { offset: 2, count: 7 }");
    EXPECT_EQ(drop.offset, 2U);
    EXPECT_EQ(drop.count, 7U);
}

TEST(Action, EditsNeedAUnitHeldBack) {
    for (const std::string edit : {"truncate: { keep: 4 }", "corrupt: { bits: 3 }", "drop_bytes: { count: 7 }"}) {
        expect_fault_error("at: start, do: { " + edit + " }", "works on a whole unit");
        expect_fault_error("after: x224.confirm, do: { " + edit + " }", "works on a whole unit");
        expect_fault_error("at: x224.confirm, byte: 3, do: { " + edit + " }", "works on a whole unit");
        expect_fault_error("record: 3, from: server, passed_on: true, do: { " + edit + " }", "works on a whole unit");
        EXPECT_TRUE(errors_of(fault_text("record: 3, from: server, do: { " + edit + " }")).empty()) << edit;
    }
}

TEST(Action, InjectedNegotiationFailureIsARealConfirm) {
    const auto inject = action_of<action::Inject>("inject: { negotiation_failure: 5 }");
    EXPECT_EQ(inject.name, "negotiation_failure 5");
    EXPECT_EQ(inject.to, Side::client);
    EXPECT_TRUE(inject.replace);
    EXPECT_EQ(inject.then, action::Then::close);
    const auto confirm = protocol::ConnectionConfirm::decode(inject.bytes);
    ASSERT_TRUE(confirm.has_value());
    ASSERT_TRUE(confirm->failure);
    EXPECT_EQ(confirm->failure->code, 5U);
}

TEST(Action, InjectedAlert) {
    EXPECT_EQ(to_hex(action_of<action::Inject>("inject: { tls_alert: 40 }").bytes), "15030300020228");
    EXPECT_EQ(to_hex(action_of<action::Inject>("inject: { tls_alert: { code: 90, level: 1 } }").bytes),
              "1503030002015a");
    expect_fault_error(unit + "inject: { tls_alert: 256 } }", "expected a number from 0 to 255");
}

TEST(Action, InjectedTextAndHex) {
    const auto banner = action_of<action::Inject>("inject: { banner: \"HTTP/1.1 400\\r\\n\", then: reset }");
    EXPECT_EQ(banner.bytes, to_bytes("HTTP/1.1 400\r\n"));
    EXPECT_EQ(banner.then, action::Then::reset);
    EXPECT_EQ(to_hex(action_of<action::Inject>("inject: { hex: '03 00 ff', to: server }").bytes), "0300ff");
    EXPECT_FALSE(action_of<action::Inject>("inject: { hex: 'ff', then: nothing }").then);
    expect_fault_error(unit + "inject: { hex: 'fff' } }", "pairs of hexadecimal digits");
    expect_fault_error(unit + "inject: { hex: '' } }", "hexadecimal bytes");
}

TEST(Action, InjectNeedsOneSource) {
    expect_fault_error(unit + "inject: { to: client } }", "inject needs one of");
    expect_fault_error(unit + "inject: { banner: a, hex: 'ff' } }", "inject needs one of");
}

TEST(Action, InjectReplacesOnlyWhatIsHeldBack) {
    EXPECT_FALSE(action_of<action::Inject>("inject: { banner: a }", "at: start").replace);
    EXPECT_FALSE(action_of<action::Inject>("inject: { banner: a }", "after: x224.request").replace);
    EXPECT_FALSE(action_of<action::Inject>("inject: { banner: a, replace: false }").replace);
    expect_fault_error("after: x224.request, do: { inject: { banner: a, replace: true } }", "needs a unit to replace");
}

TEST(Action, EveryMutationIsAccepted) {
    ASSERT_FALSE(proxy::mutation_table().empty());
    for (const auto& row : proxy::mutation_table()) {
        const auto sender = row.from ? ", from: " + std::string(to_string(source(*row.from))) : std::string();
        const auto scenario =
            scenario_of(intercepted_text("at: " + std::string(to_string(row.stage)) + sender + ", do: { mutate: { " +
                                         std::string(row.name) + ": 0x12 } }"));
        ASSERT_EQ(scenario.faults.size(), 1U);
        const auto& mutate = std::get<action::Mutate>(scenario.faults[0].action);
        ASSERT_EQ(mutate.mutations.size(), 1U);
        EXPECT_EQ(mutate.mutations[0].field, row.name);
        EXPECT_EQ(mutate.mutations[0].value, 0x12U);
    }
}

TEST(Action, MutationsOfOneSidesUnitNeedThatSide) {
    const std::string act = "do: { mutate: { channel_join_confirm.result: 1 } }";
    expect_error(intercepted_text("at: mcs.channel_join, " + act), "write 'from: server'");
    expect_error(intercepted_text("at: mcs.channel_join, from: client, " + act), "write 'from: server'");
}

TEST(Action, Postpone) {
    EXPECT_EQ(action_of<action::Postpone>("postpone: 2").count, 2U);
    expect_fault_error(unit + "postpone: 0 }", "expected a number from 1 to 100");
    expect_fault_error(unit + "postpone: 101 }", "expected a number from 1 to 100");
    expect_fault_error("after: x224.confirm, do: { postpone: 1 }", "works on a whole unit");
}

TEST(Action, Split) {
    EXPECT_EQ(action_of<action::Split>("split: { size: 7 }").size, 7U);
    expect_fault_error(unit + "split: { size: 0 } }", "expected a number from 1");
    expect_fault_error(unit + "split: {} }", "size");
    expect_fault_error("after: x224.confirm, do: { split: { size: 1 } }", "works on a whole unit");
}

action::Inject injected(const std::string& source) {
    const auto scenario = scenario_of(intercepted_text("at: rdp.licensing, do: { inject: { " + source + " } }"));
    if (scenario.faults.empty()) return {};
    auto inject = std::get<action::Inject>(scenario.faults[0].action);
    EXPECT_TRUE(inject.pdu) << source;
    EXPECT_TRUE(inject.bytes.empty()) << source;
    return inject;
}
template <class Pdu>
Pdu pdu_of(const std::string& source) {
    const auto inject = injected(source);
    const auto* pdu = inject.pdu ? std::get_if<Pdu>(&*inject.pdu) : nullptr;
    EXPECT_NE(pdu, nullptr) << source;
    return pdu ? *pdu : Pdu{};
}

TEST(Action, InjectsPdusOfTheSession) {
    namespace say = proxy::injected;
    EXPECT_EQ(pdu_of<say::ErrorInfo>("error_info: 0x10c9").code, 0x10c9U);
    EXPECT_EQ(pdu_of<say::Disconnect>("disconnect: user-requested").reason, 3);
    EXPECT_EQ(pdu_of<say::Disconnect>("disconnect: provider-initiated").reason, 1);
    EXPECT_EQ(pdu_of<say::Disconnect>("disconnect: 6").reason, 6);
    EXPECT_EQ(pdu_of<say::LicenseError>("license_error: 6").code, 6U);
    EXPECT_EQ(pdu_of<say::LicenseError>("license_error: 6").transition, 1U);
    EXPECT_EQ(pdu_of<say::LicenseError>("license_error: { code: 2, transition: 3 }").transition, 3U);
    EXPECT_TRUE(pdu_of<say::DeactivateAll>("deactivate_all: long").whole);
    EXPECT_FALSE(pdu_of<say::DeactivateAll>("deactivate_all: short").whole);
    EXPECT_EQ(pdu_of<say::Redirection>("redirection: true").target, "");
    EXPECT_EQ(pdu_of<say::Redirection>("redirection: { target: '127.0.0.1' }").target, "127.0.0.1");
    EXPECT_EQ(pdu_of<say::CredsspError>("credssp_error: 0xC000005E").status, 0xC000005EU);
    EXPECT_EQ(pdu_of<say::CredsspError>("credssp_error: 0xC000005E").version, 6U);
    EXPECT_EQ(pdu_of<say::CredsspError>("credssp_error: { status: 1, version: 2 }").version, 2U);
    EXPECT_EQ(pdu_of<say::AutoReconnectStatus>("auto_reconnect_status: 5").status, 5U);
    pdu_of<say::ShutdownDenied>("shutdown_denied: true");
    // Names that say what an observer is told: word and number.
    EXPECT_EQ(injected("error_info: 0x10c9").name, "error_info 4297");
    EXPECT_EQ(injected("disconnect: user-requested").name, "disconnect 3");
    EXPECT_EQ(injected("license_error: 6").name, "license_error 6");
    EXPECT_EQ(injected("credssp_error: 0xC000005E").name, "credssp_error 3221225566");
    const auto inject = injected("error_info: 7, to: server, replace: false, then: nothing");
    EXPECT_EQ(inject.to, Side::server);
    EXPECT_FALSE(inject.replace);
    EXPECT_FALSE(inject.then);
}

TEST(Action, WrongPdusOfTheSession) {
    const auto wrong = [](const std::string& source, const std::string& part) {
        expect_error(intercepted_text("at: rdp.licensing, do: { inject: { " + source + " } }"), part);
    };
    wrong("disconnect: 8", "expected user-requested");
    wrong("disconnect: orderly", "expected user-requested");
    wrong("deactivate_all: true", "unknown form");
    wrong("redirection: false", "expected true");
    wrong("redirection: { target: " + std::string(256, 'x') + " }", "at most 255");
    wrong("license_error: { transition: 1 }", "code");
    wrong("shutdown_denied: 1", "expected true");
    wrong("error_info: 7, hex: '00'", "inject needs one of");
}

TEST(Action, PdusOfTheSessionNeedAProxyThatSeesIt) {
    for (const std::string source : {"error_info: 7", "redirection: true", "credssp_error: 1"})
        expect_fault_error(unit + "inject: { " + source + " } }", "write 'proxy: { mode: intercept }'");
}

TEST(Action, MutationsOfAnotherUnit) {
    const auto field = std::string(proxy::mutation_table()[0].name);
    expect_fault_error("at: tls.client_hello, do: { mutate: { " + field + ": 1 } }", "is a field of");
    expect_fault_error(unit + "mutate: { confirm.selectd_protocol: 1 } }", "did you mean");
    expect_fault_error(unit + "mutate: {} }", "names no field");
}

TEST(Action, AtAccept) {
    action_of<action::Refuse>("refuse: true", "at: start");
    action_of<action::HoldAccept>("hold_accept: true", "at: start");
    EXPECT_TRUE(action_of<action::AcceptThenClose>("accept_then_close: reset", "at: start").reset);
    EXPECT_FALSE(action_of<action::AcceptThenClose>("accept_then_close: close", "at: start").reset);
    EXPECT_EQ(action_of<action::MaxConnections>("max_connections: 1", "at: start").count, 1U);
    EXPECT_TRUE(action_of<action::MaxConnections>("max_connections: { count: 2, with: reset }", "at: start").reset);
    expect_fault_error("at: start, do: { refuse: false }", "expected true");
}

TEST(Action, AtAcceptThereIsNothingToWaitFor) {
    for (const std::string act :
         {"refuse: true", "hold_accept: true", "accept_then_close: close", "max_connections: 1"}) {
        expect_fault_error("after: x224.confirm, do: { " + act + " }", "write 'at: start'");
        expect_fault_error("at: start, elapsed: 1s, do: { " + act + " }", "cannot apply");
    }
}

TEST(Action, AClosedPortStaysClosed) {
    using Kind = proxy::ConnectionSelector::Kind;
    EXPECT_EQ(fault_of("at: start, connection: 2, do: { refuse: true }").trigger.connection.kind, Kind::from);
    EXPECT_EQ(fault_of("at: start, connection: 2, do: { accept_then_close: close }").trigger.connection.kind,
              Kind::exactly);
}

TEST(Action, ExactlyOneAndKnown) {
    expect_fault_error(unit + "rest: client }", "unknown fault 'rest' (did you mean 'reset'?)");
    expect_fault_error(unit + "reset: client, close: server }", "names one fault, not 2");
    expect_fault_error("at: start", "a fault needs 'do:'");
    expect_fault_error("at: start, do: refuse", "expected an action, found 'refuse'");
}

TEST(Action, EveryActionOfTheTableIsRead) {
    for (const auto& row : proxy::action_table()) {
        const auto errors = errors_of(fault_text(unit + std::string(row.name) + ": { nonsense: 1 } }"));
        for (const auto& error : errors)
            EXPECT_EQ(error.find("unknown fault"), std::string::npos) << error;
    }
}

TEST(Fault, IdsAndBytesInFlight) {
    const auto scenario =
        scenario_of(scenario_text("faults:\n  - { at: start, do: { reset: client } }\n  - { id: second, at: start, "
                                  "in_flight: discard, do: { reset: client } }\n"));
    EXPECT_EQ(scenario.faults.at(0).id, "1");
    EXPECT_EQ(scenario.faults.at(0).in_flight, proxy::InFlight::deliver);
    EXPECT_EQ(scenario.faults.at(1).id, "second");
    EXPECT_EQ(scenario.faults.at(1).in_flight, proxy::InFlight::discard);
    expect_error(scenario_text("faults:\n  - { id: 'a', at: start, do: { reset: client } }\n"
                               "  - { id: 'a', at: start, do: { reset: client } }\n"),
                 "two faults have the id 'a'");
    expect_fault_error("id: No Good, at: start, do: { reset: client }", "an id is made of");
}

}  // namespace
}  // namespace rdpfault::harness
