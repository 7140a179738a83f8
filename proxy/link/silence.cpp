#include "proxy/link/silence.hpp"

#include <algorithm>

namespace rdpfault::link {

void SilenceEffect::configure(const DirectionSpec& spec, Time now) {
    silent_ = spec.silent.value_or(false);
    const auto wanted = spec.outages.value_or(std::vector<Outage>{});
    if (wanted == outages_ && since_ != Time{}) return;
    outages_ = wanted;
    since_ = now;
}

bool SilenceEffect::out(Time now) const {
    return std::any_of(outages_.begin(), outages_.end(), [&](const Outage& outage) {
        auto elapsed = now - since_ - outage.at;
        if (elapsed < Time::duration::zero()) return false;
        if (outage.every.count() > 0) elapsed %= outage.every;
        return elapsed < outage.length;
    });
}

void SilenceEffect::take(PacketPtr packet, Time now, Outlet& outlet) {
    if (silent_ || out(now))
        ++dropped_;
    else
        outlet.pass(std::move(packet), now);
}

}  // namespace rdpfault::link
