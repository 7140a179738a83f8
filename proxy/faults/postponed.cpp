#include "proxy/faults/postponed.hpp"

#include <algorithm>

namespace rdpfault::proxy {

void Postponed::saw_unit(std::uint64_t end) {
    if (ends_.empty() || ends_.back() < end) ends_.push_back(end);
}

void Postponed::hold(Bytes unit, std::uint64_t end, std::uint32_t count) {
    units_.push_back({end, std::max<std::uint32_t>(count, 1), std::move(unit)});
}

std::optional<std::uint64_t> Postponed::place_of(const Unit& unit) const {
    const auto behind = std::upper_bound(ends_.begin(), ends_.end(), unit.end);
    if (static_cast<std::size_t>(ends_.end() - behind) < unit.count) return std::nullopt;
    return behind[static_cast<std::ptrdiff_t>(unit.count) - 1];
}

std::optional<std::uint64_t> Postponed::next() const {
    std::optional<std::uint64_t> lowest;
    for (const auto& unit : units_)
        if (const auto place = place_of(unit)) lowest = std::min(lowest.value_or(*place), *place);
    return lowest;
}

Bytes Postponed::take(std::uint64_t offset) {
    Bytes out;
    std::erase_if(units_, [&](const Unit& unit) {
        if (place_of(unit) != offset) return false;
        append(out, unit.bytes);
        return true;
    });
    return out;
}

Bytes Postponed::rest() {
    Bytes out;
    for (const auto& unit : units_)
        append(out, unit.bytes);
    units_.clear();
    return out;
}

void Postponed::passed(std::uint64_t offset) {
    auto needed = offset;
    for (const auto& unit : units_)
        needed = std::min(needed, unit.end);
    while (!ends_.empty() && ends_.front() <= needed)
        ends_.pop_front();
}

}  // namespace rdpfault::proxy
