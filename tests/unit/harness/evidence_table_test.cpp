// Reports into the table of evidence, and against it.
#include "harness/evidence_table.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/json_node.hpp"

namespace rdpfault::harness {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Json run_json(const std::string& stage, const std::string& ended_by, int milliseconds = 100) {
    return {
        {"observed", {{"stage", stage}, {"ended_by", {{"text", ended_by}}}, {"who", "server"}, {"connections", 2}}},
        {"mstsc", {{"pair", "0x904/0x7"}, {"confidence", "inferred"}}},
        {"client", {{"kind", "program"}, {"signal", nullptr}, {"exit_code", 143}, {"exit_name", "TLS_CONNECT_FAILED"}}},
        {"connections", {{{"client_leg", {{"bytes_written", 19}}}}}},
        {"duration_ms", milliseconds}};
}

Json runs_json(const std::string& stage, const std::string& ended_by, int milliseconds = 100) {
    return Json::array({run_json(stage, ended_by, milliseconds)});
}

Json arm_json(const std::string& arm, const std::string& verdict, const Json& runs) {
    return {{"family", "tls"}, {"scenario", "x"},       {"arm", arm},  {"verdict", verdict},
            {"chance", false}, {"reasons", {"cannot"}}, {"runs", runs}};
}

EvidenceTable table_of(const std::vector<Json>& arms, const std::string& peers = "xfreerdp/xrdp") {
    EvidenceCollector collector;
    collector.add(peers, Json{{"arms", arms}}.dump(), "r.json");
    return collector.table();
}

const Json fault = arm_json("fault", "passed", runs_json("tls.client_hello", "reset"));

TEST(EvidenceTable, HasWhatARunShowed) {
    const auto table = table_of({fault, arm_json("control", "passed", runs_json("rdp.disconnect", "orderly"))});
    const auto& cell = table.at({"tls/x", "fault", "xfreerdp/xrdp"});
    ASSERT_EQ(cell.outcomes.size(), 1U);
    EXPECT_EQ(cell.outcomes[0],
              (ShownEnd{"tls.client_hello", "reset", "server", "143 TLS_CONNECT_FAILED", "0x904/0x7", "inferred"}));
    EXPECT_THAT(cell.connections, ElementsAre(2));
    EXPECT_EQ(cell.bytes_to_client, (Extent{19, 19, 19}));
    EXPECT_EQ(table.at({"tls/x", "control", "xfreerdp/xrdp"}).outcomes[0].who, "-") << "a race";
}

TEST(EvidenceTable, RunsOfTheSamePeersAreOneCell) {
    EvidenceCollector collector;
    for (const int time : {300, 100, 200})
        collector.add("a/b", Json{{"arms", {arm_json("fault", "passed", runs_json("x", "reset", time))}}}.dump(), "r");
    collector.add("a/b", Json{{"arms", {arm_json("fault", "failed", runs_json("x", "close", 100))}}}.dump(), "r");
    const auto cell = collector.table().at({"tls/x", "fault", "a/b"});
    EXPECT_EQ(cell.verdict, "failed") << "the worst";
    EXPECT_EQ(cell.outcomes.size(), 2U);
    EXPECT_EQ(cell.milliseconds, (Extent{100, 200, 300}));
    EXPECT_EQ(cell.runs, 4U);
}

TEST(EvidenceTable, IsReadAsItWasWritten) {
    const auto table = table_of({fault, arm_json("fix:a", "skipped", Json::array())});
    const auto text = evidence_json(table);
    const auto again = parse_evidence(text, "evidence.json");
    EXPECT_EQ(evidence_json(again), text);
    EXPECT_EQ(again.at({"tls/x", "fix:a", "xfreerdp/xrdp"}).reason, "cannot");
    EXPECT_THROW(parse_evidence("{}", "evidence.json"), ReportError);
}

TEST(EvidenceTable, EqualRowsOfThePageAreOne) {
    EvidenceCollector collector;
    for (const auto* peers : {"probe/a", "probe/b"})
        collector.add(peers, Json{{"arms", {fault, arm_json("fix:key", "passed", Json::array())}}}.dump(), "r");
    const auto page = evidence_markdown(collector.table());
    EXPECT_THAT(page, HasSubstr("## tls"));
    EXPECT_THAT(
        page, HasSubstr("| x | probe/a, probe/b | tls.client\\_hello | reset (server) | 143 TLS\\_CONNECT\\_FAILED | 2 "
                        "| 19 | 0.10 s | 0x904/0x7 inferred | passed | fix:key passed |"));
    EXPECT_THAT(page, Not(HasSubstr("| x fix:key |")));
}

TEST(EvidenceDeviations, NothingNewIsNone) {
    const auto table = table_of({fault});
    EXPECT_THAT(deviations(table, table).found, IsEmpty());
    auto slower = table;
    slower.begin()->second.milliseconds = {9, 9, 9};
    EXPECT_THAT(deviations(table, slower).found, IsEmpty()) << "times differ by right";
    EXPECT_THAT(deviations(table, table_of({}, "probe/b")).found, IsEmpty()) << "these peers were not run";
}

TEST(EvidenceDeviations, AnotherEndIsSaidWithBoth) {
    auto runs = runs_json("tls.client_hello", "close");
    runs[0]["client"]["exit_code"] = 147;
    runs[0]["client"]["exit_name"] = "CONNECT_TRANSPORT_FAILED";
    const auto now = table_of({arm_json("fault", "passed", runs)});
    EXPECT_THAT(
        deviations(table_of({fault}), now).found,
        ElementsAre("tls/x fault, xfreerdp/xrdp: was reset after tls.client_hello by server, exit 143 "
                    "TLS_CONNECT_FAILED, mstsc 0x904/0x7 (inferred); now close after tls.client_hello by server, "
                    "exit 147 CONNECT_TRANSPORT_FAILED, mstsc 0x904/0x7 (inferred)"));
}

TEST(EvidenceDeviations, VerdictsNewArmsAndLostOnesAreSaid) {
    const auto failed = table_of({arm_json("fault", "failed", runs_json("tls.client_hello", "reset"))});
    EXPECT_THAT(deviations(table_of({fault}), failed).found,
                ElementsAre(HasSubstr("the verdict was passed and is failed")));
    const auto variant = table_of({arm_json("fault:a", "passed", runs_json("tls.client_hello", "reset"))});
    EXPECT_THAT(
        deviations(table_of({fault}), variant).found,
        ElementsAre(HasSubstr("tls/x fault:a, xfreerdp/xrdp: is not in the table"),
                    HasSubstr("tls/x fault, xfreerdp/xrdp: is in the table, and its scenario has no such arm")));
}

TEST(EvidenceDeviations, SameEndInTheNextStageMayBeARace) {
    const auto now = table_of({arm_json("fault", "passed", runs_json("tls.server_hello", "reset"))});
    const auto all = deviations(table_of({fault}), now);
    EXPECT_THAT(all.found, IsEmpty());
    EXPECT_THAT(all.races, ElementsAre(HasSubstr("now reset after tls.server_hello")));
}

TEST(EvidenceDeviations, ChanceMayChooseAnotherEnd) {
    auto arm = arm_json("fault", "passed", runs_json("tls.client_hello", "close"));
    arm["chance"] = true;
    EXPECT_THAT(deviations(table_of({fault}), table_of({arm})).found, IsEmpty());
}

}  // namespace
}  // namespace rdpfault::harness
