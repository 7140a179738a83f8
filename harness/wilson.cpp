#include "harness/wilson.hpp"

#include <algorithm>
#include <cmath>

namespace rdpfault::harness {

double normal_quantile(double p) {
    const auto below = [](double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; };
    double low = -40, high = 40;
    for (int i = 0; i < 100; ++i) {
        const double middle = (low + high) / 2;
        (below(middle) < p ? low : high) = middle;
    }
    return (low + high) / 2;
}

Interval wilson(std::uint32_t hits, std::uint32_t runs, double confidence) {
    if (runs == 0) return {};
    // The upper tail is small, and 1 less a small number is not exact: hence the sign.
    const double z = -normal_quantile((1 - confidence) / 2);
    const double n = runs, share = hits / n, z2 = z * z;
    const double centre = share + z2 / (2 * n);
    const double reach = z * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
    const double scale = 1 + z2 / n;
    // At the ends the formula gives 0 and 1 but for rounding.
    return {hits == 0 ? 0 : std::max(0.0, (centre - reach) / scale),
            hits == runs ? 1 : std::min(1.0, (centre + reach) / scale)};
}

Interval difference(std::uint32_t hits1, std::uint32_t runs1, std::uint32_t hits2, std::uint32_t runs2,
                    double confidence) {
    if (runs1 == 0 || runs2 == 0) return {-1, 1};
    const double first = static_cast<double>(hits1) / runs1, second = static_cast<double>(hits2) / runs2;
    const auto one = wilson(hits1, runs1, confidence), two = wilson(hits2, runs2, confidence);
    const double down = std::hypot(second - two.low, one.high - first);
    const double up = std::hypot(two.high - second, first - one.low);
    return {std::max(-1.0, second - first - down), std::min(1.0, second - first + up)};
}

}  // namespace rdpfault::harness
