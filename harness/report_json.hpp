// The result of a run as JSON; its form: harness/results.schema.json.
#pragma once

#include <string>

#include "harness/result.hpp"

namespace rdpfault::harness {

std::string results_json(const Report& report);

}  // namespace rdpfault::harness
