// Evidence made by hand for the verdict's tests.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/verdict.hpp"

namespace rdpfault::harness {

using Who = proxy::ConnectionLog::Who;

inline Ending end_of(EndKind kind, std::uint32_t code = 0) {
    Ending ending;
    ending.kind = kind;
    ending.code = code;
    return ending;
}

inline proxy::LegEnd leg(EndKind kind, bool by_proxy) {
    proxy::LegEnd end;
    end.ending = end_of(kind);
    end.by_proxy = by_proxy;
    return end;
}

inline proxy::Event fault_event(const std::string& id, const std::string& action, Stage stage) {
    proxy::Event event;
    event.kind = proxy::Event::Kind::fault;
    event.connection = 1;
    event.fault = id;
    event.action = action;
    event.stage = stage;
    return event;
}

// The client's side of one connection.
inline client::ConnectionReport met(Stage furthest, Ending ending, bool session_up = false) {
    client::ConnectionReport report;
    report.connected = true;
    report.furthest = furthest;
    report.ending = ending;
    report.session_up = session_up;
    return report;
}

inline client::ProbeReport probe(std::vector<client::ConnectionReport> connections) {
    client::ProbeReport report;
    report.connections = std::move(connections);
    return report;
}

// The proxy's side of one connection.
inline proxy::ConnectionLog log_of(Stage furthest, Who who, Ending first, std::optional<proxy::LegEnd> client_leg,
                                   std::optional<proxy::LegEnd> server_leg) {
    proxy::ConnectionLog log;
    log.ordinal = 1;
    log.furthest = furthest;
    log.ended_by = who;
    log.first_end = first;
    log.client_leg = client_leg;
    log.server_leg = server_leg;
    return log;
}

// A connection that worked.
inline Evidence healthy() {
    Evidence evidence;
    evidence.connections = {log_of(Stage::tls_application_data, Who::client, end_of(EndKind::close),
                                   leg(EndKind::close, false), leg(EndKind::close, true))};
    evidence.client = probe({met(Stage::rdp_disconnect, end_of(EndKind::orderly), true)});
    return evidence;
}

inline proxy::Fault a_fault(proxy::Action action, double probability = 1) {
    proxy::Fault fault;
    fault.id = "1";
    fault.trigger.moment = proxy::AtStage{Stage::tls_client_hello, {}, 1, false, {}};
    fault.trigger.probability = probability;
    fault.action = std::move(action);
    return fault;
}

// The client's leg is reset by the proxy at the ClientHello, and that is expected.
inline Arm reset_arm() {
    Arm arm;
    arm.kind = ArmKind::fault;
    arm.name = "fault";
    arm.faults = {a_fault(proxy::action::Reset{})};
    EndExpectation end;
    end.ends_at = Stage::tls_client_hello;
    end.ended_by = EndKind::reset;
    end.who = Who::proxy;
    end.session_up = false;
    end.mstsc = MstscPair{0x904, 7};
    end.connections = 1;
    arm.expect.any_of = {end};
    return arm;
}

inline Evidence reset_evidence() {
    Evidence evidence;
    evidence.connections = {log_of(Stage::tls_client_hello, Who::proxy, end_of(EndKind::reset),
                                   leg(EndKind::reset, true), leg(EndKind::close, true))};
    evidence.connections[0].events = {fault_event("1", "reset", Stage::tls_client_hello)};
    evidence.fired = fired_in(evidence.connections);
    evidence.client = probe({met(Stage::tls_client_hello, end_of(EndKind::reset))});
    return evidence;
}

inline Arm control_arm() {
    Arm arm;
    arm.name = "control";
    arm.expect.connected = true;
    return arm;
}

inline std::string reasons(const Verdict& verdict) {
    std::string text;
    for (const auto& reason : verdict.reasons)
        text += reason + "\n";
    return text;
}

}  // namespace rdpfault::harness
