#include "harness/utc.hpp"

#include <cstdio>
#include <ctime>

namespace rdpfault::harness {

std::string utc_text(std::chrono::system_clock::time_point time) {
    using std::chrono::floor, std::chrono::seconds, std::chrono::microseconds;
    const auto whole = floor<seconds>(time);
    const auto date = std::chrono::system_clock::to_time_t(whole);
    std::tm parts{};
    gmtime_r(&date, &parts);
    char text[40];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    char fraction[16];
    std::snprintf(fraction, sizeof fraction, ".%06dZ", static_cast<int>(floor<microseconds>(time - whole).count()));
    return std::string(text) + fraction;
}

}  // namespace rdpfault::harness
