// Verdicts over repeats, for what is left to chance: a share of the runs must give what is expected, and how sure one
// is of that share decides. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/wilson.hpp"

namespace rdpfault::harness {

// `rate:` of a scenario or a fix.
struct RateExpectation {
    enum class Side : std::uint8_t { at_least, at_most };
    Side side = Side::at_least;
    double threshold = 0.5;    // 0 < threshold < 1
    double confidence = 0.95;  // of the answer, over all looks together
    bool operator==(const RateExpectation&) const = default;
};

// `--repeat`: so many runs, or until the rate is decided.
struct Repeat {
    std::uint32_t runs = 1;  // all of them, or the bound
    bool until_decided = false;
    bool operator==(const Repeat&) const = default;
};
constexpr std::uint32_t default_bound = 200;
// "20", "auto", "auto:500"; 1 to 10000 runs. nullopt for anything else.
std::optional<Repeat> repeat_from_string(std::string_view text);

// The numbers of runs after which one may look, when runs go on until they decide: the bound, its half, and so on down
// to no less than eight (one look for a smaller bound). Ascending. They are fixed before the first run, so that what is
// seen does not choose when to look.
std::vector<std::uint32_t> looks(const Repeat& repeat);

// The confidence of each interval when there are so many looks: the doubt is split evenly (Bonferroni), so that the
// chance that any of the intervals misses the true share is within the doubt as a whole.
double confidence_of_each(double confidence, std::size_t looks);

enum class RateAnswer : std::uint8_t { open, holds, violated };

struct RateResult {
    RateExpectation expected;
    std::uint32_t runs = 0;
    std::uint32_t hits = 0;  // runs that gave what is expected
    std::uint32_t cut = 0;   // runs cut off by their time limit, which may be counted either way
    std::size_t looks = 1;   // that were planned; `used` is the confidence of one of them
    double used = 0.95;
    Interval interval;  // of the share, whichever way those that were cut off are counted
    RateAnswer answer = RateAnswer::open;
};
RateResult judge_rate(const RateExpectation& expected, std::uint32_t hits, std::uint32_t cut, std::uint32_t runs,
                      std::size_t looks);

std::string to_string(const RateExpectation& expected);  // "at least 90 %"
// "18 of 20 runs (90.0 %), 95 % interval 69.9 % to 97.2 %, wanted at least 90 %".
std::string to_string(const RateResult& rate);
std::string percent(double share);  // "97.2 %"

}  // namespace rdpfault::harness
