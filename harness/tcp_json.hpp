// TCP_INFO in reports and event lines.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "proxy/tcp_facts.hpp"

namespace rdpfault::harness {

nlohmann::ordered_json tcp_json(const proxy::TcpFacts& facts);

}  // namespace rdpfault::harness
