// A program that a test starts and ends: its own process group, its output in a file, gone when the object is.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/peers/support/wait.hpp"

namespace rdpfault::peers {

struct ProcessConfig {
    std::vector<std::string> command;                // looked up on PATH
    std::map<std::string, std::string> environment;  // on top of our own
    std::filesystem::path log;                       // stdout; none: thrown away
    std::filesystem::path errors;                    // stderr; none: goes where stdout goes
    std::filesystem::path input;                     // stdin; none: /dev/null
    // Opened for writing as descriptor 7: where X servers write the number of the display they took.
    std::filesystem::path descriptor_7;
};

struct Exit {
    std::optional<int> code;    // of exit()
    std::optional<int> signal;  // that killed it
    bool operator==(const Exit&) const = default;
};
std::string to_string(const std::optional<Exit>& exit);  // "exit 143", "signal 15", "still running"

class Process {
  public:
    // Throws std::runtime_error, naming the Debian package when the program is missing.
    explicit Process(ProcessConfig config);
    ~Process();  // stop()
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const { return pid_; }
    bool running();
    // How it ended; nothing when it has not after `limit`.
    std::optional<Exit> wait(milliseconds limit);
    void signal(int number) const;  // to the whole group, while it runs
    void stop();                    // TERM, two seconds, KILL; returns when it is gone
    std::string log() const;        // so far

  private:
    ProcessConfig config_;
    pid_t pid_ = 0;
    std::optional<Exit> exit_;
};

// Runs a program to its end and returns its stdout. Throws when it fails or takes longer than `limit`.
std::string run(const std::vector<std::string>& command, const std::filesystem::path& log,
                const std::map<std::string, std::string>& environment = {}, milliseconds limit = seconds(60));

}  // namespace rdpfault::peers
