#include "proxy/link/firewall.hpp"

#include "proxy/link/answers.hpp"

namespace rdpfault::link {

namespace {

PacketPtr answer_to(const Packet& syn, SynAnswer answer) {
    switch (answer) {
        case SynAnswer::pass:
        case SynAnswer::drop: break;
        case SynAnswer::reset: return make_reset(syn);
        case SynAnswer::port_unreachable: return make_unreachable(syn, Unreachable::port);
        case SynAnswer::host_unreachable: return make_unreachable(syn, Unreachable::host);
        case SynAnswer::prohibited: return make_unreachable(syn, Unreachable::prohibited);
    }
    return nullptr;
}

}  // namespace

void FirewallEffect::take(PacketPtr packet, Time now, Outlet& outlet) {
    if (answer_ == SynAnswer::pass || packet->headers.kind != Kind::syn) return outlet.pass(std::move(packet), now);
    ++dropped_;
    if (auto answer = answer_to(*packet, answer_)) outlet.answer(std::move(answer), now);
}

}  // namespace rdpfault::link
