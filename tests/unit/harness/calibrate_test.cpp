// From the events of a Windows client and the proxy's report to measured codes, and what they do to a verdict.
#include "harness/calibrate.hpp"

#include <gmock/gmock.h>

#include "harness/json_node.hpp"
#include "harness/utc.hpp"
#include "tests/unit/harness/evidence.hpp"

namespace rdpfault::harness {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

std::string event(int id, const std::string& time, const std::vector<std::string>& data,
                  const std::string& activity = "{A}") {
    std::string text =
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider "
        "Name='Microsoft-Windows-TerminalServices-ClientActiveXCore'/><EventID>" +
        std::to_string(id) + "</EventID><TimeCreated SystemTime='2026-11-26T" + time + "Z'/><Correlation ActivityID='" +
        activity + "'/></System><EventData>";
    for (const auto& value : data)
        text += "<Data Name='Value'>" + value + "</Data>";
    return text + "</EventData></Event>\r\n";
}

// An attempt of 300 ms that ends with 2308.
std::string attempt_at(const std::string& minute, const std::string& server = "lab:3390") {
    return event(1024, "10:" + minute + ":00.1000000", {"Server Name", server, "Info"}) +
           event(226, "10:" + minute + ":00.3000000",
                 {"RDPClient_SSL", "TsSslStateHandshakeStart", "TsSslStateDisconnecting", "0x80004005"}) +
           event(1026, "10:" + minute + ":00.4000000", {"Disconnect Reason", "2308", "Info"});
}

std::vector<MstscAttempt> attempts_in(const std::string& xml) {
    return attempts_of(read_windows_events(xml, "events.xml"));
}

WallTime at(const std::string& time) {
    return utc_from_string("2026-11-26T" + time + "Z").value();
}

SeenConnection seen(const std::string& time, const std::string& scenario = "reset-on-client-hello") {
    return {scenario, "fault", at(time), 3390, Stage::tls_client_hello, false, end_of(EndKind::reset)};
}

TEST(WindowsEvents, MakeAnAttempt) {
    const auto attempts = attempts_in(attempt_at("00"));
    ASSERT_EQ(attempts.size(), 1U);
    EXPECT_EQ(attempts[0].began, at("10:00:00.1"));
    EXPECT_EQ(attempts[0].ended, at("10:00:00.4"));
    EXPECT_EQ(attempts[0].server, "lab:3390");
    EXPECT_EQ(attempts[0].reason, 2308U);
    EXPECT_THAT(attempts[0].failures,
                ElementsAre("RDPClient_SSL TsSslStateHandshakeStart TsSslStateDisconnecting 0x80004005"));
    EXPECT_FALSE(attempts[0].session_up);
}

TEST(WindowsEvents, AttemptsThatInterleaveAreToldApartByTheirActivity) {
    const auto attempts = attempts_in(event(1024, "10:00:00", {"Server Name", "a", ""}, "{A}") +
                                      event(1024, "10:00:01", {"Server Name", "b", ""}, "{B}") +
                                      event(1027, "10:00:02", {"Domain", "3"}, "{A}") +
                                      event(1026, "10:00:03", {"Disconnect Reason", "264", ""}, "{B}") +
                                      event(1026, "10:00:04", {"Disconnect Reason", "1", ""}, "{A}"));
    ASSERT_EQ(attempts.size(), 2U);
    EXPECT_EQ(attempts[0].server, "b");
    EXPECT_EQ(attempts[0].reason, 264U);
    EXPECT_EQ(attempts[1].server, "a");
    EXPECT_TRUE(attempts[1].session_up);
}

TEST(WindowsEvents, AreReadInTheEncodingOfPowerShellToo) {
    const auto xml = attempt_at("00");
    std::string utf16 = "\xff\xfe";
    for (const char c : xml)
        utf16 += {c, '\0'};
    EXPECT_EQ(attempts_in(utf16).size(), 1U);
    EXPECT_EQ(attempts_in("<Events>" + xml + "</Events>").size(), 1U);
}

TEST(WindowsEvents, WhatIsNoneIsSaid) {
    const auto reading = [](const std::string& text) { return [text] { read_windows_events(text, "e.xml"); }; };
    EXPECT_THAT(reading("<Event><System>"), ThrowsMessage<ReportError>(HasSubstr("e.xml: not XML, at byte")));
    EXPECT_THAT(reading("plain text"), ThrowsMessage<ReportError>(HasSubstr("no <Event> in it")));
    EXPECT_THAT(reading("<Event/>"), ThrowsMessage<ReportError>(HasSubstr("event 1: no EventID")));
    EXPECT_THAT(reading("<Event><System><EventID>1</EventID></System></Event>"),
                ThrowsMessage<ReportError>(HasSubstr("event 1: no TimeCreated")));
}

TEST(WindowsEvents, TimesHaveUpToNineDigits) {
    EXPECT_EQ(utc_from_string("2026-11-26T10:00:00Z"), at("10:00:00"));
    EXPECT_EQ(utc_from_string("2026-11-26T10:00:00.123456789Z"), at("10:00:00") + std::chrono::nanoseconds(123456789));
    for (const auto* wrong :
         {"", "2026-11-26", "2026-11-26T10:00:00", "2026-11-26T10:00:00.Z", "2026-11-26T10:00:00+01"})
        EXPECT_FALSE(utc_from_string(wrong)) << wrong;
}

TEST(ToldCodes, GoToTheAttemptThatEndedBeforeThem) {
    auto attempts = attempts_in(attempt_at("00") + attempt_at("05"));
    add_told_codes(attempts, read_told_codes("# by hand\n2026-11-26T10:00:20Z, 0x904/0x7\n"
                                             "2026-11-26T10:05:01Z, 2308, 0\n2026-11-26T10:06:00Z, 264, 0\n",
                                             "codes.txt"));
    EXPECT_EQ(attempts[0].extended, 7U);
    EXPECT_EQ(attempts[1].extended, 0U);
}

TEST(ToldCodes, WrongLineIsNamed) {
    EXPECT_THAT([] { read_told_codes("\n\n2026-11-26T10:00:20Z, 7\n", "codes.txt"); },
                ThrowsMessage<ReportError>(HasSubstr("codes.txt:3: expected TIME, CODE, EXTENDED")));
    EXPECT_THAT([] { read_told_codes("now, 1, 2\n", "codes.txt"); },
                ThrowsMessage<ReportError>(HasSubstr("codes.txt:1: expected a time")));
}

TEST(Calibrate, TakesTheLastConnectionOfAnAttempt) {
    const auto attempts = attempts_in(attempt_at("00"));
    auto first = seen("10:00:00.15");
    first.ending = end_of(EndKind::close);
    const std::vector<SeenConnection> connections{seen("10:00:00.25"), first};
    const auto result = calibrate(attempts, connections, milliseconds(0));
    ASSERT_EQ(result.calibration.rows().size(), 1U);
    const auto& row = result.calibration.rows()[0];
    EXPECT_EQ(row.end, (EndKey{Stage::tls_client_hello, false, EndKind::reset, 0}));
    EXPECT_EQ(row.code, 2308U);
    EXPECT_FALSE(row.extended);
    EXPECT_EQ(result.lines[0].connections, 2U);
    EXPECT_EQ(result.lines[0].outcome, "reset-on-client-hello fault: 0x904 after tls.client_hello, reset");
}

TEST(Calibrate, RepetitionsAreCounted) {
    const auto attempts = attempts_in(attempt_at("00") + attempt_at("05"));
    const std::vector<SeenConnection> connections{seen("10:00:00.2"), seen("10:05:00.2")};
    const auto rows = calibrate(attempts, connections, milliseconds(0)).calibration.rows();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].seen, 2U);
    EXPECT_EQ(rows[0].failures.size(), 1U);
}

TEST(Calibrate, ConnectionsOfAnotherPortAndOfAnotherTimeAreNotMeant) {
    const std::vector<SeenConnection> connections{seen("10:00:00.2")};
    EXPECT_THAT(calibrate(attempts_in(attempt_at("00", "lab:9")), connections, {}).calibration.rows(), IsEmpty());
    const auto result = calibrate(attempts_in(attempt_at("30")), connections, {});
    EXPECT_THAT(result.calibration.rows(), IsEmpty());
    EXPECT_THAT(result.lines[0].outcome, HasSubstr("no connection at that time"));
}

TEST(Calibrate, ClocksThatDifferAreNoticedAndSet) {
    const auto attempts = attempts_in(attempt_at("30") + attempt_at("35"));
    const std::vector<SeenConnection> connections{seen("10:00:00.1"), seen("10:05:00.1")};
    EXPECT_EQ(calibrate(attempts, connections, {}).suggested_offset, seconds(1800));
    EXPECT_EQ(calibrate(attempts, connections, seconds(1800)).calibration.rows().at(0).seen, 2U);
}

TEST(Calibrate, TwoScenariosAtATimeSayNothing) {
    const std::vector<SeenConnection> connections{seen("10:00:00.2"), seen("10:00:00.3", "other")};
    const auto result = calibrate(attempts_in(attempt_at("00")), connections, {});
    EXPECT_THAT(result.calibration.rows(), IsEmpty());
    EXPECT_THAT(result.lines[0].outcome, HasSubstr("fall into it"));
}

CalibrationRow row_of(Stage stage, std::uint32_t code, std::optional<std::uint32_t> extended) {
    return {{stage, false, EndKind::reset, 0}, "x", "fault", code, extended, 1, {"stuck"}};
}

TEST(CalibrationFile, IsReadAsItWasWritten) {
    Calibration calibration;
    calibration.add(row_of(Stage::tls_client_hello, 0x904, 7));
    calibration.add(row_of(Stage::x224_confirm, 0x204, std::nullopt));
    const auto again = Calibration::parse(calibration.text(), "c.json");
    ASSERT_EQ(again.rows().size(), 2U);
    EXPECT_TRUE(again.rows()[0].same(calibration.rows()[0]));
    EXPECT_TRUE(again.rows()[1].same(calibration.rows()[1]));
    EXPECT_EQ(again.rows()[0].failures, calibration.rows()[0].failures);
    EXPECT_THAT([] { Calibration::parse(R"({"kind":"calibration","format":1,"rows":[{"stage":"x"}]})", "c.json"); },
                ThrowsMessage<ReportError>(HasSubstr("c.json: rows[0].stage: 'x' is no stage")));
    EXPECT_THAT([] { Calibration::parse(R"({"kind":"results"})", "c.json"); },
                ThrowsMessage<ReportError>(HasSubstr("no calibration")));
}

TEST(CalibrationLookUp, MeasuredInTheSameArmComesFirstThenTheMostFrequent) {
    Calibration calibration;
    auto elsewhere = row_of(Stage::tls_client_hello, 0x904, 0);
    elsewhere.scenario = "y";
    elsewhere.seen = 9;
    calibration.add(elsewhere);
    calibration.add(row_of(Stage::tls_client_hello, 0x904, 7));
    const EndKey end{Stage::tls_client_hello, false, EndKind::reset, 0};
    EXPECT_EQ(calibration.find(end, "x", "fault", {})->pair, (MstscPair{0x904, 7}));
    EXPECT_EQ(calibration.find(end, "z", "fault", {})->pair, (MstscPair{0x904, 0}));
    EXPECT_EQ(calibration.find(end, "z", "fault", {})->confidence, Confidence::measured);
    EXPECT_FALSE(calibration.find({Stage::tls_client_hello, true, EndKind::reset, 0}, "x", "fault", {}));
}

TEST(CalibrationLookUp, StageThatStandsForManyHoldsForItsOwnArmOnly) {
    Calibration calibration;
    calibration.add(row_of(Stage::tls_application_data, 0x904, 7));
    const EndKey end{Stage::tls_application_data, false, EndKind::reset, 0};
    EXPECT_TRUE(calibration.find(end, "x", "fault", {}));
    EXPECT_FALSE(calibration.find(end, "y", "fault", {}));
}

TEST(CalibrationLookUp, ExtendedCodeThatNobodyWroteDownIsThePredictedOne) {
    Calibration calibration;
    calibration.add(row_of(Stage::tls_client_hello, 0x904, std::nullopt));
    Prediction predicted;
    predicted.pair = MstscPair{0x904, 7};
    const auto measured =
        calibration.find({Stage::tls_client_hello, false, EndKind::reset, 0}, "x", "fault", predicted).value();
    EXPECT_EQ(measured.pair, (MstscPair{0x904, 7}));
    EXPECT_THAT(std::string(measured.why), HasSubstr("not recorded"));
}

TEST(CalibratedVerdict, ShowsWhatWasMeasuredAndHoldsItAgainstTheExpectation) {
    Arm arm;
    arm.kind = ArmKind::fault;
    arm.scenario = "x";
    arm.name = "fault";
    EndExpectation end;
    end.ended_by = EndKind::reset;
    end.mstsc = MstscPair{0x904, 7};
    arm.expect.any_of = {end};
    Evidence evidence;
    evidence.client = probe({met(Stage::tls_client_hello, end_of(EndKind::reset), false)});
    evidence.connections = {log_of(Stage::tls_client_hello, Who::proxy, end_of(EndKind::reset),
                                   leg(EndKind::reset, true), leg(EndKind::close, true))};
    EXPECT_EQ(judge(arm, evidence).result, Judgement::passed);

    Calibration calibration;
    calibration.add(row_of(Stage::tls_client_hello, 0x904, 7));
    auto verdict = judge(arm, evidence, &calibration);
    EXPECT_EQ(verdict.result, Judgement::passed);
    EXPECT_EQ(verdict.prediction.confidence, Confidence::measured);

    Calibration other;
    other.add(row_of(Stage::tls_client_hello, 0x304, 0));
    verdict = judge(arm, evidence, &other);
    EXPECT_EQ(verdict.result, Judgement::failed);
    EXPECT_THAT(verdict.reasons.at(0), HasSubstr("mstsc showed 0x304/0x0 (measured), not 0x904/0x7"));
}

}  // namespace
}  // namespace rdpfault::harness
