// A value that is varied: "network.loss=0%..40%", and the steps in between. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace rdpfault::harness {

// How the two ends are spelled, which is how the values between them are.
enum class ValueForm : std::uint8_t {
    number,    // "3", "0x10": whole
    decimal,   // "0.25"
    percent,   // "25%": stands for 0.25
    duration,  // "50ms"
    rate,      // "64kbit/s"
    bytes,     // "64kB", "1500B", "1MB": a whole number of bytes; prefixes are decimal
};

struct Vary {
    std::string path;  // yaml_path.hpp
    ValueForm form = ValueForm::number;
    double low = 0, high = 1;  // low < high; counts, fractions, microseconds, bytes a second
    double precision = 1;      // an interval no wider than this is narrow enough; > 0
};

// `precision` empty: one step of whole numbers and of bytes, else a sixty-fourth of the range. An error says what was
// expected and what was found.
std::variant<Vary, std::string> vary_from_string(std::string_view text, std::string_view precision);

// The value between two others that is tried next: the middle, on a grid of round numbers finer than the precision.
double middle(const Vary& vary, double low, double high);

// As a scenario has it ("0.125", "250ms", "8000B/s"), and as the range was written ("12.5%").
std::string scenario_text(const Vary& vary, double value);
std::string shown(const Vary& vary, double value);

}  // namespace rdpfault::harness
