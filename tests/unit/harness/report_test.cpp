// The reports as text; their forms as JSON and XML are held by results_test.py.
#include <filesystem>
#include <nlohmann/json.hpp>

#include <unistd.h>
#include "evidence.hpp"
#include "harness/report_files.hpp"
#include "harness/report_json.hpp"
#include "harness/report_junit.hpp"
#include "harness/report_text.hpp"

namespace rdpfault::harness {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ArmResult result_of(const Arm& arm, Evidence evidence) {
    ArmResult result;
    result.scenario = "reset-on-client-hello";
    result.family = "tls";
    result.path = "scenarios/tls/reset-on-client-hello.yaml";
    result.cause = "control";
    result.arm = arm;
    RunRecord run;
    evidence.duration = std::chrono::milliseconds(1234);
    run.verdict = judge(arm, evidence);
    run.evidence = std::move(evidence);
    result.runs.push_back(std::move(run));
    combine(result);
    return result;
}

Report report() {
    Report report;
    report.version = "0.1.0";
    report.started = "2026-01-02T03:04:05Z";
    report.duration = std::chrono::milliseconds(2500);
    report.server = "embedded";
    report.client = "probe";
    report.arms = {result_of(control_arm(), healthy()), result_of(reset_arm(), reset_evidence()),
                   result_of(reset_arm(), healthy())};
    Evidence skipped;
    skipped.skipped = "needs <a real> client & more";
    report.arms.push_back(result_of(reset_arm(), skipped));
    return report;
}

TEST(TextReport, ALineForEachArm) {
    EXPECT_EQ(plain_line(report().arms[1]),
              "passed          tls/reset-on-client-hello fault stage=tls.client_hello ended_by=\"reset\" who=proxy "
              "mstsc=0x904/0x7 time=\"1.234 s\"");
    EXPECT_THAT(plain_line(report().arms[0]), HasSubstr("ended_by=\"orderly\" who=client mstsc=- "));
    EXPECT_THAT(plain_line(report().arms[3]), HasSubstr("skipped         tls/reset-on-client-hello fault stage=- "));
}

TEST(TextReport, SaysWhyAndHowMany) {
    const auto text = plain_report(report());
    EXPECT_THAT(text, HasSubstr("tls/reset-on-client-hello, fault: fault_not_fired\n  fault 1 (reset) did not fire\n"));
    EXPECT_THAT(text, HasSubstr("  client: connected, and left in order\n"));
    EXPECT_THAT(text, HasSubstr("1 skipped: needs <a real> client"));
    EXPECT_THAT(text, HasSubstr("\n2 passed, 1 skipped, 1 fault_not_fired in 2.500 s\n"));
    auto interrupted = report();
    interrupted.interrupted = true;
    EXPECT_THAT(totals_line(interrupted), HasSubstr("(interrupted)"));
    EXPECT_THAT(totals_line(Report{}), HasSubstr("nothing was run"));
}

TEST(TextReport, ColourOnlyWhenAsked) {
    EXPECT_THAT(plain_report(report()), Not(HasSubstr("\x1b")));
    EXPECT_THAT(table_report(report(), false), Not(HasSubstr("\x1b")));
    EXPECT_THAT(table_report(report(), true), HasSubstr("\x1b[32mpassed\x1b[0m"));
}

// Colours take no room: without them the two tables are the same.
TEST(TextReport, ColoursDoNotShiftTheColumns) {
    auto painted_table = table_report(report(), true);
    for (auto at = painted_table.find('\x1b'); at != std::string::npos; at = painted_table.find('\x1b'))
        painted_table.erase(at, painted_table.find('m', at) - at + 1);
    EXPECT_EQ(painted_table, table_report(report(), false));
}

TEST(JsonReport, HasTheEvidence) {
    const auto json = nlohmann::json::parse(results_json(report()));
    EXPECT_EQ(json["totals"]["passed"], 2);
    EXPECT_EQ(json["exit_status"], 3);
    const auto& run = json["arms"][1]["runs"][0];
    EXPECT_EQ(run["verdict"], "passed");
    EXPECT_EQ(run["observed"]["stage"], "tls.client_hello");
    EXPECT_EQ(run["observed"]["ended_by"]["kind"], "reset");
    EXPECT_EQ(run["mstsc"]["pair"], "0x904/0x7");
    EXPECT_EQ(run["mstsc"]["confidence"], "reported");
    EXPECT_EQ(run["fired"][0], "1");
    EXPECT_EQ(run["witnesses"].size(), 3U);
    EXPECT_EQ(json["arms"][1]["expect"][0]["ended_by"], "reset");
    EXPECT_EQ(json["arms"][1]["faults"][0]["fidelity"], "wire");
    EXPECT_FALSE(json["arms"][3]["runs"][0].contains("observed"));
}

// What a capture of the same run is matched by.
TEST(JsonReport, SaysWhoseConnectionItWasAndWhen) {
    using std::chrono::microseconds;
    auto evidence = reset_evidence();
    evidence.began = {std::chrono::system_clock::time_point(std::chrono::seconds(1'767'323'045)), proxy::Time()};
    auto& log = evidence.connections[0];
    log.client_address = "127.0.0.1:40312";
    log.accepted = proxy::Time() + microseconds(1'500'042);
    log.ended = log.accepted + microseconds(1'007);
    Report one;
    one.arms = {result_of(reset_arm(), evidence)};
    const auto text = [&] { return nlohmann::json::parse(results_json(one))["arms"][0]["runs"][0]["connections"][0]; };
    EXPECT_EQ(text()["client"], "127.0.0.1:40312");
    EXPECT_EQ(text()["accepted"], "2026-01-02T03:04:06.500042Z");
    EXPECT_EQ(text()["duration_us"], 1007);
    EXPECT_FALSE(text().contains("local"));
    one.arms[0].runs[0].evidence.connections[0].local_address = "127.0.0.1:40313";
    EXPECT_EQ(text()["local"], "127.0.0.1:40313");
}

TEST(JsonReport, TakesWhatAProgramPrints) {
    auto evidence = reset_evidence();
    client::ProcessReport process;
    process.started = true;
    process.exit_code = 147;
    process.exit_name = "bad \xff bytes";
    evidence.client = process;
    Report one;
    one.arms = {result_of(reset_arm(), evidence)};
    const auto json = nlohmann::json::parse(results_json(one));
    EXPECT_EQ(json["arms"][0]["runs"][0]["client"]["exit_code"], 147);
}

TEST(JunitReport, EscapesAndCounts) {
    const auto xml = junit_xml(report());
    EXPECT_THAT(xml, HasSubstr("tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"4.936\""));
    EXPECT_THAT(xml, HasSubstr("<skipped message=\"needs &lt;a real&gt; client &amp; more\"/>"));
    EXPECT_THAT(xml, HasSubstr("type=\"fault_not_fired\""));
    EXPECT_THAT(xml, HasSubstr("timestamp=\"2026-01-02T03:04:05\""));
}

TEST(ReportFiles, AreWrittenWhole) {
    auto pattern = (std::filesystem::temp_directory_path() / "rdpfault-report-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    const auto files = write_report(report(), pattern + "/a/b");
    ASSERT_EQ(files.size(), 3U);
    for (const auto& file : files)
        EXPECT_GT(std::filesystem::file_size(file), 0U) << file;
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(pattern + "/a/b"))
        ++count;
    EXPECT_EQ(count, 3U) << "no drafts are left behind";
    EXPECT_THROW(write_report(report(), "/dev/null/x"), std::runtime_error);
    std::filesystem::remove_all(pattern);
}

}  // namespace
}  // namespace rdpfault::harness
