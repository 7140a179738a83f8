// What each kind of ending asks of each witness.
#include "evidence.hpp"

namespace rdpfault::harness {
namespace {

using ::testing::HasSubstr;

Arm expecting(const EndExpectation& end, proxy::Action action = proxy::action::Reset{}) {
    Arm arm;
    arm.kind = ArmKind::fault;
    arm.faults = {a_fault(std::move(action))};
    arm.expect.any_of = {end};
    return arm;
}

EndExpectation ended_by(EndKind kind, std::optional<std::uint32_t> code = {}) {
    EndExpectation end;
    end.ended_by = kind;
    end.code = code;
    return end;
}

Arm server_arm(const EndExpectation& end) {
    Arm arm;
    arm.kind = ArmKind::fault;
    arm.server.error_info = server::ErrorInfoFault{};
    arm.expect.any_of = {end};
    return arm;
}

// Set Error Info 7 inside TLS, then the server closes.
Evidence error_info_evidence() {
    Evidence evidence;
    evidence.connections = {log_of(Stage::tls_application_data, Who::server, end_of(EndKind::close),
                                   leg(EndKind::close, true), leg(EndKind::close, false))};
    evidence.client = probe({met(Stage::rdp_licensing, end_of(EndKind::error_info, 7))});
    auto& server = evidence.server.emplace();
    server.connections = 1;
    server.misbehaved = true;
    server.furthest = Stage::rdp_licensing;
    return evidence;
}

TEST(Witness, ServersOwnMisbehaviourNeedsItsTestimony) {
    const auto arm = server_arm(ended_by(EndKind::error_info, 7));
    EXPECT_EQ(judge(arm, error_info_evidence()).result, Judgement::passed);
    auto evidence = error_info_evidence();
    evidence.server->misbehaved = false;
    EXPECT_EQ(judge(arm, evidence).result, Judgement::fault_not_fired);
    evidence.server.reset();
    EXPECT_EQ(judge(arm, evidence).result, Judgement::fault_not_fired);
}

TEST(Witness, StageInsideTlsIsTheClientsToTell) {
    auto end = ended_by(EndKind::error_info, 7);
    end.ends_at = Stage::rdp_licensing;
    const auto verdict = judge(server_arm(end), error_info_evidence());
    EXPECT_EQ(verdict.result, Judgement::passed) << reasons(verdict);
    EXPECT_EQ(verdict.observed.stage, Stage::rdp_licensing);
    end.ends_at = Stage::rdp_active;
    EXPECT_THAT(reasons(judge(server_arm(end), error_info_evidence())), HasSubstr("the client got to 'rdp.licensing'"));
    end.ends_at = Stage::x224_confirm;
    EXPECT_EQ(judge(server_arm(end), error_info_evidence()).result, Judgement::failed);
}

TEST(Witness, CodesCount) {
    EXPECT_EQ(judge(server_arm(ended_by(EndKind::error_info)), error_info_evidence()).result, Judgement::passed);
    const auto verdict = judge(server_arm(ended_by(EndKind::error_info, 8)), error_info_evidence());
    EXPECT_EQ(verdict.result, Judgement::failed);
    EXPECT_FALSE(verdict.witnesses[2].agrees);
}

// A unit that the proxy held back was seen by it, and not by the client.
TEST(Witness, HeldBackUnitsCountAsSeenByTheProxy) {
    auto end = ended_by(EndKind::reset);
    end.ends_at = Stage::x224_confirm;
    auto evidence = reset_evidence();
    evidence.connections[0].furthest = Stage::x224_confirm;
    evidence.client = probe({met(Stage::x224_request, end_of(EndKind::reset))});
    EXPECT_EQ(judge(expecting(end), evidence).result, Judgement::passed);
}

proxy::action::Inject alert_40() {
    proxy::action::Inject inject;
    inject.name = "tls_alert 40";
    return inject;
}

Evidence alert_evidence() {
    auto evidence = reset_evidence();
    evidence.connections[0].client_leg = leg(EndKind::close, true);
    evidence.connections[0].first_end = end_of(EndKind::close);
    evidence.client = probe({met(Stage::tls_client_hello, end_of(EndKind::tls_alert, 40))});
    return evidence;
}

TEST(Witness, WhatWasInjectedIsWhatTheLogSays) {
    EXPECT_EQ(judge(expecting(ended_by(EndKind::tls_alert, 40), alert_40()), alert_evidence()).result,
              Judgement::passed);
    auto evidence = alert_evidence();
    evidence.client = probe({met(Stage::tls_client_hello, end_of(EndKind::tls_alert, 70))});
    const auto verdict = judge(expecting(ended_by(EndKind::tls_alert, 70), alert_40()), evidence);
    EXPECT_EQ(verdict.result, Judgement::failed);
    EXPECT_THAT(reasons(verdict), HasSubstr("the proxy saw alert 40"));
}

TEST(Witness, InjectedPdusOfTheSessionSayWhyItEnds) {
    const auto judged = [](std::string_view name, EndKind kind, std::uint32_t code) {
        auto inject = alert_40();
        inject.name = name;
        auto evidence = alert_evidence();
        evidence.client = probe({met(Stage::rdp_licensing, end_of(kind, code))});
        return judge(expecting(ended_by(kind, code), inject), evidence);
    };
    EXPECT_EQ(judged("error_info 7", EndKind::error_info, 7).result, Judgement::passed);
    EXPECT_EQ(judged("disconnect 1", EndKind::disconnect, 1).result, Judgement::passed);
    EXPECT_EQ(judged("license_error 2", EndKind::license_error, 2).result, Judgement::passed);
    EXPECT_EQ(judged("credssp_error 3221225566", EndKind::authentication, 0xC000005E).result, Judgement::passed);
    const auto other = judged("error_info 7", EndKind::error_info, 8);
    EXPECT_EQ(other.result, Judgement::failed);
    EXPECT_THAT(reasons(other), HasSubstr("the proxy saw error_info 7"));
}

TEST(Witness, AnAlertSeenOnTheWireIsSaidByTheServerOnly) {
    auto evidence = alert_evidence();
    proxy::Event event;
    event.kind = proxy::Event::Kind::alert;
    event.direction = Direction::client_to_server;
    event.code = 48;
    evidence.connections[0].events.push_back(event);
    EXPECT_EQ(judge(expecting(ended_by(EndKind::tls_alert, 40), alert_40()), evidence).result, Judgement::passed);
    evidence.connections[0].events.front() = event;
    evidence.connections[0].events.front().direction = Direction::server_to_client;
    evidence.fired = {"1"};
    EXPECT_EQ(judge(expecting(ended_by(EndKind::tls_alert, 40), alert_40()), evidence).result, Judgement::failed);
}

TEST(Witness, AMessageMustHaveBeenDelivered) {
    auto evidence = alert_evidence();
    evidence.connections[0].client_leg->undelivered = 7;
    EXPECT_THAT(reasons(judge(expecting(ended_by(EndKind::tls_alert, 40), alert_40()), evidence)),
                HasSubstr("7 bytes never reached"));
}

TEST(Witness, CloseIsNotReset) {
    auto evidence = alert_evidence();
    evidence.client = probe({met(Stage::tls_client_hello, end_of(EndKind::close))});
    const auto arm = expecting(ended_by(EndKind::close), proxy::action::Close{});
    EXPECT_EQ(judge(arm, evidence).result, Judgement::passed);
    auto was_reset = evidence;
    was_reset.connections[0].client_leg = leg(EndKind::reset, true);
    was_reset.connections[0].first_end = end_of(EndKind::reset);
    EXPECT_THAT(reasons(judge(arm, was_reset)), HasSubstr("was reset, not closed"));
    // A client that goes with bytes unread resets the leg itself; it met a close all the same.
    was_reset.connections[0].first_end = end_of(EndKind::close);
    EXPECT_EQ(judge(arm, was_reset).result, Judgement::passed);
    evidence.connections[0].client_leg.reset();
    EXPECT_THAT(reasons(judge(arm, evidence)), HasSubstr("was not closed"));
}

TEST(Witness, ARefusedPortMustHaveBeenKnockedAt) {
    const auto arm = expecting(ended_by(EndKind::refused), proxy::action::Refuse{});
    Evidence evidence;
    evidence.connections = {log_of(Stage::tcp_connect, Who::proxy, end_of(EndKind::refused), {}, {})};
    evidence.connections[0].events = {fault_event("1", "refuse", Stage::tcp_connect)};
    evidence.fired = {"1"};
    auto refused = met(Stage::tcp_connect, end_of(EndKind::refused));
    refused.connected = false;
    evidence.client = probe({refused});
    EXPECT_EQ(judge(arm, evidence).result, Judgement::passed) << reasons(judge(arm, evidence));
    // The port is closed, but from the second connection on, and there was none.
    auto healthy_run = healthy();
    healthy_run.fired = {"1"};
    EXPECT_EQ(judge(arm, healthy_run).result, Judgement::fault_not_fired);
}

TEST(Witness, TheLastConnectionIsTheOneThatCounts) {
    auto evidence = reset_evidence();
    evidence.connections.push_back(healthy().connections[0]);
    evidence.client = probe({met(Stage::tls_client_hello, end_of(EndKind::reset)),
                             met(Stage::rdp_disconnect, end_of(EndKind::orderly), true)});
    auto arm = reset_arm();
    EXPECT_EQ(judge(arm, evidence).result, Judgement::failed);
    arm.expect = {.connected = true, .any_of = {}};
    EXPECT_EQ(judge(arm, evidence).result, Judgement::passed);
    EXPECT_EQ(judge(arm, evidence).observed.connections, 2U);
}

client::ProcessReport xfreerdp(int exit_code) {
    client::ProcessReport report;
    report.started = true;
    report.exit_code = exit_code;
    report.session_up = false;
    return report;
}

TEST(Witness, ARealClientIsBelievedThatItFailed) {
    auto arm = reset_arm();
    auto evidence = reset_evidence();
    evidence.client = xfreerdp(147);
    const auto verdict = judge(arm, evidence);
    EXPECT_EQ(verdict.result, Judgement::passed) << reasons(verdict);
    EXPECT_EQ(verdict.observed.ended_by.kind, EndKind::reset) << "the proxy's word";
    EXPECT_THAT(verdict.witnesses[2].text, HasSubstr("exit status 147"));
    evidence.client = xfreerdp(0);
    std::get<client::ProcessReport>(evidence.client).session_up = true;
    EXPECT_THAT(reasons(judge(arm, evidence)), HasSubstr("the client was content"));
}

TEST(Witness, ARealClientsExitStatusCanBeExpected) {
    auto evidence = reset_evidence();
    evidence.client = xfreerdp(147);
    evidence.connections[0].ended_by = Who::client;
    EXPECT_EQ(judge(expecting(ended_by(EndKind::client_exit, 147)), evidence).result, Judgement::passed);
    EXPECT_EQ(judge(expecting(ended_by(EndKind::client_exit, 131)), evidence).result, Judgement::failed);
}

TEST(Witness, ARealClientThatGaveUpWaitingRanIntoATimeout) {
    auto evidence = reset_evidence();
    auto client = xfreerdp(131);
    client.gave_up = true;
    evidence.client = client;
    evidence.connections[0].ended_by = Who::client;
    const auto verdict = judge(expecting(ended_by(EndKind::timeout)), evidence);
    EXPECT_EQ(verdict.result, Judgement::passed) << reasons(verdict);
    EXPECT_EQ(verdict.observed.ended_by.kind, EndKind::timeout);
    EXPECT_THAT(verdict.witnesses[2].text, HasSubstr("gave up waiting"));
}

TEST(Witness, ARealClientConnectsWhenItsSessionHolds) {
    auto evidence = healthy();
    client::ProcessReport report;
    report.started = true;
    report.signal = 15;
    report.killed_by_us = true;
    report.session_up = true;
    report.stopped_after_session = true;
    report.connections = 2;
    evidence.client = report;
    const auto verdict = judge(control_arm(), evidence);
    EXPECT_EQ(verdict.result, Judgement::passed) << reasons(verdict);
    EXPECT_EQ(verdict.observed.connections, 2U);
    report.stopped_after_session = false;
    evidence.client = report;
    EXPECT_EQ(judge(control_arm(), evidence).result, Judgement::failed);
}

// Of a real client through a proxy that ends TLS, which sees what the server says.
Arm intercepting(const EndExpectation& end, proxy::Action action = proxy::action::Close{}) {
    auto arm = expecting(end, std::move(action));
    arm.proxy.intercept = true;
    return arm;
}

Evidence evidence_of_program(proxy::Event::Kind kind, std::uint32_t code) {
    auto evidence = reset_evidence();
    evidence.client = xfreerdp(131);
    evidence.connections[0].furthest = Stage::rdp_active;
    proxy::Event event;
    event.kind = kind;
    event.direction = Direction::server_to_client;
    event.segment = proxy::Segment::decrypted;
    event.code = code;
    evidence.connections[0].events.push_back(event);
    return evidence;
}

TEST(Witness, WhatTheProxySeesInsideTlsSaysWhyARealClientEnds) {
    using Kind = proxy::Event::Kind;
    const auto seen = [](Kind kind, std::uint32_t code, Direction direction = Direction::server_to_client) {
        auto evidence = evidence_of_program(kind, code);
        evidence.connections[0].events.back().direction = direction;
        return judge(intercepting({}), evidence).observed.ended_by;
    };
    EXPECT_EQ(seen(Kind::error_info, 7).kind, EndKind::error_info);
    EXPECT_EQ(seen(Kind::error_info, 7).code, 7U);
    EXPECT_EQ(seen(Kind::disconnect, 1).kind, EndKind::disconnect);
    EXPECT_EQ(seen(Kind::license_error, 2).kind, EndKind::license_error);
    EXPECT_EQ(seen(Kind::credssp_error, 0xC000006D).kind, EndKind::authentication);
    EXPECT_NE(seen(Kind::error_info, 0).kind, EndKind::error_info) << "no error";
    EXPECT_NE(seen(Kind::disconnect, 3, Direction::client_to_server).kind, EndKind::disconnect) << "the client's own";
    EXPECT_NE(seen(Kind::alert, 0).kind, EndKind::tls_alert) << "close_notify says no more than a FIN";
}

TEST(Witness, WhatAFaultChangedOnItsWayWasNotSaid) {
    auto evidence = evidence_of_program(proxy::Event::Kind::disconnect, 1);
    const auto arm = intercepting({}, proxy::action::Corrupt{});
    EXPECT_EQ(judge(arm, evidence).observed.ended_by.kind, EndKind::disconnect);
    evidence.connections[0].events.push_back(fault_event("1", "corrupt", Stage::rdp_disconnect));
    EXPECT_NE(judge(arm, evidence).observed.ended_by.kind, EndKind::disconnect);
}

TEST(Witness, WhatTheServerTellsAProxyIsNotWhatTheClientWasTold) {
    auto evidence = evidence_of_program(proxy::Event::Kind::alert, 70);
    const auto arm = intercepting({});
    EXPECT_EQ(judge(arm, evidence).observed.ended_by.kind, EndKind::tls_alert);
    evidence.connections[0].events.back().segment = proxy::Segment::server_wire;
    EXPECT_NE(judge(arm, evidence).observed.ended_by.kind, EndKind::tls_alert);
}

TEST(Witness, AProxyThatEndsTlsSeesTheSessionComeUp) {
    auto evidence = evidence_of_program(proxy::Event::Kind::note, 0);
    std::get<client::ProcessReport>(evidence.client).session_up.reset();  // a program that nobody knows
    auto arm = intercepting({});
    EXPECT_EQ(judge(arm, evidence).observed.session_up, true);
    evidence.connections[0].furthest = Stage::rdp_finalization;
    EXPECT_EQ(judge(arm, evidence).observed.session_up, false);
    arm.proxy.intercept = false;
    EXPECT_EQ(judge(arm, evidence).observed.session_up, std::nullopt);
}

TEST(Witness, AClientThatDidNotStartIsAnError) {
    auto evidence = reset_evidence();
    client::ProcessReport report;
    report.error = "xfreerdp is not installed (package freerdp2-x11)";
    evidence.client = report;
    const auto verdict = judge(reset_arm(), evidence);
    EXPECT_EQ(verdict.result, Judgement::error);
    EXPECT_THAT(reasons(verdict), HasSubstr("freerdp2-x11"));
}

}  // namespace
}  // namespace rdpfault::harness
