// Whether chance has a say in how an arm ends.
#pragma once

#include <optional>
#include <vector>

#include "proxy/faults/fault.hpp"
#include "proxy/link/network_spec.hpp"

namespace rdpfault::harness {

// A fault that is drawn with a probability below 1, or a link that draws: loss by probability or state, duplicates,
// reordering, damage, jitter.
bool left_to_chance(const std::vector<proxy::Fault>& faults, const std::optional<link::NetworkSpec>& network);

}  // namespace rdpfault::harness
