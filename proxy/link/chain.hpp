// All effects of one direction, in the order in which a packet meets them:
//
//   syn, idle, mss_clamp, mtu     boxes near the sender
//   rate, trace                   the bottleneck and its queue
//   silence, lose, loss, corrupt, duplicate    the medium: what is lost there has used its share of the line
//   delay, reorder                the way
//
// Events happen in the order of their times, whenever advance() is called: a late call makes packets late, and does not
// change what becomes of them.
#pragma once

#include <functional>
#include <memory>

#include "proxy/link/effect.hpp"
#include "proxy/link/idle_limit.hpp"

namespace rdpfault::link {

class Chain {
  public:
    using Out = std::function<void(PacketPtr, Time)>;

    // `out` gets what has crossed the link, `answer` what goes back to the sender. `flows` is shared by both
    // directions.
    Chain(const Chance& chance, std::shared_ptr<FlowTable> flows, Out out, Out answer);
    ~Chain();

    void configure(const DirectionSpec& spec, Time now);
    // Gives the packet its ordinal, unless it is the link's own answer. Times never go back.
    void enter(PacketPtr packet, Time now, bool own = false);
    std::optional<Time> due() const;
    void advance(Time now);

    std::uint64_t entered() const { return entered_.get(); }
    std::uint64_t left() const { return left_.get(); }
    const std::vector<std::unique_ptr<Effect>>& effects() const { return effects_; }

  private:
    struct Step;
    std::vector<std::unique_ptr<Effect>> effects_;
    std::vector<Step> steps_;
    Out out_, answer_;
    Counter entered_, left_;
    Time now_{};
};

}  // namespace rdpfault::link
