// What the emulated link of a run says of itself.
#pragma once

#include <string>
#include <vector>

#include "proxy/link/network_spec.hpp"
#include "proxy/link/report.hpp"
#include "proxy/link/socket_facts.hpp"

namespace rdpfault::harness {

struct NetworkEvidence {
    link::Between between{};
    link::LinkReport report;
    // TCP at either end, as last seen when a stage was reached or the run ended: one entry for each connection.
    std::vector<link::SocketFacts> client_end, server_end;
    std::string capture;  // file with the packets at the client's end; empty: none was wanted
};

// All that this link does is left to chance: one run may be spared.
bool left_to_chance(const link::NetworkSpec& network);

}  // namespace rdpfault::harness
