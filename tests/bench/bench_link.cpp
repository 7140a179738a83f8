// What the link carries: bytes of one TCP connection, with and without loss armed, and many connections at once.
//
//   bench_link throughput SECONDS [LOSS]     one connection, MTU-sized packets; prints Mbit/s, packets, retransmits
//   bench_link connections COUNT [LOSS]      so many connections at once, each with a byte there and back
//   bench_link delay COUNT MILLISECONDS      how late packets are, against the kernel's timestamps
//   bench_link receive PORT                  without a link: takes one connection to its end; prints Mbit/s
//   bench_link send SECONDS ADDRESS PORT     without a link: the other end of that
//   bench_link copy NETNS                    without a link: copies packets between a TUN device here (ta) and one in
//                                            that network namespace (tb), one read and one write each, until it ends
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "proxy/link/link.hpp"
#include "proxy/tcp_facts.hpp"

namespace {

using namespace rdpfault::link;
using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "bench_link: %s\n", what.c_str());
    std::exit(2);
}

std::unique_ptr<Link> open_link(double loss) {
    LinkConfig config;
    config.scenario = "bench";
    if (loss > 0) config.network.towards_server.loss = config.network.towards_client.loss = Bernoulli{loss};
    std::string why;
    auto link = Link::open(config, why);
    if (!link) fail(why);
    return link;
}

Descriptor dial(Link& link, std::uint16_t port, int flags = 0) {
    auto socket = link.socket(Place::client, AF_INET, SOCK_STREAM | flags, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, server_address, &address.sin_addr);
    if (!socket ||
        (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS))
        fail(std::string("connect: ") + std::strerror(errno));
    return socket;
}

int throughput(double seconds, double loss) {
    auto link = open_link(loss);
    std::uint16_t port = 0;
    auto listener = link->listen(Place::server, port);
    auto client = dial(*link, port);
    Descriptor server(::accept(listener.get(), nullptr, nullptr));
    std::uint64_t received = 0;
    std::thread reader([&] {
        std::vector<char> buffer(1 << 20);
        for (ssize_t n = 0; (n = ::recv(server.get(), buffer.data(), buffer.size(), 0)) > 0;)
            received += static_cast<std::uint64_t>(n);
    });
    const std::vector<char> data(1 << 18, 'x');
    const auto began = Clock::now();
    while (std::chrono::duration<double>(Clock::now() - began).count() < seconds)
        if (::send(client.get(), data.data(), data.size(), MSG_NOSIGNAL) <= 0) break;
    const auto facts = rdpfault::proxy::tcp_facts(client.get()).value_or(rdpfault::proxy::TcpFacts{});
    ::shutdown(client.get(), SHUT_WR);
    reader.join();
    const auto took = std::chrono::duration<double>(Clock::now() - began).count();
    std::printf("%.0f Mbit/s, segment %u, retransmits %u, %s\n", static_cast<double>(received) * 8 / took / 1e6,
                facts.segment_size, facts.retransmits, to_string(link->report()).c_str());
    return 0;
}

int connections(std::size_t count, double loss) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    auto link = open_link(loss);
    std::uint16_t port = 0;
    auto listener = link->listen(Place::server, port);
    const auto began = Clock::now();
    std::vector<Descriptor> accepted;
    std::thread server([&] {
        for (std::size_t i = 0; i < count; ++i) {
            Descriptor one(::accept(listener.get(), nullptr, nullptr));
            static_cast<void>(!::send(one.get(), "y", 1, MSG_NOSIGNAL));
            accepted.push_back(std::move(one));
        }
    });
    std::vector<Descriptor> clients;
    for (std::size_t i = 0; i < count; ++i)
        clients.push_back(dial(*link, port, SOCK_NONBLOCK));
    std::size_t answered = 0;
    for (auto& client : clients) {
        pollfd ready{client.get(), POLLIN, 0};
        char byte = 0;
        if (::poll(&ready, 1, 30'000) == 1 && ::recv(client.get(), &byte, 1, 0) == 1) ++answered;
    }
    const auto took = std::chrono::duration<double>(Clock::now() - began).count();
    server.join();
    std::printf("%zu of %zu connections open at once, %.2f s, %s\n", answered, count, took,
                to_string(link->report()).c_str());
    return answered == count ? 0 : 1;
}

sockaddr_in address_of(const char* text, int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, text, &address.sin_addr);
    return address;
}

int receive(int port) {
    const Descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
    const int on = 1;
    ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    auto address = address_of("0.0.0.0", port);
    if (::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail(std::strerror(errno));
    ::listen(listener.get(), 1);
    std::printf("ready\n");
    std::fflush(stdout);
    const Descriptor server(::accept(listener.get(), nullptr, nullptr));
    const auto began = Clock::now();
    std::vector<char> buffer(1 << 20);
    std::uint64_t received = 0;
    for (ssize_t n = 0; (n = ::recv(server.get(), buffer.data(), buffer.size(), 0)) > 0;)
        received += static_cast<std::uint64_t>(n);
    const auto took = std::chrono::duration<double>(Clock::now() - began).count();
    std::printf("%.0f Mbit/s\n", static_cast<double>(received) * 8 / took / 1e6);
    return 0;
}

int send(double seconds, const char* host, int port) {
    const Descriptor client(::socket(AF_INET, SOCK_STREAM, 0));
    auto address = address_of(host, port);
    if (::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail(std::strerror(errno));
    const std::vector<char> data(1 << 18, 'x');
    const auto began = Clock::now();
    while (std::chrono::duration<double>(Clock::now() - began).count() < seconds)
        if (::send(client.get(), data.data(), data.size(), MSG_NOSIGNAL) <= 0) break;
    return 0;
}

// One packet a read, as any program does that copies between two TUN devices.
int tun(const char* name) {
    const int fd = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    ifreq request{};
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    if (fd < 0 || ::ioctl(fd, TUNSETIFF, &request) != 0) fail(std::string("/dev/net/tun: ") + std::strerror(errno));
    return fd;
}

int copy(const char* other_namespace) {
    const int here = tun("ta");
    const Descriptor there(::open(other_namespace, O_RDONLY | O_CLOEXEC));
    if (::setns(there.get(), CLONE_NEWNET) != 0) fail(std::string(other_namespace) + ": " + std::strerror(errno));
    pollfd ends[2] = {{here, POLLIN, 0}, {tun("tb"), POLLIN, 0}};
    std::printf("ready\n");
    std::fflush(stdout);
    char packet[65536];
    while (::poll(ends, 2, -1) > 0)
        for (int from = 0; from < 2; ++from)
            for (ssize_t size = 0; (size = ::read(ends[from].fd, packet, sizeof packet)) > 0;)
                static_cast<void>(!::write(ends[1 - from].fd, packet, static_cast<std::size_t>(size)));
    return 0;
}

double realtime() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<double>(now.tv_sec) * 1000 + static_cast<double>(now.tv_nsec) / 1e6;
}

// When the datagram that waits arrived, by the kernel's clock, in milliseconds.
double arrival(int socket) {
    char byte = 0;
    iovec part{&byte, 1};
    alignas(cmsghdr) char control[256];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    if (::recvmsg(socket, &message, 0) < 0) fail(std::strerror(errno));
    timespec stamp{};
    for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header))
        if (header->cmsg_type == SCM_TIMESTAMPNS) std::memcpy(&stamp, CMSG_DATA(header), sizeof stamp);
    return static_cast<double>(stamp.tv_sec) * 1000 + static_cast<double>(stamp.tv_nsec) / 1e6;
}

int delay(int count, double milliseconds) {
    LinkConfig config;
    config.network.towards_server.latency = Duration(static_cast<std::int64_t>(milliseconds * 1000));
    std::string why;
    const auto link = Link::open(config, why);
    if (!link) fail(why);
    const auto server = link->socket(Place::server, AF_INET, SOCK_DGRAM);
    const auto client = link->socket(Place::client, AF_INET, SOCK_DGRAM);
    const int on = 1;
    ::setsockopt(server.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    auto address = address_of(server_address, 5000);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(server.get(), generic, sizeof address) != 0 || ::connect(client.get(), generic, sizeof address) != 0)
        fail(std::strerror(errno));
    std::vector<double> late;
    for (int i = 0; i < count; ++i) {
        const auto sent = realtime();
        if (::send(client.get(), "x", 1, 0) != 1) fail(std::strerror(errno));
        late.push_back(arrival(server.get()) - sent - milliseconds);
    }
    std::sort(late.begin(), late.end());
    std::printf("late by %.3f ms in the middle, %.3f ms at 99 %%, %.3f ms at most\n", late[late.size() / 2],
                late[late.size() * 99 / 100], late.back());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    const double number = argc > 2 ? std::atof(argv[2]) : 0;
    const double loss = argc > 3 ? std::atof(argv[3]) : 0;
    if (what == "throughput" && number > 0) return throughput(number, loss);
    if (what == "connections" && number > 0) return connections(static_cast<std::size_t>(number), loss);
    if (what == "delay" && number > 0) return delay(static_cast<int>(number), loss);
    if (what == "receive" && number > 0) return receive(static_cast<int>(number));
    if (what == "copy" && argc == 3) return copy(argv[2]);
    if (what == "send" && argc == 5) return send(number, argv[3], std::atoi(argv[4]));
    std::fprintf(stderr,
                 "bench_link throughput SECONDS [LOSS] | connections COUNT [LOSS] | delay COUNT MILLISECONDS |\n       "
                 "           "
                 "receive PORT | send SECONDS ADDRESS PORT | copy NETNS\n");
    return 2;
}
