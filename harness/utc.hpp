// Moments as reports spell them.
#pragma once

#include <chrono>
#include <string>

namespace rdpfault::harness {

// ISO 8601, UTC, with microseconds: "2026-01-02T03:04:05.678901Z".
std::string utc_text(std::chrono::system_clock::time_point time);

}  // namespace rdpfault::harness
