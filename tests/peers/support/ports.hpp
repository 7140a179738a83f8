// TCP ports of the loopback interface: finding a free one, and seeing that somebody listens without disturbing him.
#pragma once

#include <cstdint>

#include "tests/peers/support/wait.hpp"

namespace rdpfault::peers {

// One that the kernel gave away and took back; nobody else gets it soon.
std::uint16_t free_port();

// Does anybody listen there, on IPv4 or IPv6? Read from /proc/net: a connection would show up as one in the peer's log.
bool listens(std::uint16_t port);

// Throws std::runtime_error when nobody listens in time.
void wait_listen(std::uint16_t port, milliseconds limit = seconds(15));

}  // namespace rdpfault::peers
