#include "tests/peers/support/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <stdexcept>

#include "client/programs.hpp"
#include "tests/peers/support/temp_dir.hpp"

namespace rdpfault::peers {
namespace {

std::vector<std::string> environment_with(const std::map<std::string, std::string>& additions) {
    std::vector<std::string> result;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        if (!additions.contains(text.substr(0, text.find('=')))) result.push_back(text);
    }
    for (const auto& [name, value] : additions) {
        result.push_back(name);
        result.back().append("=").append(value);
    }
    return result;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> result;
    result.reserve(strings.size() + 1);
    for (auto& text : strings)
        result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

std::string or_null(const std::filesystem::path& path) {
    return path.empty() ? "/dev/null" : path.string();
}

class SpawnSettings {
  public:
    explicit SpawnSettings(const ProcessConfig& config) {
        posix_spawn_file_actions_init(&files);
        open(STDIN_FILENO, or_null(config.input), O_RDONLY);
        open(STDOUT_FILENO, or_null(config.log), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
        if (config.errors.empty()) {
            posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
        } else {
            open(STDERR_FILENO, config.errors.string(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
        }
        if (!config.descriptor_7.empty()) open(7, config.descriptor_7.string(), O_WRONLY | O_CREAT | O_TRUNC);
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
        posix_spawnattr_setpgroup(&attributes, 0);
    }
    ~SpawnSettings() {
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;

    posix_spawn_file_actions_t files{};
    posix_spawnattr_t attributes{};

  private:
    void open(int descriptor, const std::string& path, int flags) {
        posix_spawn_file_actions_addopen(&files, descriptor, path.c_str(), flags, 0644);
    }
};

}  // namespace

std::string to_string(const std::optional<Exit>& exit) {
    if (!exit) return "still running";
    if (exit->code) return "exit " + std::to_string(*exit->code);
    return "signal " + std::to_string(exit->signal.value_or(0));
}

Process::Process(ProcessConfig config) : config_(std::move(config)) {
    const auto program = client::find_program(config_.command.at(0));
    if (!program) throw std::runtime_error(client::missing_program(config_.command[0]));
    // A test that is killed (a ctest time-out) must not leave its peers behind.
    std::vector<std::string> words{"setpriv", "--pdeathsig", "KILL", "--", *program};
    words.insert(words.end(), config_.command.begin() + 1, config_.command.end());
    auto variables = environment_with(config_.environment);
    const SpawnSettings settings(config_);
    const int error = ::posix_spawnp(&pid_, words[0].c_str(), &settings.files, &settings.attributes,
                                     pointers(words).data(), pointers(variables).data());
    if (error != 0) throw std::runtime_error("cannot start " + *program + ": " + std::strerror(error));
}

Process::~Process() {
    stop();
}

bool Process::running() {
    return !wait(milliseconds(0));
}

std::optional<Exit> Process::wait(milliseconds limit) {
    const auto ended = [this] {
        int status = 0;
        if (!exit_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
            exit_ = Exit{};
            if (WIFEXITED(status)) exit_->code = WEXITSTATUS(status);
            if (WIFSIGNALED(status)) exit_->signal = WTERMSIG(status);
        }
        return exit_.has_value();
    };
    wait_until(ended, limit);
    return exit_;
}

void Process::signal(int number) const {
    if (!exit_) ::kill(-pid_, number);
}

void Process::stop() {
    if (!running()) return;
    signal(SIGTERM);
    if (wait(seconds(2))) return;
    signal(SIGKILL);
    wait(seconds(10));
}

std::string Process::log() const {
    return read_file(config_.log);
}

std::string run(const std::vector<std::string>& command, const std::filesystem::path& log,
                const std::map<std::string, std::string>& environment, milliseconds limit) {
    ProcessConfig config;
    config.command = command;
    config.environment = environment;
    config.log = log;
    config.errors = log;
    config.errors += ".errors";
    Process process(config);
    const auto exit = process.wait(limit);
    if (exit != Exit{0, std::nullopt}) {
        throw std::runtime_error(command.at(0) + ": " + to_string(exit) + "\n" + read_file(config.errors));
    }
    return process.log();
}

}  // namespace rdpfault::peers
