// The TCP connections of a network namespace and what the kernel knows of each (sock_diag(7)): also those of programs
// that are not ours.
#pragma once

#include <vector>

#include "proxy/tcp_facts.hpp"

namespace rdpfault::link {

struct SocketFacts {
    std::uint16_t local_port = 0;
    std::uint16_t remote_port = 0;
    proxy::TcpFacts facts;
};

// `netlink`: AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG, of that namespace. Connections over IPv4 that are open or ending.
std::vector<SocketFacts> socket_facts(int netlink);

}  // namespace rdpfault::link
