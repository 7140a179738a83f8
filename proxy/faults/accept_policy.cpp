#include "proxy/faults/accept_policy.hpp"

namespace rdpfault::proxy {

AcceptPolicy::Standing AcceptPolicy::before(std::uint32_t next) const {
    for (const auto& fault : plan_->faults) {
        const auto& selector = fault.trigger.connection;
        if (selector.kind != ConnectionSelector::Kind::every && next < selector.ordinal) continue;
        if (std::holds_alternative<action::Refuse>(fault.action)) return {Port::closed, &fault};
        if (std::holds_alternative<action::HoldAccept>(fault.action)) return {Port::held, &fault};
    }
    return {};
}

AcceptPolicy::Decision AcceptPolicy::accepted(std::uint32_t ordinal, std::size_t open) const {
    for (const auto& fault : plan_->faults) {
        if (!fault.trigger.connection.matches(ordinal)) continue;
        if (const auto* end = std::get_if<action::AcceptThenClose>(&fault.action))
            return {end->reset ? Verdict::reset : Verdict::close, &fault};
        if (const auto* limit = std::get_if<action::MaxConnections>(&fault.action); limit && open >= limit->count)
            return {limit->reset ? Verdict::reset : Verdict::close, &fault};
    }
    return {};
}

}  // namespace rdpfault::proxy
