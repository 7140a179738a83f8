// From what the command line says to what the runner needs.
#pragma once

#include "harness/options.hpp"
#include "harness/runner.hpp"

namespace rdpfault::harness {

// Mints what a run needs and resolves names; throws std::runtime_error, with what is wrong. Without `out` what client
// programs print is not kept.
RunPlan plan_for(const RunOptions& options);

}  // namespace rdpfault::harness
