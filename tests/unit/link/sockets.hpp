// A TCP connection across a link, and bytes over it.
#pragma once

#include <memory>

#include "proxy/link/link.hpp"
#include "proxy/tcp_facts.hpp"

namespace rdpfault::link {

struct Connected {
    std::unique_ptr<Link> link;
    Descriptor client, server;
};

// Ends the test program, with the reason, where there can be no link: such a machine cannot run these tests.
std::unique_ptr<Link> open_link(const LinkConfig& config);
Connected connect_over(const LinkConfig& config);
// connect(2) from the client's end, bounded by `seconds`; 0 or errno.
int dial(Link& link, Descriptor& socket, std::uint16_t port, int seconds = 20);

// UDP from the client's end to the server's; arrivals are stamped by the kernel.
struct Datagrams {
    Descriptor client, server;
};
Datagrams open_datagrams(Link& link);
double realtime();  // seconds, of the clock that the stamps are of
// Takes one datagram: when it arrived.
double receive_stamp(const Descriptor& socket);

struct Transfer {
    std::uint64_t received = 0;
    double seconds = 0;     // from the first byte to the last one received
    proxy::TcpFacts facts;  // of the sender, when all was received
};
// Sends from the client to the server until `bytes` have arrived; bounded by a minute.
Transfer transfer(const Connected& pair, std::uint64_t bytes);

}  // namespace rdpfault::link
