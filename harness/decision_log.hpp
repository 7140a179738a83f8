// The decisions of a run as JSON lines: which fault fired where, and what chance decided. Nothing that depends on time,
// ports or addresses is in it, so the log of a replay is the same, byte for byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proxy/event.hpp"

namespace rdpfault::harness {

// One JSON object without a line end; nullopt for an event that is no decision.
std::optional<std::string> decision_line(const proxy::Event& event);

// The line that says which run the following decisions are of.
std::string decision_heading(const std::string& scenario, const std::string& arm, std::uint32_t repeat,
                             std::uint64_t seed);

// All decisions of these connections, by ordinal, a line each.
std::string decision_log(const std::vector<proxy::ConnectionLog>& connections);

}  // namespace rdpfault::harness
