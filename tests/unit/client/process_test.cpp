#include "client/process.hpp"

#include <gmock/gmock.h>
#include <signal.h>

#include <boost/asio/io_context.hpp>
#include <fstream>
#include <sstream>

#include "client/command.hpp"
#include "client/temporary_directory.hpp"

namespace rdpfault::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Optional;

class ProcessTest : public testing::Test {
  protected:
    std::shared_ptr<Process> start(ProcessConfig config) {
        auto process =
            std::make_shared<Process>(context_.get_executor(), std::move(config), [this](ProcessReport report) {
                report_ = std::move(report);
                ++reports_;
            });
        process->start();
        return process;
    }

    const ProcessReport& run(ProcessConfig config) {
        start(std::move(config));
        context_.run_for(20s);
        EXPECT_EQ(reports_, 1);
        EXPECT_TRUE(context_.stopped()) << "something is still waiting";
        return report_;
    }

    boost::asio::io_context context_;
    ProcessReport report_;
    int reports_ = 0;
};

ProcessConfig shell(const std::string& script) {
    ProcessConfig config;
    config.command = {"sh", "-c", script};
    config.grace = 200ms;
    return config;
}

TEST_F(ProcessTest, ReportsTheExitStatusAndWhatWasPrinted) {
    const auto& report = run(shell("echo out; echo err >&2; exit 143"));
    EXPECT_TRUE(report.started);
    EXPECT_THAT(report.exit_code, Optional(143));
    EXPECT_EQ(report.signal, std::nullopt);
    EXPECT_FALSE(report.killed_by_us);
    EXPECT_EQ(report.output_tail, "out\nerr\n");
}

TEST_F(ProcessTest, TellsASignalFromAnExitStatus) {
    const auto& report = run(shell("kill -TERM $$"));
    EXPECT_EQ(report.exit_code, std::nullopt);
    EXPECT_THAT(report.signal, Optional(SIGTERM));
    EXPECT_FALSE(report.killed_by_us);
}

TEST_F(ProcessTest, KeepsTheOutputInAFile) {
    const TemporaryDirectory directory;
    auto config = shell("i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done");
    config.output_file = directory.path() + "/log";
    const auto& report = run(config);
    std::stringstream kept;
    kept << std::ifstream(config.output_file).rdbuf();
    EXPECT_EQ(kept.str().size(), 10u * 7 + 90 * 8 + 900 * 9 + 1000 * 10);
    EXPECT_TRUE(kept.str().starts_with("line 0\n"));
    EXPECT_TRUE(kept.str().ends_with("line 1999\n"));
    EXPECT_EQ(report.output_tail.size(), 4096u);
    EXPECT_TRUE(report.output_tail.ends_with("line 1999\n"));
    EXPECT_EQ(report.output_file, config.output_file);
}

TEST_F(ProcessTest, DropsWhatIsAboveTheOutputLimit) {
    const TemporaryDirectory directory;
    auto config = shell("echo 0123456789; echo end");
    config.output_file = directory.path() + "/log";
    config.output_limit = 4;
    EXPECT_THAT(run(config).output_tail, HasSubstr("end\n"));
    std::stringstream kept;
    kept << std::ifstream(config.output_file).rdbuf();
    EXPECT_EQ(kept.str(), "0123");
}

TEST_F(ProcessTest, EndsItAtTheLimit) {
    auto config = shell("exec sleep 60");
    config.limit = 100ms;
    const auto& report = run(config);
    EXPECT_THAT(report.signal, Optional(SIGTERM));
    EXPECT_TRUE(report.killed_by_us);
    EXPECT_TRUE(report.timed_out);
    EXPECT_LT(report.duration, 10s);
}

TEST_F(ProcessTest, KillsWhatIgnoresTheTermSignal) {
    auto config = shell("trap '' TERM; echo ready; while :; do sleep 1; done");
    std::shared_ptr<Process> process;
    // Only from then on is TERM ignored.
    config.on_output = [&](std::string_view) { process->cancel(); };
    process = start(std::move(config));
    context_.run_for(20s);
    ASSERT_EQ(reports_, 1);
    EXPECT_THAT(report_.signal, Optional(SIGKILL));
    EXPECT_TRUE(report_.killed_by_us);
    EXPECT_FALSE(report_.timed_out);
}

// True when no such process exists, or it has ended and only waits for its parent.
bool gone(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(file, text);
    return !file || text.find(") Z ") != std::string::npos;
}

// The signal has been sent before the report; how soon the kernel buries the process is not ours to say.
bool soon_gone(pid_t pid) {
    const auto deadline = std::chrono::steady_clock::now() + 5s;
    while (!gone(pid) && std::chrono::steady_clock::now() < deadline)
        sched_yield();
    return gone(pid);
}

TEST_F(ProcessTest, TakesGrandchildrenWithIt) {
    // Both the child and the grandchild ignore TERM; the number printed is the grandchild's.
    auto config = shell("trap '' TERM; sh -c 'echo $$; while :; do sleep 1; done' & wait; while :; do sleep 1; done");
    std::shared_ptr<Process> process;
    config.on_output = [&](std::string_view) { process->cancel(); };
    process = start(std::move(config));
    context_.run_for(20s);
    ASSERT_EQ(reports_, 1);
    EXPECT_THAT(report_.signal, Optional(SIGKILL));
    EXPECT_TRUE(soon_gone(static_cast<pid_t>(std::stol(report_.output_tail))));
}

TEST_F(ProcessTest, EndsWhatAnExitedChildLeftBehind) {
    const auto& report = run(shell("sleep 60 & echo $!"));
    EXPECT_THAT(report.exit_code, Optional(0));
    EXPECT_TRUE(soon_gone(static_cast<pid_t>(std::stol(report.output_tail))));
}

TEST_F(ProcessTest, NamesThePackageOfAMissingProgram) {
    ProcessConfig config;
    config.command = {"definitely-not-a-program", "x"};
    EXPECT_EQ(run(config).error, "definitely-not-a-program is not installed (not found on PATH)");
    EXPECT_FALSE(report_.started);
    EXPECT_EQ(report_.exit_code, std::nullopt);
}

TEST_F(ProcessTest, SaysWhyAnOutputFileCannotBeOpened) {
    auto config = shell("echo never");
    config.output_file = "/nonexistent/log";
    EXPECT_EQ(run(config).error, "cannot open /nonexistent/log: No such file or directory");
    EXPECT_FALSE(report_.started);
}

TEST_F(ProcessTest, HidesSecretsInTheReport) {
    ProcessConfig config;
    config.command = {"true", "/p:sesame", "sesamesesame"};
    config.secrets = {"", "sesame"};
    EXPECT_THAT(run(config).command, testing::ElementsAre("true", "/p:***", "******"));
}

TEST_F(ProcessTest, GivesStdinAndEnvironmentAndNoOtherDescriptor) {
    // A descriptor of ours that is not close-on-exec, as Asio's sockets are.
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    auto config = shell("cat; echo $LAB_WORD; ls /proc/self/fd | wc -l");
    config.input = "secret\n";
    config.environment = {{"LAB_WORD", "word"}};
    EXPECT_EQ(run(config).output_tail, "secret\nword\n4\n");  // 0, 1, 2 and the directory ls reads
    close(ends[0]);
    close(ends[1]);
}

TEST_F(ProcessTest, WithoutInputStdinIsAtItsEnd) {
    EXPECT_EQ(run(shell("cat; echo end")).output_tail, "end\n");
}

TEST_F(ProcessTest, RunsInASessionOfItsOwn) {
    const auto& report = run(shell("ps -o pid=,pgid=,sid= -p $$"));
    std::istringstream line(report.output_tail);
    long pid = 0, group = -1, session = -1;
    line >> pid >> group >> session;
    EXPECT_EQ(pid, group);
    EXPECT_EQ(pid, session);
}

TEST_F(ProcessTest, CancelAfterTheEndDoesNothing) {
    auto process = start(shell("exit 3"));
    context_.run_for(20s);
    process->cancel();
    process->stop();
    context_.restart();
    context_.run_for(1s);
    EXPECT_EQ(reports_, 1);
    EXPECT_FALSE(report_.killed_by_us);
}

TEST_F(ProcessTest, ACommandGetsHostAndPort) {
    CommandConfig config;
    config.command = {"echo", "{host}", "/v:{host}:{port}", "{port}{host", "{user}"};
    config.host = "{port}";  // what is put in is not replaced again
    config.port = 3390;
    make_command(context_.get_executor(), config, [this](ProcessReport report) {
        report_ = std::move(report);
    })->start();
    context_.run_for(20s);
    EXPECT_EQ(report_.output_tail, "{port} /v:{port}:3390 3390{host {user}\n");
}

}  // namespace
}  // namespace rdpfault::client
