// Diagnoses: of the report of a run, and of what a capture shows.
#include <nlohmann/json.hpp>

#include "evidence.hpp"
#include "harness/diagnose_report.hpp"
#include "harness/report_json.hpp"

namespace rdpfault::harness {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string results() {
    ArmResult arm;
    arm.scenario = "reset-on-client-hello";
    arm.family = "tls";
    arm.arm = reset_arm();
    RunRecord run;
    run.evidence = reset_evidence();
    run.evidence.connections[0].client_address = "127.0.0.1:40312";
    run.verdict = judge(arm.arm, run.evidence);
    arm.runs.push_back(std::move(run));
    combine(arm);
    Report report;
    report.arms = {arm};
    return results_json(report);
}

Scenario like(const std::string& name, const std::string& cause, Stage ends_at, EndKind ended_by) {
    Scenario scenario;
    scenario.name = name;
    scenario.path = "scenarios/tls/" + name + ".yaml";
    scenario.family = "tls";
    scenario.cause = cause;
    EndExpectation end;
    end.ends_at = ends_at;
    end.ended_by = ended_by;
    scenario.expect.any_of = {end};
    return scenario;
}

TEST(DiagnoseResults, SaysWhatTheReportSays) {
    const auto diagnosis = diagnose_results("results.json", results(), {});
    ASSERT_THAT(diagnosis.findings, SizeIs(1));
    const auto& finding = diagnosis.findings[0];
    EXPECT_EQ(finding.scenario, "tls/reset-on-client-hello");
    EXPECT_EQ(finding.client, "127.0.0.1:40312");
    EXPECT_EQ(finding.symptoms.stage, Stage::tls_client_hello);
    EXPECT_EQ(finding.symptoms.who, Party::server);
    EXPECT_EQ(finding.symptoms.ending.kind, EndKind::reset);
    EXPECT_EQ(finding.prediction.pair, (MstscPair{0x904, 7}));
    EXPECT_EQ(finding.prediction.confidence, Confidence::reported);
    EXPECT_THAT(finding.notes, Contains("the proxy ended it, in the server's place"));
    ASSERT_FALSE(finding.causes.empty());
    EXPECT_EQ(finding.causes[0].cause->id, "certificate-key-unusable");
}

TEST(DiagnoseResults, NamesTheFileThatIsNone) {
    const auto complaint = [](const std::string& text) -> std::string {
        try {
            diagnose_results("x.json", text, {});
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return {};
    };
    EXPECT_THAT(complaint("no json"), HasSubstr("x.json: is neither a capture nor a results.json of rdpfault run: "));
    EXPECT_THAT(complaint("{}"), HasSubstr("x.json: "));
    EXPECT_THAT(complaint(R"({"format": 2})"), HasSubstr("format 2 is not known"));
}

TEST(Conclude, NamesScenariosThatEndAlikeTheMostLikelyCauseFirst) {
    const std::vector<Scenario> scenarios{
        like("elsewhere", "certificate-key-unusable", Stage::rdp_active, EndKind::timeout),
        like("mismatch", "tls-mismatch", Stage::tls_client_hello, EndKind::reset),
        like("key", "certificate-key-unusable", Stage::tls_client_hello, EndKind::reset)};
    auto diagnosis = diagnose_results("results.json", results(), scenarios);
    EXPECT_THAT(diagnosis.findings[0].scenarios,
                testing::ElementsAre("scenarios/tls/key.yaml", "scenarios/tls/mismatch.yaml"));
}

// A connection that the server reset at the ClientHello, whole in the capture.
capture::Account account() {
    capture::Account account;
    account.began = capture::Time(seconds(1'767'323'045));
    account.beginning_seen = account.connected = account.closed = true;
    account.seen = {true, true};
    account.talk.furthest = Stage::tls_client_hello;
    account.talk.reached = account.began + milliseconds(5);
    account.how = capture::TcpEnd::reset;
    account.who = capture::Ender::server;
    account.ended = account.began + milliseconds(7);
    account.last_word = Side::client;
    account.last_data = account.talk.reached;
    return account;
}

capture::Said said(Side by, EndKind kind, std::uint32_t code) {
    capture::Said said;
    said.by = by;
    said.ending = end_of(kind, code);
    return said;
}

TEST(FindingOfCapture, PutsTheFactsTogether) {
    auto finding = finding_of(account());
    conclude(finding, {});
    EXPECT_EQ(finding.began, "2026-01-02T03:04:05.000000Z");
    EXPECT_EQ(finding.duration, milliseconds(7));
    EXPECT_EQ(finding.symptoms.since_stage, milliseconds(2));
    EXPECT_TRUE(finding.symptoms.stage_certain);
    EXPECT_EQ(finding.symptoms.session_up, false);
    EXPECT_EQ(finding.prediction.pair, (MstscPair{0x904, 7}));
    EXPECT_THAT(finding.notes, IsEmpty());
}

TEST(FindingOfCapture, WhatTheClientWasToldCounts) {
    auto one = account();
    one.talk.said = {said(Side::server, EndKind::tls_alert, 40)};
    auto finding = finding_of(one);
    EXPECT_EQ(to_string(finding.symptoms.ending), "alert 40 handshake_failure");
    EXPECT_EQ(finding.socket.kind, EndKind::reset);
    conclude(finding, {});
    EXPECT_TRUE(finding.prediction.pair);
    // What the client itself did not like says nothing of what it shows.
    one.talk.said = {said(Side::client, EndKind::tls_alert, 48)};
    finding = finding_of(one);
    conclude(finding, {});
    EXPECT_EQ(to_string(finding.symptoms.ending), "alert 48 unknown_ca");
    EXPECT_FALSE(finding.prediction.pair);
}

TEST(FindingOfCapture, AClientThatWaitedHasGivenUp) {
    auto one = account();
    one.who = capture::Ender::client;
    one.how = capture::TcpEnd::fin;
    EXPECT_EQ(finding_of(one).symptoms.ending.kind, EndKind::close);
    one.ended = *one.last_data + seconds(10);
    const auto finding = finding_of(one);
    EXPECT_EQ(finding.symptoms.ending.kind, EndKind::timeout);
    EXPECT_EQ(finding.socket.kind, EndKind::close);
    EXPECT_THAT(finding.notes, Contains(HasSubstr("gives up waiting")));
    // In a session, silence is nothing special.
    one.talk.stages = {{Stage::rdp_active, one.began}};
    EXPECT_EQ(finding_of(one).symptoms.ending.kind, EndKind::close);
}

TEST(FindingOfCapture, WhatIsMissingIsSaid) {
    auto one = account();
    one.talk.lost = {0, 1200};
    auto finding = finding_of(one);
    EXPECT_FALSE(finding.symptoms.stage_certain);
    EXPECT_FALSE(finding.symptoms.session_up);
    EXPECT_THAT(finding.notes, Contains(HasSubstr("has not got 1200 bytes of the server")));
    one.how = capture::TcpEnd::none;
    one.who = capture::Ender::unknown;
    one.ended.reset();
    one.seen = {true, false};
    finding = finding_of(one);
    conclude(finding, {});
    EXPECT_THAT(finding.causes, IsEmpty());
    EXPECT_THAT(finding.notes, Contains(HasSubstr("no packet of the server")));
    EXPECT_THAT(finding.notes, Contains(HasSubstr("the capture ends before the connection does")));
}

TEST(FindingOfCapture, AGuessIsCalledOne) {
    auto one = account();
    one.talk.furthest = Stage::tls_application_data;
    one.bytes = {4000, 200'000};
    auto finding = finding_of(one);
    conclude(finding, {});
    EXPECT_TRUE(finding.session_guessed);
    EXPECT_EQ(finding.symptoms.session_up, true);
    EXPECT_EQ(finding.prediction.pair, (MstscPair{0x904, 0}));
    EXPECT_EQ(finding.prediction.confidence, Confidence::inferred);
}

TEST(DiagnosisReport, SaysItInEveryForm) {
    Diagnosis diagnosis;
    diagnosis.file = "x.pcap";
    diagnosis.kind = "capture";
    diagnosis.answer = "1 TCP connection, 1 of them RDP";
    diagnosis.findings = {finding_of(account())};
    conclude(diagnosis.findings[0], {});
    const auto all = std::span(&diagnosis, 1);
    EXPECT_THAT(diagnosis_text(all), HasSubstr("  last stage   tls.client_hello\n"));
    EXPECT_THAT(diagnosis_text(all), HasSubstr("by the server: reset, after 7.0 ms, 2.0 ms after the last stage\n"));
    EXPECT_THAT(diagnosis_lines(all), HasSubstr("stage=tls.client_hello who=server ended_by=\"reset\" "
                                                "mstsc=0x904/0x7 cause=certificate-key-unusable\n"));
    const auto json = nlohmann::json::parse(diagnosis_json(all));
    const auto& one = json["files"][0]["connections"][0];
    EXPECT_EQ(one["stage"], "tls.client_hello");
    EXPECT_EQ(one["stage_certain"], true);
    EXPECT_EQ(one["ended_by"], "server");
    EXPECT_EQ(one["socket"]["text"], "reset");
    EXPECT_EQ(one["duration_us"], 7000);
    EXPECT_EQ(one["mstsc"]["pair"], "0x904/0x7");
    EXPECT_EQ(one["causes"][0]["cause"], "certificate-key-unusable");
}

}  // namespace
}  // namespace rdpfault::harness
