#include "harness/utc.hpp"

#include <cstdio>
#include <ctime>
#include <iomanip>
#include <sstream>

namespace rdpfault::harness {

std::string utc_seconds_text(std::chrono::system_clock::time_point time) {
    const auto date = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
    std::tm parts{};
    gmtime_r(&date, &parts);
    char text[40];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

std::string utc_text(std::chrono::system_clock::time_point time) {
    using std::chrono::floor, std::chrono::seconds, std::chrono::microseconds;
    char fraction[16];
    std::snprintf(fraction, sizeof fraction, ".%06dZ",
                  static_cast<int>(floor<microseconds>(time - floor<seconds>(time)).count()));
    auto text = utc_seconds_text(time);
    text.pop_back();
    return text + fraction;
}

std::optional<std::chrono::system_clock::time_point> utc_from_string(const std::string& text) {
    std::tm parts{};
    std::istringstream in(text);
    std::string rest;
    if (!(in >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%S")) || !std::getline(in, rest)) return std::nullopt;
    std::int64_t fraction = 0;
    if (rest.starts_with('.')) {
        const auto digits = rest.find_first_not_of("0123456789", 1);
        if (digits == std::string::npos || digits < 2 || digits > 10) return std::nullopt;
        fraction = std::stoll((rest.substr(1, digits - 1) + "000000000").substr(0, 9));
        rest = rest.substr(digits);
    }
    if (rest != "Z") return std::nullopt;
    const auto whole = std::chrono::system_clock::from_time_t(timegm(&parts));
    return whole + std::chrono::duration_cast<std::chrono::system_clock::duration>(std::chrono::nanoseconds(fraction));
}

}  // namespace rdpfault::harness
