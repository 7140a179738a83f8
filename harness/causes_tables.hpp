// The two halves of the cause catalogue; only causes.cpp reads them.
#pragma once

#include <vector>

#include "harness/causes.hpp"

namespace rdpfault::harness {

std::vector<Cause> server_causes();  // something on the server is wrong
std::vector<Cause> path_causes();    // something between, on the client, or nothing at all

}  // namespace rdpfault::harness
