// A host and port to addresses, once, before anything runs.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <vector>

#include "harness/options.hpp"

namespace rdpfault::harness {

// Never empty. Throws std::runtime_error that names the host.
std::vector<boost::asio::ip::tcp::endpoint> resolve(const Endpoint& endpoint);

}  // namespace rdpfault::harness
