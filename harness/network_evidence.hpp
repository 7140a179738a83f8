// What the emulated link of a run says of itself.
#pragma once

#include <string>

#include "proxy/link/network_spec.hpp"
#include "proxy/link/report.hpp"

namespace rdpfault::harness {

struct NetworkEvidence {
    link::Between between{};
    link::LinkReport report;
};

// All that this link does is left to chance: one run may be spared.
bool left_to_chance(const link::NetworkSpec& network);

}  // namespace rdpfault::harness
