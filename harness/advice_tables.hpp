// The two halves of the advice; only advice.cpp reads them.
#pragma once

#include <vector>

#include "harness/advice.hpp"

namespace rdpfault::harness {

constexpr std::string_view tip_pages = "tip pages and forum answers that copy one another";

std::vector<Advice> path_advice();
std::vector<Advice> machine_advice();

}  // namespace rdpfault::harness
