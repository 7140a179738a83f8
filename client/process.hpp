// Runs a child program on an Asio executor: its own session and process group, no shell, a wall-clock limit, and an end
// that is always reported. Nothing here blocks.
#pragma once

#include <sys/types.h>

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/process_report.hpp"

namespace rdpfault::client {

// Namespaces for a program to run in, as open descriptors of setns(2); the caller keeps them open.
struct Door {
    int user = -1;     // -1: the network namespace belongs to our own user namespace
    int network = -1;  // -1: the program runs in our own network
    // Files that the program finds in place of others: {"/tmp/x/resolv.conf", "/etc/resolv.conf"}.
    std::vector<std::pair<std::string, std::string>> files{};
};

struct ProcessConfig {
    std::vector<std::string> command;  // the program (looked up on PATH) and its arguments
    std::vector<std::string> secrets;  // what the report shows as "***", wherever it stands in the command
    std::map<std::string, std::string> environment;  // on top of our own
    std::string input;                               // what stdin holds; empty: /dev/null
    std::string output_file;  // stdout and stderr are kept here, truncated first; empty: only the report's tail
    std::size_t output_limit = 64 << 20;              // bytes; what comes after is read and dropped
    std::function<void(std::string_view)> on_output;  // sees every piece as it comes
    int descriptor_3 = -1;                            // inherited as descriptor 3; all others are closed
    Door inside;
    std::chrono::milliseconds limit{60'000};  // wall clock; then TERM, then KILL, to the whole group
    std::chrono::milliseconds grace{2'000};   // between TERM and KILL
};

// Handlers run on the executor given, one at a time; start(), stop() and cancel() are called there too. Whoever lets go
// of it, the object lives until `done` was called.
class Process : public std::enable_shared_from_this<Process> {
  public:
    using Done = std::function<void(ProcessReport)>;

    Process(const boost::asio::any_io_executor& executor, ProcessConfig config, Done done);

    // `done` is called exactly once, later, also when the program cannot be started (report.started is false).
    void start();
    // Ends the whole group with TERM and, after the grace, KILL. Not an abort: report.killed_by_us stays false.
    void stop();
    // The same, but report.killed_by_us is set.
    void cancel();

  private:
    std::string spawn();
    std::string adopt(pid_t pid);
    void read_output();
    void keep(std::string_view piece);
    void on_read(std::size_t size, bool more);
    void drain_output();
    void on_limit();
    void on_exit();
    void finish();
    void signal_group(int number) const;

    boost::asio::any_io_executor executor_;
    ProcessConfig config_;
    Done done_;
    ProcessReport report_;
    boost::asio::posix::stream_descriptor exit_;    // a pidfd: readable when the child has ended
    boost::asio::posix::stream_descriptor output_;  // a pipe: what it prints
    std::ofstream file_;
    std::size_t written_ = 0;
    std::array<char, 16384> buffer_;
    boost::asio::steady_timer timer_;
    std::chrono::steady_clock::time_point began_;
    pid_t pid_ = 0;  // 0: not running
    bool stopping_ = false;
    bool reading_ = false;
    bool exited_ = false;
};

}  // namespace rdpfault::client
