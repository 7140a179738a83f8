#include "client/process_inside.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "client/descriptor.hpp"

namespace rdpfault::client {
namespace {

// In mounts of the child's own, which nobody else sees. The files must exist on both sides.
bool put_files(const Door& door) {
    if (door.files.empty()) return true;
    if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
    for (const auto& [ours, place] : door.files)
        if (::mount(ours.c_str(), place.c_str(), nullptr, MS_BIND, nullptr) != 0) return false;
    return true;
}

// In the child of a process that may have many threads: system calls and nothing else, no allocation above all.
void become(const Door& door, const char* program, Standard standard, char* const* arguments, char* const* environment,
            int failed) {
    // The descriptors wanted may lie where others are to go: out of the way first.
    constexpr int above = 16;
    standard.input = ::fcntl(standard.input, F_DUPFD, above);
    standard.output = ::fcntl(standard.output, F_DUPFD, above);
    standard.error = standard.error >= 0 ? ::fcntl(standard.error, F_DUPFD, above) : standard.output;
    if (standard.descriptor_3 >= 0) standard.descriptor_3 = ::fcntl(standard.descriptor_3, F_DUPFD, above);
    const int user = door.user >= 0 ? ::fcntl(door.user, F_DUPFD, above) : -1;
    const int network = ::fcntl(door.network, F_DUPFD, above);
    failed = ::fcntl(failed, F_DUPFD, above);

    ::setsid();
    if (user >= 0 && ::setns(user, CLONE_NEWUSER) != 0) goto failure;
    if (::setns(network, CLONE_NEWNET) != 0) goto failure;
    if (!put_files(door)) goto failure;
    ::dup2(standard.input, 0);
    ::dup2(standard.output, 1);
    ::dup2(standard.error, 2);
    if (standard.descriptor_3 >= 0) ::dup2(standard.descriptor_3, 3);
    ::dup2(failed, 4);
    failed = 4;
    ::fcntl(failed, F_SETFD, FD_CLOEXEC);
    if (standard.descriptor_3 < 0) ::close(3);
    ::syscall(SYS_close_range, 5U, ~0U, 0U);

    for (int number = 1; number < NSIG; ++number)
        ::signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execve(program, arguments, environment);
failure:
    const int error = errno;
    static_cast<void>(!::write(failed, &error, sizeof error));
    ::_exit(127);
}

}  // namespace

int spawn_inside(const Door& door, const std::string& program, const Standard& standard, char* const* arguments,
                 char* const* environment, pid_t& pid) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return errno;
    const Descriptor ours(ends[0]);
    Descriptor theirs(ends[1]);
    // A handler of ours must not run in the child.
    sigset_t all, before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    pid = ::fork();
    if (pid == 0) become(door, program.c_str(), standard, arguments, environment, theirs.get());
    const int fork_error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (pid < 0) return fork_error;

    theirs = {};
    int error = 0;
    ssize_t got = 0;
    do {
        got = ::read(ours.get(), &error, sizeof error);  // ends when exec has closed the other end
    } while (got < 0 && errno == EINTR);
    if (got != static_cast<ssize_t>(sizeof error)) return 0;
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return error;
}

}  // namespace rdpfault::client
