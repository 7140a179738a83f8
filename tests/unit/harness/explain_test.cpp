#include "harness/explain.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/advice.hpp"
#include "harness/causes.hpp"
#include "harness/causes_document.hpp"
#include "harness/codes_document.hpp"
#include "harness/explain_page.hpp"
#include "harness/unexplained.hpp"
#include "protocol/catalogue.hpp"
#include "protocol/events.hpp"

namespace rdpfault::harness {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::vector<KnownScenario> known{
    {"reset-on-client-hello",
     "scenarios/tls/reset-on-client-hello.yaml",
     "certificate-key-unusable",
     "the key is gone",
     {{0x904, 7}},
     Confidence::reported,
     0,
     {{"fix:key-readable", "let it be read"}}},
    {"refused-port", "scenarios/service/refused-port.yaml", "service-stopped", "nothing listens", {{0x204, 0}}},
    {"license-error", "scenarios/rdp/license-error.yaml", "licensing", "no license server", {{0x808, 0}}},
};

using Words = std::vector<std::string>;

std::string text(const Words& words) {
    const auto page = explain(words, known);
    EXPECT_TRUE(page.found) << page.text;
    return page.text;
}

json data(const Words& words) {
    return json::parse(explain(words, known, ExplainFormat::json).text);
}

TEST(Explain, the_pair_names_both_codes_the_endings_the_causes_and_their_scenarios) {
    const auto page = text({"0x904", "0x7"});
    EXPECT_THAT(page, AllOf(HasSubstr("Error code 0x904/0x7"), HasSubstr("disconnectReasonAtClientWinsockFDCLOSE"),
                            HasSubstr("exDiscReasonServerDeniedConnection"), HasSubstr("0x904/0x7 (reported): "),
                            HasSubstr("; reset after"), HasSubstr("the dialog, in our words"),
                            HasSubstr("certificate-key-unusable"),
                            HasSubstr("scenarios/tls/reset-on-client-hello.yaml: the key is gone")));
    EXPECT_THAT(page, Not(HasSubstr("license-error")));
    EXPECT_THAT(page, Not(HasSubstr("refused-port")));
    EXPECT_THAT(page, Not(HasSubstr("0x904/0x0")));
}

TEST(Explain, the_pair_may_be_typed_in_many_ways) {
    const auto expected = text({"0x904", "0x7"});
    for (const auto& words : {Words{"0x904/0x7"}, Words{"2308", "7"}, Words{"0X904,", "0X7"},
                              Words{"mstsc", "0x904", "0x7"}, Words{"Error code: 0x904, Extended error code: 0x7"}})
        EXPECT_EQ(text(words), expected) << words[0];
}

TEST(Explain, a_number_is_looked_up_in_every_family) {
    const auto found = data({"7"});
    std::vector<std::string> families;
    for (const auto& row : found["codes"])
        families.push_back(row["family"]);
    EXPECT_THAT(families, testing::ElementsAre("extended", "error_info", "xfreerdp", "license"));
    EXPECT_THAT(found["expected"], IsEmpty());  // which of them is meant is not known
    EXPECT_THAT(text({"2308"}), HasSubstr("mstsc 0x904 = 2308"));
    EXPECT_THAT(text({"0x112F"}), HasSubstr("ERRINFO_GRAPHICSSUBSYSTEMFAILED"));
}

TEST(Explain, a_family_narrows_a_number_down) {
    const auto found = data({"alert", "40"});
    ASSERT_EQ(found["codes"].size(), 1U);
    EXPECT_EQ(found["codes"][0]["name"], "handshake_failure");
    EXPECT_EQ(found["codes"][0]["related"]["code"], 0x80090326U);
    EXPECT_EQ(found["expected"][0]["mstsc"], "0x904/0x7");
    EXPECT_EQ(found["expected"][0]["confidence"], "inferred");
    EXPECT_EQ(data({"xfreerdp", "143"})["codes"][0]["name"], "TLS_CONNECT_FAILED");
    EXPECT_EQ(data({"negotiation", "failure", "5"})["codes"][0]["name"], "HYBRID_REQUIRED_BY_SERVER");
    EXPECT_EQ(data({"xfreerdp", "exit", "143"})["related"][0]["name"], "ERRCONNECT_TLS_CONNECT_FAILED");
}

TEST(Explain, names_are_found_in_any_case) {
    EXPECT_THAT(text({"ERRCONNECT_TLS_CONNECT_FAILED"}), HasSubstr("freerdp 0x20008"));
    EXPECT_THAT(text({"errinfo_server_denied_connection"}), HasSubstr("0x3/0x7 (inferred)"));
    EXPECT_THAT(text({"handshake", "failure"}), HasSubstr("tls_alert 40"));
    EXPECT_THAT(text({"alert", "access_denied"}), HasSubstr("tls_alert 49"));
}

TEST(Explain, every_code_with_a_name_is_found_by_it_and_by_its_family_and_number) {
    for (const auto& family : families())
        for (const auto& row : codes(family.family)) {
            const auto by_number = data({std::string(family.name), code_text(row)});
            ASSERT_EQ(by_number["codes"].size(), 1U) << family.name << ' ' << code_text(row);
            EXPECT_EQ(by_number["codes"][0]["code"], row.code);
            EXPECT_TRUE(row.name.empty() || explain({std::string(row.name)}, known).found) << row.name;
        }
}

TEST(Explain, several_codes_of_one_kind_are_one_line) {
    EXPECT_THAT(text({"mstsc", "0x3"}), HasSubstr("error_info: 0x3/n (inferred)"));
    EXPECT_THAT(text({"0x807"}), HasSubstr("authentication 0xC000006A, 0xC000006D: 0x807/0x0 (inferred)"));
}

TEST(Explain, a_cause_says_what_to_change_and_what_does_not_help) {
    EXPECT_THAT(text({"certificate-key-unusable"}),
                AllOf(HasSubstr("Evidence: good."), HasSubstr("What to change"), HasSubstr("NETWORK SERVICE"),
                      HasSubstr("What does not help"), HasSubstr("36870"), HasSubstr("Causes that look alike"),
                      HasSubstr("scenarios/tls/reset-on-client-hello.yaml")));
    for (const auto& cause : causes())
        EXPECT_EQ(data({std::string(cause.id)})["cause"]["id"], cause.id);
}

TEST(Explain, a_page_fits_a_terminal_and_markdown_holds_everything) {
    std::vector<KnownScenario> many;
    for (const auto& cause : causes())
        for (int i = 0; i < 20; ++i)
            many.push_back({std::string(cause.id) + std::to_string(i),
                            "scenarios/x.yaml",
                            std::string(cause.id),
                            "one",
                            {{0x904, 7}}});
    const auto page = explain({"0x904", "0x7"}, many).text;
    EXPECT_LE(std::ranges::count(page, '\n'), 70);
    EXPECT_THAT(page, HasSubstr("others: rdpfault scenarios --mstsc 0x904/0x7"));
    const auto whole = explain({"0x904", "0x7"}, many, ExplainFormat::markdown).text;
    EXPECT_GT(std::ranges::count(whole, '\n'), 200);
    EXPECT_THAT(whole, Not(HasSubstr("others:")));
    EXPECT_GT(json::parse(explain({"0x904", "0x7"}, many, ExplainFormat::json).text)["scenarios"].size(), 200U);
    EXPECT_THAT(explain({"certificate-key-unusable"}, many).text,
                HasSubstr("and 14 others: rdpfault scenarios --cause certificate-key-unusable"));
}

TEST(Explain, the_surest_scenario_of_a_cause_is_the_one_shown) {
    const std::vector<KnownScenario> three{
        {"a", "a.yaml", "nla-closed", "inferred", {{0x904, 7}}, Confidence::inferred},
        {"b", "b.yaml", "nla-closed", "with a link", {{0x904, 7}}, Confidence::reported, 1},
        {"c", "c.yaml", "nla-closed", "plain", {{0x904, 7}}, Confidence::reported},
    };
    const auto page = explain({"0x904", "0x7"}, three).text;
    EXPECT_THAT(page, AllOf(HasSubstr("c.yaml: plain"), Not(HasSubstr("a.yaml")), Not(HasSubstr("b.yaml"))));
}

TEST(Explain, windows_events_are_found_by_number_and_by_log) {
    for (const auto& words :
         {Words{"event", "36870"}, Words{"36870"}, Words{"Schannel", "36870"}, Words{"event", "id", "36870"}}) {
        const auto page = text(words);
        EXPECT_THAT(page, AllOf(HasSubstr("Schannel 36870: "), HasSubstr("System, source Schannel"),
                                HasSubstr("certificate-key-unusable: ")))
            << words[0];
    }
    EXPECT_THAT(text({"event", "36870"}), HasSubstr("security-software-reset, when it is missing"));
    EXPECT_EQ(data({"event", "226"})["events"].size(), 2U) << "of the client, and of the server";
    EXPECT_EQ(data({"RDPClient", "226"})["events"][0]["machine"], "client");
    EXPECT_GT(data({"schannel"})["events"].size(), 10U);
    for (const auto& event : events())
        EXPECT_EQ(data({std::string(event.log), std::to_string(event.id)})["events"][0]["meaning"], event.meaning);
}

TEST(Explain, advice_is_listed_and_found_by_what_people_call_it) {
    EXPECT_THAT(text({"advice"}),
                AllOf(HasSubstr("rdgclienttransport: "), HasSubstr("gpupdate: "), HasSubstr("(contradicted)")));
    EXPECT_THAT(text({"RDGClientTransport"}), AllOf(HasSubstr("Verdict: unsupported"), HasSubstr("Instead: "),
                                                    HasSubstr("scenarios/tls/reset-on-client-hello.yaml")));
    EXPECT_EQ(data({"advice", "gpupdate"})["advice"][0]["id"], "gpupdate");
    EXPECT_EQ(data({"gpupdate", "/force"})["advice"][0]["id"], "gpupdate");
    EXPECT_EQ(data({"port", "3389"})["advice"][0]["id"], "open-port");
    for (const auto& advice : all_advice())
        EXPECT_EQ(data({std::string(advice.id)})["advice"][0]["id"], advice.id);
}

TEST(Explain, a_code_that_nobody_can_explain_says_so) {
    EXPECT_THAT(text({"0x1F07"}), HasSubstr("measure it"));
    EXPECT_THAT(text({"mstsc", "0x106"}), HasSubstr("No way of ending a connection is known"));
}

TEST(Explain, a_stage_says_what_mstsc_shows_when_it_is_the_last) {
    EXPECT_THAT(text({"tls.client_hello"}), AllOf(HasSubstr("Sent by: the client"),
                                                  HasSubstr("timeout after tls.client_hello: 0x108/0x0 (reported)"),
                                                  HasSubstr("certificate-key-unusable")));
    for (const auto& stage : stages())
        EXPECT_EQ(data({std::string(stage.name)})["stage"]["name"], stage.name);
}

TEST(Explain, what_is_unknown_is_said_with_what_is_like_it) {
    const auto not_found = [](const Words& words) {
        const auto page = explain(words, known);
        EXPECT_FALSE(page.found) << page.text;
        return page.text;
    };
    EXPECT_THAT(not_found({"904"}), HasSubstr("did you mean '0x904'?"));
    EXPECT_THAT(not_found({"0x2308"}), HasSubstr("'2308'"));
    EXPECT_THAT(not_found({"alert", "41"}), AllOf(HasSubstr("'tls_alert 40'"), HasSubstr("'tls_alert 42'")));
    EXPECT_THAT(not_found({"certificate-key-unusble"}), HasSubstr("'certificate-key-unusable'"));
    EXPECT_THAT(not_found({"tls.clienthello"}), HasSubstr("'tls.client_hello'"));
    EXPECT_THAT(not_found({"RDGClientTranport"}), HasSubstr("'rdgclienttransport'"));
    EXPECT_THAT(not_found({"Shannel"}), HasSubstr("'Schannel'"));
    EXPECT_THAT(not_found({"event", "36899"}), HasSubstr("'Schannel 36888'"));
    EXPECT_THAT(not_found({"ERRCONECT_TLS"}), HasSubstr("'ERRCONNECT_TLS_CONNECT_FAILED'"));
    EXPECT_THAT(not_found({"zebra"}), Not(HasSubstr("did you mean")));
    EXPECT_THAT(not_found({"0x99999999999"}), HasSubstr("nothing is known"));
    EXPECT_THAT(not_found({"1", "2", "3"}), HasSubstr("nothing is known"));
    EXPECT_THAT(not_found({"alert", "0x904", "0x7"}), HasSubstr("nothing is known"));
    not_found({});
    not_found({""});
    not_found({std::string(100'000, 'x')});
}

TEST(Explain, not_found_is_data_too) {
    const auto found = data({"904"});
    EXPECT_EQ(found["found"], false);
    EXPECT_THAT(found["suggestions"], Contains("0x904"));
    // Not UTF-8, and still an answer.
    EXPECT_EQ(data({"\xff\xfe"})["found"], false);
}

TEST(Explain, text_fits_a_terminal) {
    std::istringstream lines(text({"0x904", "0x7"}) + text({"certificate-key-unusable"}));
    for (std::string line; std::getline(lines, line);)
        EXPECT_TRUE(line.size() <= 100 || line.find("https://") != std::string::npos) << line;
}

TEST(Explain, markdown_has_headings_and_escapes_markup) {
    const auto page = explain({"tls.client_hello"}, known, ExplainFormat::markdown);
    EXPECT_TRUE(page.text.starts_with("# tls.client\\_hello\n"));
    EXPECT_THAT(page.text, HasSubstr("\n## Possible causes\n"));
    EXPECT_EQ(markdown_escaped("a|b*c_d"), "a\\|b\\*c\\_d");
}

TEST(CodesDocument, holds_every_code_and_every_cause) {
    const auto page = codes_markdown();
    for (const auto& family : families()) {
        EXPECT_THAT(page, HasSubstr("\n## " + std::string(family.title) + "\n"));
        for (const auto& row : codes(family.family))
            EXPECT_THAT(page, HasSubstr(markdown_escaped(row.meaning)));
    }
    for (const auto& cause : causes())
        EXPECT_THAT(page, HasSubstr("| " + std::string(cause.id) + " |"));
}

std::string committed_file(const std::string& path) {
    std::ifstream file(RDPFAULT_SOURCE_DIR "/" + path, std::ios::binary);
    std::ostringstream committed;
    committed << file.rdbuf();
    return committed.str();
}

TEST(CodesDocument, holds_every_event) {
    const auto page = codes_markdown();
    for (const auto& event : events())
        EXPECT_THAT(page, HasSubstr("| " + std::string(event.log) + " | " + std::to_string(event.id) + " |"));
}

TEST(CausesDocument, is_the_committed_one) {
    EXPECT_TRUE(committed_file("docs/causes.md") == causes_markdown())
        << "docs/causes.md is stale; renew it with\n  rdpfault causes --format markdown > docs/causes.md";
}

TEST(CausesDocument, holds_every_cause_advice_and_unexplained_code) {
    const auto page = causes_markdown();
    for (const auto& cause : causes()) {
        EXPECT_THAT(page, HasSubstr("\n## " + std::string(cause.id) + "\n"));
        for (const auto& remedy : cause.fixes)
            EXPECT_THAT(page, HasSubstr("`" + std::string(remedy.action) + "`"));
    }
    for (const auto& advice : all_advice())
        EXPECT_THAT(page, HasSubstr(markdown_escaped(advice.claim)));
    for (const auto& row : unexplained_codes())
        EXPECT_THAT(page, HasSubstr("| " + code_text(Family::mstsc, row.code) + " |"));
}

TEST(CodesDocument, is_the_committed_one) {
    if (committed_file("docs/codes.md") == codes_markdown()) return;
    const auto fresh = testing::TempDir() + "codes.md";
    std::ofstream(fresh, std::ios::binary) << codes_markdown();
    FAIL() << "docs/codes.md is not what the tables say; copy " << fresh << " over it";
}

}  // namespace
}  // namespace rdpfault::harness
