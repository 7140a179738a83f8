#include "harness/rate.hpp"

#include <algorithm>
#include <cstdio>

#include "harness/units.hpp"

namespace rdpfault::harness {

namespace {

constexpr std::uint32_t most_runs = 10'000;
// With fewer runs than this no threshold worth stating is decided.
constexpr std::uint32_t first_look = 8;

std::string number(double value, int digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

// As many digits as it has: 95, 99.9.
std::string plain_percent(double share) {
    auto text = number(100 * share, 4);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text + " %";
}

}  // namespace

std::optional<Repeat> repeat_from_string(std::string_view text) {
    Repeat repeat;
    if (text == "auto") return Repeat{default_bound, true};
    repeat.until_decided = text.starts_with("auto:");
    if (repeat.until_decided) text.remove_prefix(5);
    const auto runs = number_from_string(text);
    if (!runs || *runs < 1 || *runs > most_runs) return std::nullopt;
    repeat.runs = static_cast<std::uint32_t>(*runs);
    return repeat;
}

std::vector<std::uint32_t> looks(const Repeat& repeat) {
    std::vector<std::uint32_t> sizes{repeat.runs};
    while (repeat.until_decided && sizes.back() / 2 >= first_look)
        sizes.push_back(sizes.back() / 2);
    std::reverse(sizes.begin(), sizes.end());
    return sizes;
}

double confidence_of_each(double confidence, std::size_t looks) {
    return 1 - (1 - confidence) / static_cast<double>(std::max<std::size_t>(looks, 1));
}

RateResult judge_rate(const RateExpectation& expected, std::uint32_t hits, std::uint32_t cut, std::uint32_t runs,
                      std::size_t looks) {
    RateResult rate{expected, runs, hits, cut, looks, confidence_of_each(expected.confidence, looks), {}, {}};
    rate.interval = {wilson(hits, runs, rate.used).low, wilson(hits + cut, runs, rate.used).high};
    const bool at_least = expected.side == RateExpectation::Side::at_least;
    if (rate.interval.low > expected.threshold)
        rate.answer = at_least ? RateAnswer::holds : RateAnswer::violated;
    else if (rate.interval.high < expected.threshold)
        rate.answer = at_least ? RateAnswer::violated : RateAnswer::holds;
    return rate;
}

std::string to_string(const RateExpectation& expected) {
    const bool at_least = expected.side == RateExpectation::Side::at_least;
    return (at_least ? "at least " : "at most ") + plain_percent(expected.threshold);
}

std::string percent(double share) {
    return number(100 * share, 1) + " %";
}

std::string to_string(const RateResult& rate) {
    auto text = std::to_string(rate.hits) + " of " + std::to_string(rate.runs) + " runs";
    if (rate.runs > 0) text += " (" + percent(static_cast<double>(rate.hits) / rate.runs) + ")";
    if (rate.cut > 0) text += ", " + std::to_string(rate.cut) + " cut off";
    return text + ", " + plain_percent(rate.used) + " interval " + percent(rate.interval.low) + " to " +
           percent(rate.interval.high) + ", wanted " + to_string(rate.expected);
}

}  // namespace rdpfault::harness
