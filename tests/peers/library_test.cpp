// The whole scenario library between a real client and a real server: xfreerdp, the proxy, xrdp. The report stays in
// the build folder (peers-report), with what every run of xfreerdp ended like.
#include <gmock/gmock.h>

#include <map>
#include <nlohmann/json.hpp>

#include "tests/peers/support/rdpfault.hpp"
#include "tests/peers/support/servers.hpp"

namespace rdpfault::peers {
namespace {

using testing::IsEmpty;

// Why an arm did not pass, and the last words of its client.
std::string account_of(const nlohmann::json& arm) {
    std::string text = arm.at("verdict").get<std::string>();
    for (const auto& run : arm.at("runs")) {
        text += "; " + run.at("reasons").dump();
        const auto log = read_file(run.at("client").value("output_file", std::string{}));
        text += "\n" + log.substr(log.size() - std::min<std::size_t>(log.size(), 1500));
    }
    return text;
}

// What is missing in the record of one run of the client.
std::string missing_in(const nlohmann::json& run) {
    const auto& client = run.at("client");
    if (client.at("kind") != "program") return "the client is not a program";
    if (client.at("exit_code").is_null() && client.at("signal").is_null()) return "no exit status";
    if (client.at("connections").is_null()) return "no number of connections";
    if (client.at("duration_ms") <= 0) return "no duration";
    return {};
}

// The scenarios that break something inside TLS or in an emulated link, or those that do neither.
std::vector<std::string> scenarios(bool deep) {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(RDPFAULT_SCENARIOS)) {
        if (entry.path().extension() != ".yaml") continue;
        const auto text = read_file(entry.path());
        const bool is_deep = text.find("mode: intercept") != text.npos || text.find("\nnetwork:") != text.npos;
        if (is_deep == deep) paths.push_back(entry.path());
    }
    return paths;
}

// How many arms of each kind passed; what did not is complained of.
std::map<std::string, int> passed_in(const std::vector<std::string>& paths, const std::vector<std::string>& options,
                                     const std::string& report_name) {
    const Xrdp server(Xrdp::Shows::login_window);
    const TempDir folder;
    const auto report = std::filesystem::path(RDPFAULT_REPORT) / report_name;
    std::filesystem::remove_all(report);
    std::vector<std::string> arguments{
        "run",   "--server", loopback(server.port()), "--client", "xfreerdp", "--jobs", "6", "--format", "plain",
        "--out", report};
    arguments.insert(arguments.begin() + 1, paths.begin(), paths.end());
    arguments.insert(arguments.end(), options.begin(), options.end());
    const auto outcome = rdpfault(arguments, folder, seconds(290));
    EXPECT_EQ(outcome.exit, (Exit{0, std::nullopt})) << outcome.errors;

    const auto results = nlohmann::json::parse(read_file(report / "results.json"));
    std::map<std::string, int> passed;
    std::vector<std::string> complaints;
    for (const auto& arm : results.at("arms")) {
        const auto name = arm.at("scenario").get<std::string>() + " " + arm.at("arm").get<std::string>();
        const auto verdict = arm.at("verdict").get<std::string>();
        if (verdict == "skipped") continue;
        if (verdict != "passed") complaints.push_back(name + ": " + account_of(arm));
        for (const auto& run : arm.at("runs")) {
            if (const auto missing = missing_in(run); !missing.empty()) complaints.push_back(name + ": " + missing);
        }
        ++passed[arm.at("kind").get<std::string>()];
    }
    EXPECT_THAT(complaints, IsEmpty());
    return passed;
}

// What is committed of these peers still holds (docs/evidence.md): stages, ends and exits, not times.
void expect_evidence(const std::string& report_name) {
    const TempDir folder;
    const auto report = std::filesystem::path(RDPFAULT_REPORT) / report_name;
    const auto outcome = against_evidence("xfreerdp/xrdp", report, folder);
    EXPECT_EQ(outcome.exit, (Exit{0, std::nullopt})) << outcome.output << outcome.errors;
}

// The control arms are nearly all the same connection, which the fixes make too.
TEST(Library, PassesBetweenXfreerdpAndXrdp) {
    auto passed = passed_in(scenarios(false), {"--arm", "fault", "--arm", "fix"}, "pass-through");
    // What an external server cannot be made to do is skipped; most of the library is not that.
    EXPECT_GE(passed["fault"], 40);
    EXPECT_GE(passed["fix"], 35);
    expect_evidence("pass-through");
}

TEST(Library, FaultsInsideTlsAndInTheLinkPassBetweenXfreerdpAndXrdp) {
    auto passed = passed_in(scenarios(true), {"--arm", "fault"}, "deep");
    EXPECT_GE(passed["fault"], 75);
    expect_evidence("deep");
}

}  // namespace
}  // namespace rdpfault::peers
