#include "proxy/link/delay.hpp"

#include <algorithm>

namespace rdpfault::link {

namespace {

constexpr double pareto_shape = 3;  // finite variance, and a tail that is felt
constexpr Duration longest = std::chrono::minutes(1);

}  // namespace

void DelayEffect::configure(const DirectionSpec& spec, Time /*now*/) {
    latency_ = spec.latency.value_or(Duration{0});
    jitter_ = spec.jitter.value_or(Jitter{});
}

Duration DelayEffect::drawn(std::uint64_t ordinal) const {
    const auto amount = static_cast<double>(jitter_.amount.count());
    auto draws = chance_.draws("delay", ordinal);
    double added = 0;
    switch (jitter_.spread) {
        case Spread::uniform: added = amount * (2 * draws.uniform() - 1); break;
        case Spread::normal: added = amount * draws.normal(); break;
        case Spread::pareto: added = amount * draws.pareto(pareto_shape) * (pareto_shape - 1); break;
    }
    const auto whole = static_cast<double>(latency_.count()) + added;
    return Duration(static_cast<std::int64_t>(std::clamp(whole, 0.0, static_cast<double>(longest.count()))));
}

void DelayEffect::take(PacketPtr packet, Time now, Outlet& outlet) {
    auto leaves = now + (jitter_.amount.count() > 0 ? drawn(packet->ordinal) : latency_);
    if (jitter_.keep_order && !held_.empty()) leaves = std::max(leaves, held_.rbegin()->first);
    if (leaves <= now && held_.empty()) return outlet.pass(std::move(packet), now);
    if (held_.size() >= capacity) {
        ++dropped_;
        return;
    }
    ++touched_;
    held_.emplace_hint(held_.end(), leaves, std::move(packet));
}

std::optional<Time> DelayEffect::due() const {
    return held_.empty() ? std::nullopt : std::optional(held_.begin()->first);
}

void DelayEffect::advance(Time now, Outlet& outlet) {
    while (!held_.empty() && held_.begin()->first <= now) {
        auto packet = std::move(held_.begin()->second);
        held_.erase(held_.begin());
        outlet.pass(std::move(packet), now);
    }
}

}  // namespace rdpfault::link
