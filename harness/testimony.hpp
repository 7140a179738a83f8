// What the embedded server says of itself, put against what it was told to do.
#pragma once

#include <vector>

#include "harness/verdict.hpp"
#include "server/config.hpp"
#include "server/listener.hpp"

namespace rdpfault::harness {

ServerTestimony testimony(const server::Config& config, const std::vector<server::ConnectionReport>& reports);

}  // namespace rdpfault::harness
