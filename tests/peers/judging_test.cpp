// Validating a fix with the program as a user starts it, and the embedded server: reports compared, values bisected,
// scenarios minimized.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/peers/support/rdpfault.hpp"

namespace rdpfault::peers {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

struct Judging : testing::Test {
    std::filesystem::path scenario(const std::string& name, const std::string& body) {
        const auto path = folder / (name + ".yaml");
        write_file(path, "name: " + name + "\nsummary: A test.\ncause: bad-link\n" + body);
        return path;
    }
    // The output, and complaints when it ends otherwise.
    std::string say(int code, const std::vector<std::string>& arguments) {
        const auto outcome = rdpfault(arguments, folder, seconds(200));
        EXPECT_EQ(outcome.exit, (Exit{code, std::nullopt})) << outcome.output << outcome.errors;
        return code == 2 ? outcome.errors : outcome.output;
    }
    void run(int code, const std::string& path, const std::string& report, const std::vector<std::string>& more = {}) {
        std::vector<std::string> arguments{"run", path, "--out", folder / report, "--quiet"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        say(code, arguments);
    }
    nlohmann::json compared(int code, const std::string& before, const std::string& after) {
        return nlohmann::json::parse(say(code, {"compare", folder / before, folder / after, "--format", "json"}));
    }
    nlohmann::json bisected(int code, const std::string& path, std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"bisect", path, "--format", "json", "--quiet"});
        return nlohmann::json::parse(say(code, arguments));
    }
    TempDir folder;
};

// The arm is the same, and what the confirm says is not: as if the server had been set up otherwise in between.
const std::string resets = "faults: [ { at: tls.client_hello, do: { reset: client } } ]\n";
const std::string closes = "faults: [ { at: x224.confirm, do: { close: client } } ]\n";
const std::string expects_reset = "expect: { ended_by: reset }\n";

std::vector<std::string> changes_of(const nlohmann::json& comparison) {
    std::vector<std::string> changes;
    for (const auto& arm : comparison.at("arms"))
        changes.push_back(arm.at("arm").get<std::string>() + ": " + arm.at("change").get<std::string>());
    return changes;
}

TEST_F(Judging, ComparesTwoReports) {
    run(0, scenario("change", resets + expects_reset), "good");
    run(1, scenario("change", closes + expects_reset), "bad");
    EXPECT_THAT(changes_of(compared(0, "good", "good")), ElementsAre("control: unchanged", "fault: unchanged"));
    const auto worse = compared(1, "good", "bad");
    EXPECT_THAT(changes_of(worse), ElementsAre("control: unchanged", "fault: newly_broken"));
    EXPECT_EQ(worse.at("arms").at(1).at("before").at("stage"), "tls.client_hello");
    EXPECT_EQ(worse.at("arms").at(1).at("after").at("stage"), "x224.confirm");
    EXPECT_THAT(changes_of(compared(0, "bad", "good")), Contains("fault: fixed"));
    EXPECT_THAT(changes_of(compared(0, "bad", "bad")), Contains("fault: still_broken"));
    EXPECT_THAT(say(1, {"compare", folder / "good", folder / "bad", "--junit", folder / "compare.xml"}),
                HasSubstr("got less far: tls.client_hello -> x224.confirm"));
    EXPECT_THAT(read_file(folder / "compare.xml"), HasSubstr("type=\"newly_broken\""));
}

TEST_F(Judging, NamesTheReportThatIsNone) {
    run(0, scenario("change", resets + expects_reset), "good");
    write_file(folder / "wrong.json", "{\"format\": 1, \"rdpfault\": 7}");
    EXPECT_THAT(say(2, {"compare", folder / "good", folder / "wrong.json"}),
                HasSubstr("wrong.json: rdpfault: expected text, found number"));
    EXPECT_THAT(say(2, {"compare", folder / "none", folder / "good"}), HasSubstr("none: No such file"));
}

TEST_F(Judging, GoesOnUntilARateIsDecided) {
    const auto path = scenario("often",
                               "faults: [ { at: x224.request, probability: 0.9, do: { reset: client } } ]\n"
                               "repeat: 20\nrate: { at_least: 0.6 }\nexpect: { ended_by: reset }\n");
    run(0, path, "report", {"--repeat", "auto", "--arm", "fault"});
    const auto results = nlohmann::json::parse(read_file(folder / "report" / "results.json"));
    const auto& rate = results.at("arms").at(0).at("rate");
    EXPECT_EQ(rate.at("looks"), 5);
    EXPECT_THAT((std::vector<int>{12, 25, 50, 100}), Contains(rate.at("runs").get<int>())) << "not all 200";
    EXPECT_GT(rate.at("interval").at(0), 0.6);
    EXPECT_THAT(results.at("arms").at(0).at("runs"), SizeIs(rate.at("runs").get<std::size_t>()));
}

TEST_F(Judging, BisectsTheClientsPatience) {
    const auto path = scenario("stall",
                               "client: { stage_timeout: 1s }\nfaults: [ { at: x224.confirm, do: { stall: 3s } } ]\n"
                               "expect: { ended_by: timeout }\n");
    const auto found = bisected(0, path, {"--vary", "faults.0.do.stall=0s..4s", "--precision", "250ms"});
    EXPECT_EQ(found.at("answer"), "found");
    EXPECT_EQ(found.at("below").at("outcome"), "yes");
    EXPECT_EQ(found.at("above").at("outcome"), "no");
    // The stall and the timer begin at nearly the same moment.
    EXPECT_GE(found.at("below").at("value"), 700'000);
    EXPECT_LE(found.at("above").at("value"), 1'300'000);
    EXPECT_EQ(bisected(3, path, {"--vary", "faults.0.do.stall=2s..4s"}).at("answer"), "same");
    EXPECT_THAT(say(2, {"bisect", path, "--vary", "faults.0.do.stal=2s..4s"}),
                HasSubstr("unknown fault 'stal' (did you mean 'stall'?)"));
    EXPECT_THAT(say(2, {"bisect", path, "--vary", "faults.3.nth=1..4"}), HasSubstr("there is no item '3'"));
}

TEST_F(Judging, BisectsLoss) {
    const auto path = scenario("lossy",
                               "network: { latency: 5ms, loss: 0.1 }\n"
                               "client: { size: 200x200, stage_timeout: 300ms, connect_timeout: 300ms }\n"
                               "expect: connected\n");
    const auto result = rdpfault({"bisect", path, "--vary", "network.loss=0%..90%", "--precision", "25%", "--repeat",
                                  "16", "--format", "json", "--quiet", "--out", folder / "loss.json"},
                                 folder, seconds(200));
    const auto found = nlohmann::json::parse(result.output);
    ASSERT_NE(found.at("below"), nullptr) << result.output;
    EXPECT_EQ(found.at("below").at("outcome"), "yes") << result.output;
    EXPECT_EQ(found.at("above").at("outcome"), "no") << result.output;
    EXPECT_LE(found.at("above").at("value"), 0.5) << "a packet of two is lost, each way";
    EXPECT_EQ(nlohmann::json::parse(read_file(folder / "loss.json")), found);
}

TEST_F(Judging, MinimizesToTheFaultThatMatters) {
    const auto path = scenario("two",
                               "faults:\n  - { at: x224.confirm, do: { delay: 1ms } }\n"
                               "  - { at: tls.client_hello, do: { reset: client } }\n"
                               "client: { linger: 100ms }\nserver: { size: 800x600 }\n"
                               "expect: { ends_at: tls.client_hello, ended_by: reset, who: proxy }\n"
                               "fixes: { mended: { action: Mend it., faults: [] } }\n");
    const auto smaller = folder / "smaller.yaml";
    const auto account = say(0, {"minimize", path, "--quiet", "--out", smaller});
    EXPECT_THAT(account, HasSubstr("# Dropped: faults.0: { at: x224.confirm, do: { delay: 1ms } }"));
    EXPECT_THAT(account, HasSubstr("# Needed: faults.0: { at: tls.client_hello, do: { reset: client } }\n"
                                   "#   without it: rdp.disconnect, orderly\n"));
    EXPECT_THAT(say(0, {"check", smaller}), HasSubstr("1 scenarios, 3 arms: all valid"));
    const auto text = read_file(smaller);
    EXPECT_THAT(text, HasSubstr("name: smaller\n"));
    EXPECT_EQ(text.substr(text.find("name:")).find("delay"), std::string::npos) << text;
    EXPECT_EQ(text.find("\nclient:"), std::string::npos) << text;
    run(0, smaller, "report");
    const auto json = nlohmann::json::parse(say(0, {"minimize", path, "--quiet", "--format", "json"}));
    EXPECT_THAT(json.at("dropped"), SizeIs(3));
    EXPECT_THAT(json.at("kept"), SizeIs(1));
}

}  // namespace
}  // namespace rdpfault::peers
