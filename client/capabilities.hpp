// What the probe says it can do: the capability sets every client must send (MS-RDPBCGR 2.2.1.13.2.1), and nothing that
// would oblige it to draw.
#pragma once

#include "client/probe_config.hpp"
#include "protocol/capabilities.hpp"

namespace rdpfault::client {

protocol::Capabilities capabilities(const ProbeConfig& config);

}  // namespace rdpfault::client
