// What a share of runs says of the share behind it: intervals for proportions. Pure arithmetic.
#pragma once

#include <cstdint>

namespace rdpfault::harness {

struct Interval {
    double low = 0;
    double high = 1;
    bool operator==(const Interval&) const = default;
};

// The standard normal's quantile: the z below which it lies with probability `p`, 0 < p < 1. Error below 1e-12
// (bisection of the error function, which the C library has to the last digit).
double normal_quantile(double p);

// Two-sided Wilson score interval for `hits` out of `runs` (Wilson 1927, without continuity correction). Unlike the
// textbook interval it stays within 0 and 1, and says something when all runs agree. No runs: all of 0 to 1.
// `confidence`: such as 0.95, 0 < confidence < 1.
Interval wilson(std::uint32_t hits, std::uint32_t runs, double confidence);

// For the second share less the first, from two independent samples: Newcombe's hybrid of the two Wilson intervals
// (Newcombe 1998, method 10). Within -1 and 1; a difference is shown when 0 lies outside.
Interval difference(std::uint32_t hits1, std::uint32_t runs1, std::uint32_t hits2, std::uint32_t runs2,
                    double confidence);

}  // namespace rdpfault::harness
