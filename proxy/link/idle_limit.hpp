// An address translator, or a firewall with state, that forgets a TCP connection in which nothing happened for a while.
#pragma once

#include <map>
#include <memory>

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

// When each flow was last heard of; shared by the two directions.
class FlowTable {
  public:
    // Beyond this the flow that was silent for the longest is forgotten: real tables have an end too.
    static constexpr std::size_t capacity = 8192;

    enum class State : std::uint8_t { unknown, alive, forgotten };
    // `limit`: of silence. What is alive, or newly opened by a SYN, counts as heard of now.
    State heard(const FlowKey& flow, bool opens, Duration limit, Time now);

  private:
    std::map<FlowKey, Time> last_;
};

class IdleLimitEffect final : public Effect {
  public:
    IdleLimitEffect(Direction direction, std::shared_ptr<FlowTable> flows)
        : direction_(direction), flows_(std::move(flows)) {}

    std::string_view name() const override { return "idle"; }
    void configure(const DirectionSpec& spec, Time /*now*/) override { limit_ = spec.idle.value_or(IdleLimit{}); }
    void take(PacketPtr packet, Time now, Outlet& outlet) override;

  private:
    Direction direction_;
    std::shared_ptr<FlowTable> flows_;
    IdleLimit limit_;
};

}  // namespace rdpfault::link
