#include "client/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <cstring>

#include "client/descriptor.hpp"
#include "client/process_inside.hpp"
#include "client/programs.hpp"

extern char** environ;

namespace rdpfault::client {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t tail_size = 4096;

std::string system_error(const std::string& what, int number) {
    return what + ": " + std::strerror(number);
}

// A secret goes in through memory: it is in no file and in no argument list.
Descriptor open_input(const std::string& input) {
    if (input.empty()) return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    Descriptor memory(::memfd_create("rdpfault-input", MFD_CLOEXEC));
    if (!memory || ::write(memory.get(), input.data(), input.size()) != static_cast<ssize_t>(input.size())) return {};
    ::lseek(memory.get(), 0, SEEK_SET);
    return memory;
}

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& changes) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        if (!changes.contains(text.substr(0, text.find('=')))) all.push_back(text);
    }
    for (const auto& [name, value] : changes)
        all.push_back(name + "=" + value);
    return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (auto& text : texts)
        result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

// The attributes and file actions of posix_spawn, which are C objects with an end.
struct SpawnPlan {
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};

    SpawnPlan(int input, int output, int descriptor_3) {
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, input, 0);
        posix_spawn_file_actions_adddup2(&actions, output, 1);
        posix_spawn_file_actions_adddup2(&actions, output, 2);
        if (descriptor_3 >= 0) posix_spawn_file_actions_adddup2(&actions, descriptor_3, 3);
        // Asio's sockets are not close-on-exec: a child that held one would keep a connection open that we closed.
        posix_spawn_file_actions_addclosefrom_np(&actions, descriptor_3 >= 0 ? 4 : 3);

        posix_spawnattr_init(&attributes);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
};

std::vector<std::string> without_secrets(std::vector<std::string> command, const std::vector<std::string>& secrets) {
    for (auto& argument : command) {
        for (const auto& secret : secrets) {
            if (secret.empty()) continue;
            for (std::size_t at = 0; (at = argument.find(secret, at)) != std::string::npos; at += 3) {
                argument.replace(at, secret.size(), "***");
            }
        }
    }
    return command;
}

}  // namespace

Process::Process(const boost::asio::any_io_executor& executor, ProcessConfig config, Done done)
    : executor_(executor),
      config_(std::move(config)),
      done_(std::move(done)),
      exit_(executor),
      output_(executor),
      timer_(executor) {
    report_.command = without_secrets(config_.command, config_.secrets);
    report_.output_file = config_.output_file;
}

void Process::start() {
    began_ = Clock::now();
    report_.error = spawn();
    if (!report_.error.empty()) {
        boost::asio::post(executor_, [self = shared_from_this()] { self->finish(); });
        return;
    }
    report_.started = true;
    read_output();
    exit_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                         if (!error) self->on_exit();
                     });
    timer_.expires_after(config_.limit);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error) self->on_limit();
    });
}

// Empty when the child runs, else why it does not.
std::string Process::spawn() {
    if (config_.command.empty()) return "no command given";
    const auto program = find_program(config_.command.front());
    if (!program) return missing_program(config_.command.front());
    const auto input = open_input(config_.input);
    if (!input) return system_error("cannot prepare stdin", errno);
    if (!config_.output_file.empty()) {
        file_.open(config_.output_file, std::ios::binary | std::ios::trunc);
        if (!file_) return system_error("cannot open " + config_.output_file, errno);
    }
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return system_error("pipe", errno);
    Descriptor ours(ends[0]), theirs(ends[1]);

    auto environment = merged_environment(config_.environment);
    pid_t pid = 0;
    int failure = 0;
    if (config_.inside.network >= 0) {
        failure = spawn_inside(config_.inside, *program, {input.get(), theirs.get(), config_.descriptor_3, -1},
                               pointers(config_.command).data(), pointers(environment).data(), pid);
    } else {
        SpawnPlan plan(input.get(), theirs.get(), config_.descriptor_3);
        failure = ::posix_spawn(&pid, program->c_str(), &plan.actions, &plan.attributes,
                                pointers(config_.command).data(), pointers(environment).data());
    }
    if (failure != 0) return system_error("cannot start " + *program, failure);
    output_.assign(ours.release());
    return adopt(pid);
}

std::string Process::adopt(pid_t pid) {
    pid_ = pid;
    const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (pidfd >= 0) {
        exit_.assign(pidfd);
        return {};
    }
    const int number = errno;
    signal_group(SIGKILL);
    ::waitpid(pid, nullptr, 0);
    pid_ = 0;
    return system_error("pidfd_open", number);
}

void Process::read_output() {
    reading_ = true;
    output_.async_read_some(
        boost::asio::buffer(buffer_),
        [self = shared_from_this()](const auto& error, std::size_t size) { self->on_read(size, !error); });
}

void Process::on_read(std::size_t size, bool more) {
    reading_ = false;
    if (size > 0) keep({buffer_.data(), size});
    if (exited_) return finish();
    if (more) read_output();
}

void Process::keep(std::string_view piece) {
    const auto kept = piece.substr(0, config_.output_limit - written_);
    written_ += kept.size();
    if (file_.is_open()) file_.write(kept.data(), static_cast<std::streamsize>(kept.size()));
    report_.output_tail.append(piece);
    if (report_.output_tail.size() > 2 * tail_size)
        report_.output_tail.erase(0, report_.output_tail.size() - tail_size);
    if (config_.on_output) config_.on_output(piece);
}

// What was printed after the last read. A process that left the group may hold the pipe and go on printing, so there
// is a bound.
void Process::drain_output() {
    boost::system::error_code error;
    output_.non_blocking(true, error);
    for (int turn = 0; turn < 64 && !error; ++turn) {
        const auto size = output_.read_some(boost::asio::buffer(buffer_), error);
        if (size > 0) keep({buffer_.data(), size});
    }
    output_.close(error);
    file_.close();
}

void Process::on_limit() {
    if (stopping_) {
        signal_group(SIGKILL);
        return;
    }
    report_.timed_out = true;
    cancel();
}

void Process::cancel() {
    if (pid_ == 0) return;
    report_.killed_by_us = true;
    stop();
}

void Process::stop() {
    if (pid_ == 0 || stopping_) return;
    stopping_ = true;
    signal_group(SIGTERM);
    timer_.expires_after(config_.grace);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (!error) self->on_limit();
    });
}

// The child is a zombie until waitpid, so its number, and with it the group's, still belongs to it.
void Process::signal_group(int number) const {
    if (pid_ > 0) ::kill(-pid_, number);
}

void Process::on_exit() {
    signal_group(SIGKILL);  // what the child left behind in its group
    int status = 0;
    pid_t waited = 0;
    do {
        waited = ::waitpid(pid_, &status, 0);
    } while (waited < 0 && errno == EINTR);
    if (waited < 0)
        report_.error = system_error("waitpid", errno);
    else if (WIFEXITED(status))
        report_.exit_code = WEXITSTATUS(status);
    else if (WIFSIGNALED(status))
        report_.signal = WTERMSIG(status);

    pid_ = 0;
    exited_ = true;
    exit_.close();
    timer_.cancel();
    report_.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began_);
    // A read may already have taken bytes that its handler has yet to bring; what is left comes after them.
    if (reading_) return output_.cancel();
    finish();
}

void Process::finish() {
    if (output_.is_open()) drain_output();
    auto& tail = report_.output_tail;
    if (tail.size() > tail_size) tail.erase(0, tail.size() - tail_size);
    config_.on_output = nullptr;  // what the callbacks hold may hold this process
    std::exchange(done_, nullptr)(std::move(report_));
}

}  // namespace rdpfault::client
