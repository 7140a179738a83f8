#include "harness/chance.hpp"

#include <algorithm>

namespace rdpfault::harness {

namespace {

bool draws(const link::DirectionSpec& spec) {
    const bool loses = spec.loss && !std::holds_alternative<link::Pattern>(*spec.loss) &&
                       !std::holds_alternative<link::NoLoss>(*spec.loss);
    return loses || spec.duplicate || spec.reorder || spec.corrupt || spec.jitter;
}

}  // namespace

bool left_to_chance(const std::vector<proxy::Fault>& faults, const std::optional<link::NetworkSpec>& network) {
    if (std::any_of(faults.begin(), faults.end(), [](const auto& fault) { return fault.trigger.probability < 1; }))
        return true;
    if (!network) return false;
    return draws(network->towards_server) || draws(network->towards_client) ||
           std::any_of(network->timeline.begin(), network->timeline.end(), [](const link::Change& change) {
               return draws(change.towards_server) || draws(change.towards_client);
           });
}

}  // namespace rdpfault::harness
