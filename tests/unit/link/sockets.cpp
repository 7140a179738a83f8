#include "tests/unit/link/sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

namespace rdpfault::link {

std::unique_ptr<Link> open_link(const LinkConfig& config) {
    std::string why;
    auto link = Link::open(config, why);
    if (!link) throw std::runtime_error(why);
    return link;
}

int dial(Link& link, Descriptor& socket, std::uint16_t port, int seconds) {
    socket = link.socket(Place::client, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (!socket) return errno;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, server_address, &address.sin_addr);
    if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 && errno != EINPROGRESS)
        return errno;
    pollfd ready{socket.get(), POLLOUT, 0};
    if (::poll(&ready, 1, seconds * 1000) == 0) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

Connected connect_over(const LinkConfig& config) {
    Connected pair;
    pair.link = open_link(config);
    std::uint16_t port = 0;
    const auto listener = pair.link->listen(Place::server, port);
    if (!listener) throw std::runtime_error("cannot listen inside");
    if (const int error = dial(*pair.link, pair.client, port)) throw std::system_error(error, std::generic_category());
    pair.server = Descriptor(::accept(listener.get(), nullptr, nullptr));
    return pair;
}

Datagrams open_datagrams(Link& link) {
    Datagrams flow;
    flow.server = link.socket(Place::server, AF_INET, SOCK_DGRAM);
    flow.client = link.socket(Place::client, AF_INET, SOCK_DGRAM);
    const int on = 1;
    ::setsockopt(flow.server.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    ::inet_pton(AF_INET, server_address, &address.sin_addr);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(flow.server.get(), generic, size) != 0 || ::getsockname(flow.server.get(), generic, &size) != 0 ||
        ::connect(flow.client.get(), generic, size) != 0)
        throw std::system_error(errno, std::generic_category());
    return flow;
}

double realtime() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double receive_stamp(const Descriptor& socket) {
    char byte = 0;
    iovec part{&byte, 1};
    alignas(cmsghdr) char control[256];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    if (::recvmsg(socket.get(), &message, 0) < 0) throw std::system_error(errno, std::generic_category());
    for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header))
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_TIMESTAMPNS) {
            timespec stamp{};
            std::memcpy(&stamp, CMSG_DATA(header), sizeof stamp);
            return static_cast<double>(stamp.tv_sec) + static_cast<double>(stamp.tv_nsec) / 1e9;
        }
    throw std::runtime_error("no time stamp");
}

Transfer transfer(const Connected& pair, std::uint64_t bytes) {
    using Clock = std::chrono::steady_clock;
    const auto began = Clock::now();
    const auto limit = began + std::chrono::minutes(1);
    Transfer result;
    std::thread reader([&] {
        std::vector<char> buffer(1 << 18);
        pollfd ready{pair.server.get(), POLLIN, 0};
        while (result.received < bytes && Clock::now() < limit) {
            if (::poll(&ready, 1, 1000) <= 0) continue;
            const auto n = ::recv(pair.server.get(), buffer.data(), buffer.size(), 0);
            if (n <= 0) break;
            result.received += static_cast<std::uint64_t>(n);
        }
        result.seconds = std::chrono::duration<double>(Clock::now() - began).count();
    });
    const std::vector<char> data(1 << 16, 'x');
    pollfd ready{pair.client.get(), POLLOUT, 0};
    for (std::uint64_t sent = 0; sent < bytes && Clock::now() < limit;) {
        if (::poll(&ready, 1, 1000) <= 0) continue;
        const auto n =
            ::send(pair.client.get(), data.data(), std::min<std::uint64_t>(data.size(), bytes - sent), MSG_NOSIGNAL);
        if (n > 0) sent += static_cast<std::uint64_t>(n);
        if (n < 0 && errno != EAGAIN) break;
    }
    reader.join();
    result.facts = proxy::tcp_facts(pair.client.get()).value_or(proxy::TcpFacts{});
    return result;
}

}  // namespace rdpfault::link
