#include "harness/network_evidence.hpp"

namespace rdpfault::harness {

namespace {

// Without what strikes by chance, nothing is left.
bool is_random(link::DirectionSpec spec) {
    if (spec.loss && !std::holds_alternative<link::Pattern>(*spec.loss)) spec.loss.reset();
    spec.duplicate.reset();
    spec.reorder.reset();
    spec.corrupt.reset();
    return spec == link::DirectionSpec{};
}

}  // namespace

bool left_to_chance(const link::NetworkSpec& network) {
    return network.timeline.empty() && is_random(network.towards_server) && is_random(network.towards_client);
}

}  // namespace rdpfault::harness
