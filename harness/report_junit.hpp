// The result of a run as JUnit XML, for CI: a suite for each scenario, a case for each arm.
#pragma once

#include <string>

#include "harness/result.hpp"

namespace rdpfault::harness {

std::string junit_xml(const Report& report);

}  // namespace rdpfault::harness
