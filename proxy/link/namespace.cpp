#include "proxy/link/namespace.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>

#include "proxy/link/fd_passing.hpp"
#include "proxy/link/helper.hpp"

namespace rdpfault::link {

namespace {

bool write_file(const std::string& path, const std::string& text) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// Ids inside are what they are outside: root may map them all, anybody else only their own.
bool write_id_maps(pid_t pid) {
    const auto folder = "/proc/" + std::to_string(pid) + "/";
    if (::geteuid() == 0 && write_file(folder + "uid_map", "0 0 4294967295") &&
        write_file(folder + "gid_map", "0 0 4294967295"))
        return true;
    const auto own = [](unsigned id) { return std::to_string(id) + " " + std::to_string(id) + " 1"; };
    return write_file(folder + "setgroups", "deny") && write_file(folder + "uid_map", own(::geteuid())) &&
           write_file(folder + "gid_map", own(::getegid()));
}

std::string first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

std::string explain(const HelperReply& reply) {
    std::string text = std::strerror(reply.error);
    switch (reply.step) {
        case Step::user_namespace:
        case Step::network_namespace: return explain_refusal(reply.error);
        case Step::process_files: return "/proc cannot be used: " + text;
        case Step::interfaces:
            if (reply.error == EOPNOTSUPP) return "this kernel has no veth interfaces (CONFIG_VETH)";
            return "cannot make a pair of veth interfaces: " + text;
        case Step::addresses: return "cannot give the interfaces their addresses: " + text;
        case Step::routes: return "cannot add a route: " + text;
        case Step::congestion:
            return "cannot choose the congestion control: " + text +
                   " (allowed: " + first_line("/proc/sys/net/ipv4/tcp_allowed_congestion_control") + ")";
        case Step::serving: break;
    }
    return text;
}

void reap(pid_t pid) {
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

}  // namespace

std::unique_ptr<Namespaces> Namespaces::open(const NamespaceConfig& config, std::string& why) {
    // Root in a container may be denied user namespaces and still be allowed network namespaces.
    for (const bool with_user_namespace : {true, false}) {
        if (!with_user_namespace && ::geteuid() != 0) break;
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
            why = std::string("socketpair: ") + std::strerror(errno);
            return nullptr;
        }
        std::unique_ptr<Namespaces> made(new Namespaces);
        made->control_ = Descriptor(ends[0]);
        Descriptor theirs(ends[1]);
        const pid_t pid = ::fork();
        if (pid == 0) run_helper(theirs.get(), config, with_user_namespace);
        if (pid < 0) {
            why = std::string("fork: ") + std::strerror(errno);
            return nullptr;
        }
        made->helper_ = pid;
        theirs.reset();

        const int control = made->control_.get();
        HelperReply reply;
        Descriptor none;
        const auto answered = [&](Descriptor& fd) {
            if (!receive_with_descriptor(control, &reply, sizeof reply, fd)) reply = {Step::serving, ECHILD};
            if (reply.error != 0 && (with_user_namespace || why.empty())) why = explain(reply);
            return reply.error == 0;
        };
        if (!answered(none)) continue;
        if (with_user_namespace && !write_id_maps(pid)) {
            why = std::string("cannot write the id maps of a user namespace: ") + std::strerror(errno);
            continue;
        }
        if (!send_with_descriptor(control, "", 1, -1)) continue;
        if (answered(made->user_) && answered(made->network_[0]) && answered(made->network_[1]) &&
            answered(made->network_[2])) {
            why.clear();
            return made;
        }
    }
    if (why.empty()) why = "the helper process ended";
    return nullptr;
}

Namespaces::~Namespaces() {
    control_.reset();  // the helper sees it and ends
    if (helper_ > 0) reap(helper_);
}

Descriptor Namespaces::socket(Place place, int domain, int type, int protocol) {
    const std::lock_guard lock(asking_);
    SocketRequest request;
    std::memset(static_cast<void*>(&request), 0, sizeof request);
    request.place = place;
    request.domain = domain;
    request.type = type;
    request.protocol = protocol;
    HelperReply reply;
    Descriptor made;
    if (!send_with_descriptor(control_.get(), &request, sizeof request, -1) ||
        !receive_with_descriptor(control_.get(), &reply, sizeof reply, made)) {
        errno = ECHILD;
        return {};
    }
    errno = reply.error;
    return made;
}

Namespaces::Door Namespaces::door(Place place) const {
    return {user_.get(), network_[static_cast<int>(place)].get()};
}

bool congestion_allowed(const std::string& name) {
    std::istringstream words(first_line("/proc/sys/net/ipv4/tcp_allowed_congestion_control"));
    for (std::string word; words >> word;)
        if (word == name) return true;
    return false;
}

std::string explain_refusal(int error, const std::string& proc, const std::string& sys) {
    const auto setting = [&](const std::string& name) { return first_line(proc + "/sys/" + name); };
    const std::string prefix = "an unprivileged user namespace with a network namespace cannot be made: ";
    if (setting("kernel/unprivileged_userns_clone") == "0")
        return prefix +
               "sysctl kernel.unprivileged_userns_clone is 0; `sysctl kernel.unprivileged_userns_clone=1` allows it";
    if (setting("user/max_user_namespaces") == "0")
        return prefix + "sysctl user.max_user_namespaces is 0; `sysctl user.max_user_namespaces=10000` allows it";
    if (setting("user/max_net_namespaces") == "0")
        return prefix + "sysctl user.max_net_namespaces is 0; `sysctl user.max_net_namespaces=10000` allows it";
    if (error == ENOSPC)
        return prefix +
               "as many exist as sysctl user.max_user_namespaces and user.max_net_namespaces allow, or they are nested "
               "too deep";
    if (setting("kernel/apparmor_restrict_unprivileged_userns") == "1")
        return prefix +
               "AppArmor forbids it (sysctl kernel.apparmor_restrict_unprivileged_userns is 1); an AppArmor profile "
               "for "
               "rdpfault with `userns,` or `sysctl kernel.apparmor_restrict_unprivileged_userns=0` allows it";
    if (error == EINVAL || error == ENOSYS)
        return prefix + "the kernel was built without CONFIG_USER_NS or CONFIG_NET_NS";
    std::ifstream status(proc + "/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("Seccomp:") && line.back() == '2')
            return prefix +
                   "the seccomp profile of this container forbids it; one that allows unshare, clone and setns (docker "
                   "run --security-opt seccomp=unconfined, or --cap-add SYS_ADMIN as root) allows it";
    if (first_line(sys + "/fs/selinux/enforce") == "1") return prefix + "SELinux forbids it (user_namespace create)";
    return prefix + std::strerror(error);
}

}  // namespace rdpfault::link
