#include "proxy/link/helper.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "proxy/link/fd_passing.hpp"
#include "proxy/link/netlink.hpp"

namespace rdpfault::link {

namespace {

// Above this the client's kernel cuts its own packets: a super-packet must fit a slot of the forwarder's ring.
constexpr std::uint32_t gso_limit = 15'000;

std::vector<std::uint8_t> address_bytes(const char* text) {
    std::vector<std::uint8_t> bytes(16);
    if (::inet_pton(AF_INET6, text, bytes.data()) == 1) return bytes;
    bytes.resize(4);
    ::inet_pton(AF_INET, text, bytes.data());
    return bytes;
}

struct Inside {
    Descriptor user;
    Descriptor network[3];
    int at(Place place) const { return network[static_cast<int>(place)].get(); }
};

int enter(const Inside& inside, Place place) {
    return ::setns(inside.at(place), CLONE_NEWNET) == 0 ? 0 : errno;
}

HelperReply make_namespaces(Inside& inside, bool with_user_namespace) {
    if (with_user_namespace) inside.user = Descriptor(::open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC));
    if (with_user_namespace && !inside.user) return {Step::process_files, errno};
    for (auto& network : inside.network) {
        if (::unshare(CLONE_NEWNET) != 0) return {Step::network_namespace, errno};
        network = Descriptor(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
        if (!network) return {Step::process_files, errno};
    }
    return {};
}

HelperReply make_interfaces(const Inside& inside, const NamespaceConfig& config) {
    if (const int error = enter(inside, Place::middle)) return {Step::interfaces, error};
    Netlink middle;
    const auto client_mtu = config.client_mtu != 0 ? config.client_mtu : config.mtu;
    if (const int error = middle.add_veth({"c", {2, 0, 0, 0, 0, 3}}, {"eth0", {2, 0, 0, 0, 0, 1}},
                                          inside.at(Place::client), client_mtu, gso_limit))
        return {Step::interfaces, error};
    if (const int error = middle.add_veth({"s", {2, 0, 0, 0, 0, 4}}, {"eth0", {2, 0, 0, 0, 0, 2}},
                                          inside.at(Place::server), config.mtu, gso_limit))
        return {Step::interfaces, error};
    for (const auto* name : {"c", "s"})
        if (const int error = middle.set_up(name, true)) return {Step::interfaces, error};
    return {};
}

// IPv6 is welcome and not required: a kernel may be without it.
HelperReply make_addresses(const Inside& inside, Place place, bool any_destination) {
    if (const int error = enter(inside, place)) return {Step::addresses, error};
    const bool client = place == Place::client;
    Netlink netlink;
    for (const auto& [name, without_arp] : {std::pair{"lo", false}, std::pair{"eth0", true}})
        if (const int error = netlink.set_up(name, without_arp)) return {Step::addresses, error};
    const auto mine = address_bytes(client ? client_address : server_address);
    const auto theirs = address_bytes(client ? server_address : client_address);
    const auto theirs6 = address_bytes(client ? server_address6 : client_address6);
    if (const int error = netlink.add_address("eth0", mine)) return {Step::addresses, error};
    const bool with_ipv6 = netlink.add_address("eth0", address_bytes(client ? client_address6 : server_address6)) == 0;

    if (const int error = netlink.add_route("eth0", std::vector<std::uint8_t>(4), 0, false, false))
        return {Step::routes, error};
    if (with_ipv6) netlink.add_route("eth0", std::vector<std::uint8_t>(16), 0, false, false);
    if (!any_destination) return {};
    // Every address is this host's, but for the client's, which must be found first.
    if (const int error = netlink.add_route("eth0", theirs, 32, false, true)) return {Step::routes, error};
    if (const int error = netlink.add_route("lo", std::vector<std::uint8_t>(4), 0, true, true))
        return {Step::routes, error};
    if (with_ipv6) {
        netlink.add_route("eth0", theirs6, 128, false, true);
        netlink.add_route("lo", std::vector<std::uint8_t>(16), 0, true, true);
    }
    return {};
}

HelperReply choose_congestion(const std::string& name) {
    if (name.empty()) return {};
    const Descriptor file(::open("/proc/sys/net/ipv4/tcp_congestion_control", O_WRONLY | O_CLOEXEC));
    if (file && ::write(file.get(), name.data(), name.size()) == static_cast<ssize_t>(name.size())) return {};
    return {Step::congestion, errno};
}

HelperReply build(Inside& inside, const NamespaceConfig& config, bool with_user_namespace) {
    auto reply = make_namespaces(inside, with_user_namespace);
    if (reply.error == 0) reply = make_interfaces(inside, config);
    for (const auto place : {Place::client, Place::server}) {
        if (reply.error == 0) reply = make_addresses(inside, place, config.any_destination && place == Place::server);
        if (reply.error == 0) reply = choose_congestion(config.congestion);
    }
    return reply;
}

void serve(int control, const Inside& inside) {
    SocketRequest request;
    Descriptor none;
    while (receive_with_descriptor(control, &request, sizeof request, none)) {
        HelperReply reply;
        Descriptor made;
        reply.error = enter(inside, request.place);
        if (reply.error == 0) {
            made = Descriptor(::socket(request.domain, request.type | SOCK_CLOEXEC, request.protocol));
            if (!made) reply.error = errno;
        }
        if (!send_with_descriptor(control, &reply, sizeof reply, made.get())) return;
    }
}

}  // namespace

void run_helper(int control, const NamespaceConfig& config, bool with_user_namespace) {
    // A copy of another connection's socket here would keep it open when its owner closes it.
    ::dup2(control, 3);
    ::syscall(SYS_close_range, 4U, ~0U, 0U);
    control = 3;
    ::setsid();  // a Ctrl-C is for the program, which then lets go of us
    ::prctl(PR_SET_NAME, "rdpfault-link");

    HelperReply reply{Step::user_namespace, 0};
    if (with_user_namespace && ::unshare(CLONE_NEWUSER) != 0) reply.error = errno;
    char go = 0;
    Descriptor none;
    if (!send_with_descriptor(control, &reply, sizeof reply, -1) || reply.error != 0) ::_exit(1);
    if (!receive_with_descriptor(control, &go, sizeof go, none)) ::_exit(1);

    Inside inside;
    reply = build(inside, config, with_user_namespace);
    if (reply.error != 0) {
        send_with_descriptor(control, &reply, sizeof reply, -1);
        ::_exit(1);
    }
    if (!send_with_descriptor(control, &reply, sizeof reply, inside.user.get())) ::_exit(1);
    for (const auto& network : inside.network)
        if (!send_with_descriptor(control, &reply, sizeof reply, network.get())) ::_exit(1);
    serve(control, inside);
    ::_exit(0);
}

}  // namespace rdpfault::link
