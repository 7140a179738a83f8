#include "proxy/session/segment_loss.hpp"

#include <algorithm>

namespace rdpfault::proxy {

SegmentLoss::SegmentLoss(const action::LossStall& stall, const DrawKey& key)
    : stall_(stall), key_(key), scenario_(key.scenario), fault_(key.fault) {}

double SegmentLoss::average_loss() const {
    if (stall_.to_bad <= 0) return stall_.loss;
    const double bad = stall_.to_bad / (stall_.to_bad + stall_.to_good);
    return bad * stall_.bad_loss + (1 - bad) * stall_.loss;
}

// The state before the transition decides, as on the link. A retransmission comes so much later that the state of then
// is anybody's: it meets the average.
std::uint32_t SegmentLoss::lost_copies(std::uint64_t segment) {
    if (next_ > 0 && segment < next_) return last_;
    next_ = segment + 1;
    auto key = key_;
    key.scenario = scenario_;
    key.fault = fault_;
    key.unit = segment;
    Draws draws(key);
    const double first = draws.uniform();
    const double transition = draws.uniform();
    last_ = first < (bad_ ? stall_.bad_loss : stall_.loss) ? 1 : 0;
    if (transition < (bad_ ? stall_.to_good : stall_.to_bad)) bad_ = !bad_;
    while (last_ > 0 && last_ < most_copies && draws.uniform() < average_loss())
        ++last_;
    return last_;
}

Duration SegmentLoss::by_timeout(std::uint32_t lost_copies) const {
    constexpr Duration longest = std::chrono::seconds(120);  // TCP_RTO_MAX
    Duration sum{0};
    auto one = timeout();
    for (std::uint32_t i = 0; i < lost_copies; ++i, one = std::min(longest, 2 * one))
        sum += one;
    return sum;
}

Duration SegmentLoss::by_fast_retransmit(std::uint32_t lost_copies) const {
    return stall_.round_trip + by_timeout(lost_copies - 1);
}

}  // namespace rdpfault::proxy
