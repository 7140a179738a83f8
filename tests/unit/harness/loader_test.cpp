#include "loading.hpp"

#include <unistd.h>
#include <filesystem>
#include <fstream>

namespace rdpfault::harness {
namespace {

namespace fs = std::filesystem;

constexpr auto lab_note = R"(name: reset-on-client-hello
summary: The certificate's key cannot be read; the server resets at the ClientHello.
description: >
  Two lines
  of it.
cause: certificate-key-unusable
requires: [embedded-server, real-server, probe]
seed: 7
repeat: 3
timeout: 30s
faults:
  - at: tls.client_hello
    connection: every
    do: { reset: client }
expect:
  ends_at: tls.client_hello
  ended_by: reset
  mstsc: 0x904/0x7
server:
  max_connections: 5
fixes:
  key-readable:
    action: Let NETWORK SERVICE read the key.
    faults: []
  patience:
    action: Wait longer.
    server: { stage_timeout: 5s }
    client: { linger: 1s }
    expect: { ended_by: reset }
)";

TEST(Loader, ReadsALabNote) {
    const auto result = load_text(lab_note, "scenarios/tls/reset-on-client-hello.yaml");
    ASSERT_TRUE(result.errors.empty()) << to_string(result.errors[0]);
    const auto& scenario = result.scenarios.at(0);
    EXPECT_EQ(scenario.name, "reset-on-client-hello");
    EXPECT_EQ(scenario.family, "tls");
    EXPECT_EQ(scenario.cause, "certificate-key-unusable");
    EXPECT_EQ(scenario.description, "Two lines of it.\n");
    EXPECT_EQ(scenario.requirements,
              (std::vector{Requirement::embedded_server, Requirement::real_server, Requirement::probe}));
    EXPECT_EQ(scenario.seed, 7U);
    EXPECT_EQ(scenario.repeat, 3U);
    EXPECT_EQ(scenario.timeout, std::chrono::seconds(30));
    EXPECT_EQ(scenario.faults.size(), 1U);
}

TEST(Loader, AFixIsTheScenarioWithItsChanges) {
    const auto result = load_text(lab_note, "reset-on-client-hello.yaml");
    const auto& fixes = result.scenarios.at(0).fixes;
    ASSERT_EQ(fixes.size(), 2U);
    EXPECT_EQ(fixes[0].id, "key-readable");
    EXPECT_TRUE(fixes[0].faults.empty());
    EXPECT_EQ(fixes[0].server.max_connections, 5U);
    EXPECT_TRUE(fixes[0].expect.connected);
    EXPECT_EQ(fixes[0].changes, std::vector<std::string>{"faults"});
    EXPECT_EQ(fixes[1].faults.size(), 1U);
    EXPECT_EQ(fixes[1].server.max_connections, 5U) << "keys that are not given stay";
    EXPECT_EQ(fixes[1].server.stage_timeout, std::chrono::seconds(5));
    EXPECT_EQ(fixes[1].server_keys, (std::vector<std::string>{"max_connections", "stage_timeout"}));
    EXPECT_EQ(fixes[1].client.probe.linger, std::chrono::seconds(1));
    EXPECT_EQ(fixes[1].expect.any_of.at(0).ended_by, EndKind::reset);
}

TEST(Loader, AFixCanTakeMisbehaviourBack) {
    const auto scenario = scenario_of(scenario_text(
        "server: { after_tls: close, negotiation_failure: 2, certificate_key: unusable, license_error: 2, "
        "after_licensing: "
        "silence, error_info: 7, disconnect: { reason: user-requested }, max_connections: 0 }\n"
        "fixes:\n  all:\n    action: repair\n    server: { after_tls: none, negotiation_failure: none, "
        "certificate_key: usable, "
        "license_error: none, after_licensing: none, error_info: none, disconnect: none, max_connections: none }\n"));
    const auto& server = scenario.fixes.at(0).server;
    EXPECT_FALSE(server.after_tls || server.negotiation_failure || server.certificate_key_unusable ||
                 server.license_error || server.silence_after_licensing || server.error_info || server.disconnect ||
                 server.max_connections);
}

TEST(Loader, AFixMustBeOne) {
    expect_error(scenario_text("fixes: { f: { action: pray } }\n"), "changes nothing");
    expect_error(scenario_text("fixes: { f: { faults: [] } }\n"), "a fix needs 'action:'");
    expect_error(scenario_text("fixes: { F!: { action: a, faults: [] } }\n"), "the name of a fix");
}

TEST(Loader, AllErrorsInOneGoInTheOrderOfTheLines) {
    const auto errors = errors_of(
        "name: y\nsumary: s\ncause: controll\nfaults:\n  - at: start\n    do: { rest: client }\nrepeat: often\nexpect: "
        "connected\n");
    EXPECT_THAT(errors, ::testing::SizeIs(6));
    const std::vector<std::string> starts{"x.yaml:1:1: a scenario needs 'summary:'",
                                          "x.yaml:1:7: the name 'y' must be",
                                          "x.yaml:2:1: unknown key 'sumary' in a scenario (did you mean 'summary'?)",
                                          "x.yaml:3:8: unknown cause 'controll' (did you mean 'control'?)",
                                          "x.yaml:6:11: unknown fault 'rest' (did you mean 'reset'?)",
                                          "x.yaml:7:9: expected a number"};
    for (std::size_t i = 0; i < starts.size(); ++i)
        EXPECT_EQ(errors.at(i).substr(0, starts[i].size()), starts[i]);
}

TEST(Loader, KeysOnceOnly) {
    expect_error(scenario_text("seed: 1\nseed: 2\n"), "x.yaml:6:1: 'seed' is given twice; the first is in line 5");
    expect_fault_error("at: start, do: { reset: client }, at: start", "'at' is given twice");
}

TEST(Loader, TextIsNotANumberAndTheOtherWayRound) {
    expect_error("name: x\nsummary: 12\ncause: control\nexpect: connected\n", "expected one line of text, found '12'");
    EXPECT_TRUE(errors_of("name: x\nsummary: '12'\ncause: control\nexpect: connected\n").empty());
    expect_error(scenario_text("seed: '1'\n"), "expected a number");
}

TEST(Loader, NeedsItsParts) {
    EXPECT_THAT(errors_of("{}"), ::testing::SizeIs(4));
    EXPECT_THAT(errors_of(""), ::testing::ElementsAre("x.yaml: expected a scenario, found nothing"));
    EXPECT_THAT(errors_of("- a\n"), ::testing::ElementsAre("x.yaml:1:1: expected a scenario, found a list"));
    expect_error(scenario_text("timeout: 500ms\n"), "from 1s to 1h");
    expect_error(scenario_text("requires: [xfreerdp]\n"), "unknown requirement");
}

TEST(Loader, RefusesWhatYamlCanDoToAProgram) {
    expect_error(scenario_text("description: &a text\n"), "x.yaml:5:14: anchors");
    expect_error(scenario_text("description: *a\n"), "anchor");
    expect_error(scenario_text("description: !!binary aaaa\n"), "tags");
    expect_error(scenario_text("---\nname: z\n"), "one document");
    expect_error(std::string("name: x\0y", 9), "not a text file");
    std::string deep = "faults: ";
    for (int i = 0; i < 100'000; ++i)
        deep += "[";
    expect_error(deep, "nested too deeply");
    std::string maps = "faults: ";
    for (int i = 0; i < 100'000; ++i)
        maps += "{a: ";
    EXPECT_EQ(errors_of(maps).size(), 1U);
}

// The classic bomb: nine levels of nine aliases. Refused at the first anchor, before anything grows.
TEST(Loader, RefusesBillionLaughs) {
    std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
    for (char c = 'b'; c < 'j'; ++c) {
        bomb += std::string(1, c) + ": &" + c + " [";
        for (int i = 0; i < 9; ++i)
            bomb += std::string(i ? "," : "") + "*" + static_cast<char>(c - 1);
        bomb += "]\n";
    }
    expect_error(bomb, "x.yaml:1:4: anchors");
}

TEST(Loader, SyntaxErrorsHaveTheirPlace) {
    const auto errors = errors_of("name: x\nfaults: [ {\n");
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].rfind("x.yaml:", 0), 0U);
    EXPECT_TRUE(std::isdigit(static_cast<unsigned char>(errors[0][7]))) << errors[0];
}

class Folder : public ::testing::Test {
  protected:
    void SetUp() override {
        auto pattern = (fs::temp_directory_path() / "rdpfault-loader-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        root_ = pattern;
    }
    void TearDown() override { fs::remove_all(root_); }

    std::string write(const std::string& name, const std::string& text) {
        const auto path = root_ / name;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << text;
        return path.string();
    }
    std::string good(const std::string& name) {
        return "name: " + name + "\nsummary: s\ncause: control\nexpect: connected\n";
    }

    fs::path root_;
};

TEST_F(Folder, IsSearchedInOrderAndEachFileOnce) {
    const auto one = write("b/one.yaml", good("one"));
    write("a/two.yaml", good("two"));
    write("schema.json", "{}");
    write("notes.txt", "x");
    const auto result = load_paths({one, root_.string(), (root_ / "b" / ".." / "b").string()});
    ASSERT_TRUE(result.errors.empty()) << to_string(result.errors[0]);
    ASSERT_EQ(result.scenarios.size(), 2U);
    EXPECT_EQ(result.scenarios[0].name, "one");
    EXPECT_EQ(result.scenarios[1].name, "two");
    EXPECT_EQ(result.scenarios[1].family, "a");
}

TEST_F(Folder, ErrorsOfAllFiles) {
    write("a.yaml", good("a") + "oops: 1\n");
    write("b.yaml", "name: [\n");
    write("c.yaml", good("c"));
    const auto result = load_paths({root_.string(), (root_ / "missing.yaml").string()});
    EXPECT_EQ(result.errors.size(), 3U);
    EXPECT_EQ(result.scenarios.size(), 1U);
}

TEST_F(Folder, NamesAreUnique) {
    write("a/same.yaml", good("same"));
    write("b/same.yaml", good("same"));
    const auto result = load_paths({root_.string()});
    ASSERT_EQ(result.errors.size(), 1U);
    EXPECT_NE(result.errors[0].message.find("is taken by"), std::string::npos);
}

TEST_F(Folder, HugeFilesAreNotRead) {
    const auto path = write("huge.yaml", "");
    fs::resize_file(path, 1'000'000'000);  // sparse
    const auto result = load_paths({path});
    ASSERT_EQ(result.errors.size(), 1U);
    EXPECT_NE(result.errors[0].message.find("larger than 1 MiB"), std::string::npos);
}

TEST_F(Folder, WithoutScenariosIsAnError) {
    EXPECT_EQ(load_paths({root_.string()}).errors.size(), 1U);
    EXPECT_EQ(load_paths({"/dev/null"}).errors.size(), 1U);
}

}  // namespace
}  // namespace rdpfault::harness
