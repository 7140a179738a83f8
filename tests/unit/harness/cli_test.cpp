// The command line, from words to exit status and output.
#include "harness/cli.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/options.hpp"
#include "harness/vocabulary.hpp"

namespace rdpfault::harness {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Said {
    int status = 0;
    std::string out;
    std::string err;
};

Said say(std::vector<const char*> words) {
    words.insert(words.begin(), "rdpfault");
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Said said;
    said.status = cli(static_cast<int>(words.size()), words.data());
    said.out = testing::internal::GetCapturedStdout();
    said.err = testing::internal::GetCapturedStderr();
    return said;
}

TEST(Cli, HelpAndVersion) {
    const auto help = say({"--help"});
    EXPECT_EQ(help.status, 0);
    for (const auto* command :
         {"run", "proxy", "probe", "serve", "check", "explain", "diagnose", "calibrate", "evidence", "stages", "causes",
          "scenarios", "faults", "completion", "compare", "bisect", "minimize"}) {
        EXPECT_THAT(help.out, HasSubstr(std::string("\n  ") + command));
        EXPECT_EQ(say({command, "--help"}).status, 0) << command;
    }
    EXPECT_THAT(help.out, HasSubstr("Exit status"));
    EXPECT_THAT(say({"--version"}).out, StartsWith("rdpfault 0."));
}

TEST(Cli, AWrongCallIsTwo) {
    EXPECT_EQ(say({}).status, 2);
    const auto slip = say({"chek"});
    EXPECT_EQ(slip.status, 2);
    EXPECT_THAT(slip.err, HasSubstr("unknown command 'chek' (did you mean 'check'?)"));
    EXPECT_EQ(say({"check"}).status, 2);
    EXPECT_EQ(say({"stages", "--colour"}).status, 2);
    EXPECT_EQ(say({"stages", "--format", "xml"}).status, 2);
    EXPECT_EQ(say({"run", "x", "--server", "a:b:c:d:99999"}).status, 2);
    EXPECT_EQ(say({"run", "x", "--client", "mstsc"}).status, 2);
    EXPECT_EQ(say({"run", "x", "--timeout", "5"}).status, 2);
    EXPECT_EQ(say({"run", "x", "--repeat", "0"}).status, 2);
    EXPECT_THAT(say({"run", "x", "--repeat", "automatic"}).err, HasSubstr("expected 1 to 10000, auto or auto:N"));
    EXPECT_EQ(say({"compare", "x"}).status, 2);
    EXPECT_EQ(say({"bisect", "x.yaml"}).status, 2) << "needs --vary";
    EXPECT_EQ(say({"bisect", "/nonexistent.yaml", "--vary", "a=0..1"}).status, 2);
    EXPECT_EQ(say({"bisect", "x.yaml", "--vary", "a=0..1", "--confidence", "2"}).status, 2);
    EXPECT_EQ(say({"minimize", "/nonexistent.yaml"}).status, 2);
    EXPECT_EQ(say({"proxy", "x.yaml"}).status, 2) << "needs --server";
    EXPECT_THAT(say({"run", "x", "--client", "command"}).err, HasSubstr("behind `--`"));
}

TEST(Cli, NoPasswordOnTheCommandLine) {
    EXPECT_EQ(say({"run", "x", "--password", "secret"}).status, 2);
    EXPECT_EQ(say({"probe", "x", "--password", "secret"}).status, 2);
}

TEST(Cli, CheckSaysWhatIsWrong) {
    const auto missing = say({"check", "/nonexistent.yaml"});
    EXPECT_EQ(missing.status, 2);
    EXPECT_THAT(missing.err, HasSubstr("/nonexistent.yaml: no such file or folder"));
    const auto json = say({"check", "--format", "json", "/nonexistent.yaml"});
    EXPECT_EQ(json.status, 2);
    EXPECT_EQ(nlohmann::json::parse(json.out)["errors"].size(), 1U);
}

TEST(Cli, TheLibraryIsValid) {
    const auto library = RDPFAULT_SOURCE_DIR "/scenarios";
    const auto checked = say({"check", library});
    EXPECT_EQ(checked.status, 0) << checked.err;
    EXPECT_THAT(checked.out, HasSubstr("all valid"));
}

TEST(Cli, Vocabulary) {
    const auto plain = say({"stages", "--format", "plain"});
    EXPECT_THAT(plain.out, StartsWith("tcp.connect\tboth\tyes\t"));
    EXPECT_THAT(say({"faults", "--format", "table"}).out, HasSubstr("confirm.selected_protocol"));
    const auto causes = nlohmann::json::parse(say({"causes", "--format", "json"}).out);
    EXPECT_EQ(causes.back()["cause"], "control");
    EXPECT_FALSE(causes.front()["title"].get<std::string>().empty());
    EXPECT_EQ(causes.front()["fixes"][0]["kind"], "command");
    EXPECT_THAT(say({"causes", "--format", "plain"}).out, StartsWith("certificate-key-unusable\tgood\t"));
    EXPECT_THAT(say({"causes", "--format", "markdown"}).out, StartsWith("# Causes\n"));
}

TEST(Cli, Scenarios) {
    const auto library = RDPFAULT_SOURCE_DIR "/scenarios";
    const auto all = nlohmann::json::parse(say({"scenarios", library, "--format", "json"}).out);
    EXPECT_GT(all.size(), 200U);
    const auto some = nlohmann::json::parse(
        say({"scenarios", library, "--cause", "gateway", "--mstsc", "0x904/0x7", "--format", "json"}).out);
    ASSERT_GE(some.size(), 2U);
    EXPECT_LT(some.size(), all.size());
    for (const auto& row : some)
        EXPECT_EQ(row["cause"], "gateway");
    EXPECT_THAT(say({"scenarios", library, "--format", "markdown"}).out, StartsWith("# The scenario library\n"));
    EXPECT_THAT(say({"scenarios", library, "--cause", "gatway"}).err, HasSubstr("did you mean 'gateway'?"));
    EXPECT_EQ(say({"scenarios", library, "--mstsc", "0x904"}).status, 2);
    EXPECT_EQ(say({"scenarios", "/nonexistent"}).status, 2);
}

TEST(Cli, Explain) {
    const auto known = say({"explain", "0x904/0x7"});
    EXPECT_EQ(known.status, 0);
    EXPECT_THAT(known.out, HasSubstr("0x904"));
    EXPECT_EQ(say({"explain", "certificate-key-unusabel"}).status, 2);
}

TEST(Vocabulary, TablesAreAligned) {
    const Listing listing{{"word", "what"}, {{"a", "one"}, {"longer", "two"}}};
    EXPECT_EQ(formatted(listing, Format::table), "word    what\na       one\nlonger  two\n");
    EXPECT_EQ(formatted(listing, Format::plain), "a\tone\nlonger\ttwo\n");
    EXPECT_EQ(nlohmann::json::parse(formatted(listing, Format::json))[1]["word"], "longer");
}

TEST(Endpoint, Forms) {
    const auto is = [](std::string_view text, const std::string& host, int port) {
        const auto endpoint = endpoint_from_string(text);
        ASSERT_TRUE(endpoint) << text;
        EXPECT_EQ(endpoint->host, host);
        EXPECT_EQ(endpoint->port, port);
    };
    is("lab", "lab", 3389);
    is("lab:33890", "lab", 33890);
    is("192.0.2.1:1", "192.0.2.1", 1);
    is("[::1]:65535", "::1", 65535);
    is("[::1]", "::1", 3389);
    is("2001:db8::1", "2001:db8::1", 3389);
    for (const auto* wrong : {"", ":", ":1", "lab:", "lab:0", "lab:65536", "lab:0x10", "lab:1:", "[::1", "[::1]x",
                              "[lab]:1", "a b", "a/b", "[]:1"})
        EXPECT_FALSE(endpoint_from_string(wrong)) << wrong;
    EXPECT_EQ(listen_endpoint_from_string("127.0.0.1:0", 1)->port, 0);
    EXPECT_EQ(to_string(Endpoint{"lab", 1}), "lab:1");
    EXPECT_EQ(to_string(Endpoint{"::1", 2}), "[::1]:2");
}

// What a shell answers when it has read a completion script and is asked to complete some words.
std::string completed(const std::string& words, int current) {
    auto pattern = (std::filesystem::temp_directory_path() / "rdpfault-completion-XXXXXX").string();
    const int file = mkstemp(pattern.data());
    EXPECT_GE(file, 0);
    close(file);
    std::ofstream(pattern) << say({"completion", "bash"}).out << "COMP_WORDS=(" << words << ")\nCOMP_CWORD=" << current
                           << "\n_rdpfault\necho \"${COMPREPLY[*]}\"\n";
    std::string output;
    if (auto* pipe = popen(("bash " + pattern + " 2>&1").c_str(), "r")) {
        std::array<char, 4096> part{};
        while (const auto count = fread(part.data(), 1, part.size(), pipe))
            output.append(part.data(), count);
        EXPECT_EQ(pclose(pipe), 0) << output;
    }
    std::filesystem::remove(pattern);
    return output;
}

TEST(Completion, Bash) {
    EXPECT_EQ(completed("rdpfault pr", 1), "proxy probe\n");
    EXPECT_EQ(completed("rdpfault run --cl", 2), "--client\n");
    EXPECT_EQ(completed("rdpfault run --client x", 3), "xfreerdp\n");
    EXPECT_EQ(completed("rdpfault bis", 1), "bisect\n");
    EXPECT_EQ(completed("rdpfault bisect --v", 2), "--vary\n");
    EXPECT_EQ(completed("rdpfault explain certificate-key", 2), "certificate-key-unusable\n");
    EXPECT_EQ(completed("rdpfault completion f", 2), "fish\n");
}

TEST(Completion, OtherShells) {
    EXPECT_THAT(say({"completion", "zsh"}).out, StartsWith("#compdef rdpfault\n"));
    EXPECT_THAT(say({"completion", "fish"}).out, HasSubstr("__fish_seen_subcommand_from run' -l server"));
    EXPECT_EQ(say({"completion", "tcsh"}).status, 2);
}

}  // namespace
}  // namespace rdpfault::harness
