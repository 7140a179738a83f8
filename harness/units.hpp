// Quantities as scenarios spell them. Each returns nullopt for anything else, wrong or missing units included.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace rdpfault::harness {

// "500us", "50ms", "1.5s", "2s", "1m", "1h"; at most a day.
std::optional<std::chrono::microseconds> duration_from_string(std::string_view text);
inline constexpr std::string_view duration_form = "a duration with its unit, such as 50ms, 2s or 1m";

// Bytes a second from "64kbit/s", "1Mbit/s", "8kB/s", "500B/s"; at least one byte a second. Prefixes are decimal.
std::optional<std::uint64_t> rate_from_string(std::string_view text);
inline constexpr std::string_view rate_form = "a rate with its unit, such as 64kbit/s, 1Mbit/s or 8kB/s";

// "1024x768".
std::optional<std::pair<std::uint16_t, std::uint16_t>> size_from_string(std::string_view text);

// "12" or "0xc".
std::optional<std::uint64_t> number_from_string(std::string_view text);

// "0.25": 0 to 1.
std::optional<double> probability_from_string(std::string_view text);

}  // namespace rdpfault::harness
