#include "proxy/faults/fault.hpp"

#include <array>

namespace rdpfault::proxy {

namespace {

// In the order of the alternatives of Action.
constexpr std::array actions{
    ActionInfo{"reset", "end a leg with RST (client | server | both); the other leg is closed in order", "wire"},
    ActionInfo{"close", "end a leg with FIN (client | server | both); the other leg is closed in order", "wire"},
    ActionInfo{"half_close", "FIN towards a side; the other direction goes on", "wire"},
    ActionInfo{"stall", "pass nothing on, for a time or for ever; the kernel still acknowledges", "wire"},
    ActionInfo{"delay", "pass every byte on later, with jitter when asked; order is kept", "modelled"},
    ActionInfo{"throttle", "pass on no more than so many bits a second", "modelled"},
    ActionInfo{"loss_stall", "the stream waits as if its packets were lost and sent again; no byte is deleted",
               "modelled"},
    ActionInfo{"truncate", "pass on the first bytes of the unit, then close, reset or stall", "wire"},
    ActionInfo{"corrupt", "flip bits of the unit, drawn from the seed", "wire"},
    ActionInfo{"drop_bytes", "delete bytes of the unit (not packet loss: TCP would repair that)", "wire"},
    ActionInfo{"inject", "send bytes of our own: a negotiation failure, a TLS alert, a PDU of the session, hex",
               "wire"},
    ActionInfo{"mutate", "change named fields of the unit", "wire"},
    ActionInfo{"postpone", "hold the unit, and pass it on behind the next units of its direction", "wire"},
    ActionInfo{"split", "send the unit in pieces: TLS records of their own", "wire"},
    ActionInfo{"refuse", "the port is closed: RST in answer to the SYN", "wire"},
    ActionInfo{"accept_then_close", "accept the TCP connection and end it at once (close | reset)", "wire"},
    ActionInfo{"hold_accept", "the kernel completes the TCP handshake and nobody ever accepts", "wire"},
    ActionInfo{"max_connections", "end connections at accept when more than so many are open", "wire"},
};
static_assert(actions.size() == std::variant_size_v<Action>);

template <class... Ts>
constexpr bool holds_one_of(const Action& action) {
    return (std::holds_alternative<Ts>(action) || ...);
}

}  // namespace

std::span<const ActionInfo> action_table() {
    return actions;
}

std::string_view name(const Action& action) {
    return actions.at(action.index()).name;
}

bool needs_unit(const Action& action) {
    return holds_one_of<action::Truncate, action::Corrupt, action::DropBytes, action::Mutate, action::Postpone,
                        action::Split>(action);
}

bool acts_at_accept(const Action& action) {
    return holds_one_of<action::Refuse, action::AcceptThenClose, action::HoldAccept, action::MaxConnections>(action);
}

}  // namespace rdpfault::proxy
