#include "proxy/link/loss.hpp"

#include <algorithm>

namespace rdpfault::link {

void LossEffect::configure(const DirectionSpec& spec, Time /*now*/) {
    const Loss wanted = spec.loss.value_or(NoLoss{});
    if (wanted == model_) return;  // a change of something else does not end a burst
    model_ = wanted;
    bad_ = false;
    state_ = 1;
}

void LossEffect::take(PacketPtr packet, Time now, Outlet& outlet) {
    // What the link itself says is not part of the sequence that the draws are for.
    const bool ours = packet->ordinal == 0;
    if (!ours && std::visit([&](const auto& model) { return lost(model, packet->ordinal); }, model_)) {
        ++dropped_;
        return;
    }
    outlet.pass(std::move(packet), now);
}

bool LossEffect::lost(const Bernoulli& model, std::uint64_t ordinal) {
    return chance_.draws("loss", ordinal).uniform() < model.probability;
}

bool LossEffect::lost(const GilbertElliott& model, std::uint64_t ordinal) {
    auto draws = chance_.draws("loss", ordinal);
    const bool is_lost = draws.uniform() < (bad_ ? model.bad_loss : model.good_loss);
    if (draws.uniform() < (bad_ ? model.r : model.p)) bad_ = !bad_;
    return is_lost;
}

bool LossEffect::lost(const FourState& model, std::uint64_t ordinal) {
    const double draw = chance_.draws("loss", ordinal).uniform();
    switch (state_) {
        case 1: state_ = draw < model.p14 ? 4 : draw < model.p14 + model.p13 ? 3 : 1; break;
        case 2: state_ = draw < model.p23 ? 3 : 2; break;
        case 3: state_ = draw < model.p32 ? 2 : draw < model.p32 + model.p31 ? 1 : 3; break;
        default: state_ = 1; break;
    }
    return state_ == 3 || state_ == 4;
}

bool LossEffect::lost(const Pattern& model, std::uint64_t ordinal) {
    return std::any_of(model.ranges.begin(), model.ranges.end(),
                       [&](const auto& range) { return ordinal >= range.first && ordinal <= range.second; });
}

}  // namespace rdpfault::link
