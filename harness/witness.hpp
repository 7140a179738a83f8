// The three witnesses of a run, each asked on its own whether what is expected is what it saw.
#pragma once

#include <string>
#include <vector>

#include "harness/observe.hpp"

namespace rdpfault::harness {

// What a witness holds against an expectation, as sentences; empty: it agrees.
using Objections = std::vector<std::string>;

struct Hearing {
    Objections log;      // the proxy's decision log: stages, faults, who ended it
    Objections sockets;  // what was done to the legs
    Objections client;   // what the client met

    std::size_t count() const { return log.size() + sockets.size() + client.size(); }
};

Hearing hear_connected(const Scene& scene, const Observed& seen);
Hearing hear_end(const Scene& scene, const Observed& seen, const EndExpectation& expected);

// What each says, in a line.
std::string log_text(const Scene& scene);
std::string sockets_text(const Scene& scene);
std::string client_text(const Scene& scene);

}  // namespace rdpfault::harness
