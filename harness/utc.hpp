// Moments as reports spell them.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace rdpfault::harness {

// ISO 8601, UTC, with microseconds: "2026-01-02T03:04:05.678901Z".
std::string utc_text(std::chrono::system_clock::time_point time);
// The same to the second: "2026-01-02T03:04:05Z".
std::string utc_seconds_text(std::chrono::system_clock::time_point time);
// Either, with up to nine digits of fractions; nullopt for anything else.
std::optional<std::chrono::system_clock::time_point> utc_from_string(const std::string& text);

}  // namespace rdpfault::harness
