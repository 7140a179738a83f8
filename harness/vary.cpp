#include "harness/vary.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "harness/units.hpp"

namespace rdpfault::harness {

namespace {

struct Quantity {
    ValueForm form{};
    double value = 0;
};

std::optional<double> decimal(std::string_view text) {
    double value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
    if (text.empty() || error != std::errc{} || stop != end || !std::isfinite(value) || value < 0) return std::nullopt;
    return value;
}

std::optional<double> byte_count(std::string_view text) {
    double factor = 1;
    if (!text.ends_with('B')) return std::nullopt;
    text.remove_suffix(1);
    if (text.ends_with('k')) factor = 1e3;
    if (text.ends_with('M')) factor = 1e6;
    if (factor > 1) text.remove_suffix(1);
    const auto count = decimal(text);
    if (!count) return std::nullopt;
    return std::round(*count * factor);
}

std::optional<Quantity> quantity(std::string_view text) {
    if (const auto number = number_from_string(text)) return Quantity{ValueForm::number, static_cast<double>(*number)};
    if (const auto value = decimal(text)) return Quantity{ValueForm::decimal, *value};
    if (const auto time = duration_from_string(text))
        return Quantity{ValueForm::duration, static_cast<double>(time->count())};
    if (const auto rate = rate_from_string(text)) return Quantity{ValueForm::rate, static_cast<double>(*rate)};
    if (const auto bytes = byte_count(text)) return Quantity{ValueForm::bytes, *bytes};
    if (text.ends_with('%'))
        if (const auto share = decimal(text.substr(0, text.size() - 1)))
            return Quantity{ValueForm::percent, *share / 100};
    return std::nullopt;
}

constexpr std::string_view forms =
    "a number, a percentage, a time, a rate or a number of bytes (3, 0.5, 5%, 50ms, "
    "64kbit/s, 64kB)";

bool is_whole(ValueForm form) {
    return form != ValueForm::decimal && form != ValueForm::percent;
}

bool one_kind(ValueForm a, ValueForm b) {
    return a == b || (a <= ValueForm::decimal && b <= ValueForm::decimal);
}

std::string without_zeros(double value) {
    char text[64];
    std::snprintf(text, sizeof text, "%.10f", value);
    std::string out(text);
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.') out.pop_back();
    return out;
}

std::string found(std::string_view text) {
    return ", found '" + std::string(text.substr(0, 40)) + "'";
}

}  // namespace

std::variant<Vary, std::string> vary_from_string(std::string_view text, std::string_view precision) {
    const auto equals = text.find('='), dots = text.find("..", equals == text.npos ? 0 : equals);
    if (equals == text.npos || equals == 0 || dots == text.npos)
        return "expected PATH=LOW..HIGH, such as network.loss=0%..40%" + found(text);
    const auto low_text = text.substr(equals + 1, dots - equals - 1), high_text = text.substr(dots + 2);
    const auto low = quantity(low_text), high = quantity(high_text);
    if (!low || !high) return "expected " + std::string(forms) + found(low ? high_text : low_text);
    // "0..0.5" are decimals both.
    Vary vary{std::string(text.substr(0, equals)), std::max(low->form, high->form), low->value, high->value, 0};
    if (!one_kind(low->form, high->form))
        return "the two ends are not of one kind: '" + std::string(low_text) + "' and '" + std::string(high_text) + "'";
    if (vary.low >= vary.high) return "the first end must be the lower one" + found(text.substr(equals + 1));
    vary.precision = (vary.high - vary.low) / 64;
    if (vary.form == ValueForm::number || vary.form == ValueForm::bytes) vary.precision = 1;
    if (!precision.empty()) {
        const auto given = quantity(precision);
        // The precision of a fraction may be written either way.
        const bool fractions = given && !is_whole(vary.form) && given->form <= ValueForm::percent;
        if (!given || given->value <= 0 || (!fractions && !one_kind(vary.form, given->form)))
            return "expected a precision of the same kind as the ends" + found(precision);
        vary.precision = given->value;
    }
    if (is_whole(vary.form)) vary.precision = std::max(vary.precision, 1.0);
    return vary;
}

double middle(const Vary& vary, double low, double high) {
    const double centre = (low + high) / 2;
    auto grid = std::pow(10, std::floor(std::log10(vary.precision / 2)));
    if (is_whole(vary.form)) grid = std::max(grid, 1.0);
    const double round = std::round(centre / grid) * grid;
    return round > low && round < high ? round : centre;
}

std::string scenario_text(const Vary& vary, double value) {
    const auto count = std::llround(value);
    switch (vary.form) {
        case ValueForm::number:
        case ValueForm::bytes: return std::to_string(count);
        case ValueForm::rate: return std::to_string(count) + "B/s";
        case ValueForm::decimal:
        case ValueForm::percent: return without_zeros(value);
        case ValueForm::duration: break;
    }
    if (count % 1'000'000 == 0) return std::to_string(count / 1'000'000) + "s";
    if (count % 1'000 == 0) return std::to_string(count / 1'000) + "ms";
    return std::to_string(count) + "us";
}

std::string shown(const Vary& vary, double value) {
    if (vary.form == ValueForm::percent) return without_zeros(value * 100) + "%";
    if (vary.form == ValueForm::bytes) return std::to_string(std::llround(value)) + "B";
    if (vary.form == ValueForm::rate) return without_zeros(value * 8 / 1000) + "kbit/s";
    return scenario_text(vary, value);
}

}  // namespace rdpfault::harness
