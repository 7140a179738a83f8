// Who ended a connection, and how, as far as its packets prove it.
#include "harness/capture/flow.hpp"

namespace rdpfault::capture {

namespace {

// Resends of one stretch without any progress before it is called silence.
constexpr std::uint32_t enough_repeats = 3;
// SYNs without an answer before it is called unanswered: one alone may have been answered by a packet that is missing.
constexpr std::uint32_t enough_syns = 2;

}  // namespace

// Something behind the last data of this side was acknowledged, which may be a FIN that the capture has not got.
bool Flow::hides_fin(Side side) const {
    const auto& self = half(side);
    if (self.fin) return false;
    return self.acked > self.data_end || self.sent > self.data_end;
}

void Flow::judge(Account& account) const {
    if (!account.connected) return judge_unconnected(account);
    if (!end_) {
        for (const auto side : {Side::client, Side::server}) {
            if (half(side).repeats < enough_repeats) continue;
            account.how = TcpEnd::silence;
            account.silent = other(side);
            account.ended = account.last;
        }
        return;
    }
    const auto& self = half(end_->side);
    const auto& peer = half(other(end_->side));
    account.ended = end_->at;
    account.how = end_->reset ? TcpEnd::reset : TcpEnd::fin;
    account.who = end_->side == Side::client ? Ender::client : Ender::server;
    if (end_->reset && (end_->offset > self.data_end || hides_fin(end_->side))) account.how = TcpEnd::unknown;
    const bool holes = account.talk.lost[0] > 0 || account.talk.lost[1] > 0 || !account.beginning_seen;
    if (end_->has) {
        // It had a FIN of the other side, which the capture has later, or not at all.
        if (peer.fin && *end_->has > *peer.fin) {
            account.who = end_->side == Side::client ? Ender::server : Ender::client;
            account.how = TcpEnd::fin;
        } else if (*end_->has > peer.data_end) {
            account.who = Ender::unknown;
            account.how = TcpEnd::unknown;
        }
    } else if (holes || hides_fin(Side::client) || hides_fin(Side::server)) {
        account.who = Ender::unknown;
        account.how = TcpEnd::unknown;
    }
    judge_between(account);
}

void Flow::judge_unconnected(Account& account) const {
    if (refused_) {
        account.how = TcpEnd::refused;
        account.who = Ender::server;
        account.ended = end_->at;
    } else if (account.how == TcpEnd::none && account.syns >= enough_syns) {
        account.how = TcpEnd::unanswered;
        account.ended = account.last;
    }
}

void Flow::judge_between(Account& account) const {
    if (!end_->reset || account.who == Ender::unknown) return;
    const auto& self = half(end_->side);
    constexpr std::uint32_t enough = 2;
    const std::string side(to_string(end_->side));
    if (end_->hops && self.hops && !self.hops_vary && self.others >= enough && *end_->hops != *self.hops) {
        account.who = Ender::between;
        account.between = "the reset came with a TTL of " + std::to_string(*end_->hops) +
                          ", every other packet of the " + side + " with " + std::to_string(*self.hops);
    } else if (end_->answered) {
        account.who = Ender::between;
        account.between = "both sides were sent a reset, and whoever receives one sends none";
    }
}

}  // namespace rdpfault::capture
