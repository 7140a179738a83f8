#include "proxy/link/chain.hpp"

#include <algorithm>

#include "proxy/link/corrupt.hpp"
#include "proxy/link/delay.hpp"
#include "proxy/link/duplicate.hpp"
#include "proxy/link/firewall.hpp"
#include "proxy/link/kind_loss.hpp"
#include "proxy/link/loss.hpp"
#include "proxy/link/mss_clamp.hpp"
#include "proxy/link/mtu.hpp"
#include "proxy/link/rate.hpp"
#include "proxy/link/reorder.hpp"
#include "proxy/link/silence.hpp"
#include "proxy/link/trace_playback.hpp"

namespace rdpfault::link {

// Where effect number `next - 1` puts its packets.
struct Chain::Step final : Outlet {
    Step(Chain& the_chain, std::size_t the_next) : chain(the_chain), next(the_next) {}

    void pass(PacketPtr packet, Time at) override {
        if (next < chain.effects_.size()) return chain.effects_[next]->take(std::move(packet), at, chain.steps_[next]);
        ++chain.left_;
        chain.out_(std::move(packet), at);
    }
    void answer(PacketPtr packet, Time at) override { chain.answer_(std::move(packet), at); }

    Chain& chain;
    std::size_t next;
};

Chain::Chain(const Chance& chance, std::shared_ptr<FlowTable> flows, Out out, Out answer)
    : out_(std::move(out)), answer_(std::move(answer)) {
    const auto add = [this](auto effect) { effects_.push_back(std::move(effect)); };
    add(std::make_unique<FirewallEffect>());
    add(std::make_unique<IdleLimitEffect>(chance.direction, std::move(flows)));
    add(std::make_unique<MssClampEffect>());
    add(std::make_unique<MtuEffect>());
    add(std::make_unique<RateEffect>());
    add(std::make_unique<TraceEffect>());
    add(std::make_unique<SilenceEffect>());
    add(std::make_unique<KindLossEffect>(chance.direction));
    add(std::make_unique<LossEffect>(chance));
    add(std::make_unique<CorruptEffect>(chance));
    add(std::make_unique<DuplicateEffect>(chance));
    add(std::make_unique<DelayEffect>(chance));
    add(std::make_unique<ReorderEffect>(chance));
    steps_.reserve(effects_.size());
    for (std::size_t i = 0; i < effects_.size(); ++i)
        steps_.emplace_back(*this, i + 1);
}

Chain::~Chain() = default;

void Chain::configure(const DirectionSpec& spec, Time now) {
    advance(now);
    for (auto& effect : effects_)
        effect->configure(spec, now);
}

void Chain::enter(PacketPtr packet, Time now, bool own) {
    advance(now);
    if (!own) {
        ++entered_;
        packet->ordinal = entered_.get();
    }
    packet->entered = now_;
    effects_.front()->take(std::move(packet), now_, steps_.front());
    advance(now_);  // what a burst lets through at once
}

std::optional<Time> Chain::due() const {
    std::optional<Time> first;
    for (const auto& effect : effects_)
        if (const auto time = effect->due(); time && (!first || *time < *first)) first = time;
    return first;
}

void Chain::advance(Time now) {
    now = std::max(now, now_);
    for (auto time = due(); time && *time <= now; time = due()) {
        now_ = std::max(now_, *time);
        for (std::size_t i = effects_.size(); i-- > 0;)
            if (const auto mine = effects_[i]->due(); mine && *mine <= now_) effects_[i]->advance(now_, steps_[i]);
    }
    now_ = now;
}

}  // namespace rdpfault::link
