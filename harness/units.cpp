#include "harness/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <span>

namespace rdpfault::harness {

namespace {

struct Unit {
    std::string_view name;
    double factor;
};

// A decimal number without sign or exponent; `text` is left with what follows it.
std::optional<double> take_decimal(std::string_view& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || text.front() < '0' || text.front() > '9' || !std::isfinite(value)) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

// Rounded to the nearest whole number of base units.
std::optional<std::uint64_t> quantity(std::string_view text, std::span<const Unit> units, double most) {
    const auto value = take_decimal(text);
    if (!value) return std::nullopt;
    for (const auto& unit : units) {
        if (unit.name != text) continue;
        const double scaled = std::round(*value * unit.factor);
        if (scaled > most) return std::nullopt;
        return static_cast<std::uint64_t>(scaled);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::chrono::microseconds> duration_from_string(std::string_view text) {
    static constexpr std::array units{Unit{"us", 1}, Unit{"ms", 1e3}, Unit{"s", 1e6}, Unit{"m", 60e6},
                                      Unit{"h", 3600e6}};
    const auto count = quantity(text, units, 24 * 3600e6);
    if (!count) return std::nullopt;
    return std::chrono::microseconds(*count);
}

std::optional<std::uint64_t> rate_from_string(std::string_view text) {
    static constexpr std::array units{Unit{"bit/s", 1.0 / 8},  Unit{"kbit/s", 1e3 / 8}, Unit{"Mbit/s", 1e6 / 8},
                                      Unit{"Gbit/s", 1e9 / 8}, Unit{"B/s", 1},          Unit{"kB/s", 1e3},
                                      Unit{"MB/s", 1e6}};
    const auto rate = quantity(text, units, 1e12);
    if (!rate || *rate == 0) return std::nullopt;
    return rate;
}

std::optional<std::uint64_t> number_from_string(std::string_view text) {
    int base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        text.remove_prefix(2);
        base = 16;
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::pair<std::uint16_t, std::uint16_t>> size_from_string(std::string_view text) {
    const auto cross = text.find('x');
    if (cross == text.npos || text.find('x', cross + 1) != text.npos) return std::nullopt;
    const auto width = number_from_string(text.substr(0, cross));
    const auto height = number_from_string(text.substr(cross + 1));
    // What a desktop may measure: MS-RDPBCGR 2.2.1.3.2.
    if (!width || !height || *width < 200 || *width > 8192 || *height < 200 || *height > 8192) return std::nullopt;
    return std::pair{static_cast<std::uint16_t>(*width), static_cast<std::uint16_t>(*height)};
}

std::optional<double> probability_from_string(std::string_view text) {
    const auto value = take_decimal(text);
    if (!value || !text.empty() || *value > 1) return std::nullopt;
    return value;
}

}  // namespace rdpfault::harness
