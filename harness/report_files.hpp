// The files a run leaves behind.
#pragma once

#include <string>
#include <vector>

#include "harness/result.hpp"

namespace rdpfault::harness {

// Writes results.json, junit.xml and decisions.jsonl into the folder, which is made when it is missing; each appears
// whole or not at all. Returns their paths. Throws std::runtime_error that names the path and why.
std::vector<std::string> write_report(const Report& report, const std::string& folder);

}  // namespace rdpfault::harness
