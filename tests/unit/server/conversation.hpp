// The probe's connector against the acceptor, in memory, under one clock.
#pragma once

#include "client/connector.hpp"
#include "tests/unit/server/scripted_client.hpp"

namespace rdpfault::server::test {

using Wish = Acceptor::Wish;

class Conversation {
  public:
    Conversation(const Config& server, const client::ProbeConfig& probe)
        : config_(server),
          acceptor_(config_, engine_config(config_, credential()), nla_credential(config_)),
          connector_(probe, {}) {}

    // Carries bytes and time until both are done, or nothing would ever happen again.
    const client::ConnectionReport& run() {
        connector_.connected(at());
        for (int turns = 0; turns < 10'000 && !connector_.finished(); ++turns)
            if (!carry() && !advance()) break;
        carry();  // the probe's last words
        acceptor_.peer_closed(now_);
        return connector_.report();
    }
    const SessionReport& server() const { return acceptor_.report(); }

  private:
    client::Connector::Time at() const { return client::Connector::Time(now_); }

    bool carry() {
        const auto from_client = connector_.take_output();
        if (!from_client.empty()) acceptor_.receive(now_, from_client);
        acceptor_.take_events();
        const auto from_server = acceptor_.take_output();
        if (!from_server.empty()) connector_.received(from_server, at());
        if (!from_client.empty() || !from_server.empty()) return true;
        if (acceptor_.wish() == Wish::open || gone_) return false;
        gone_ = true;
        Ending reset;
        reset.kind = EndKind::reset;
        if (acceptor_.wish() == Wish::reset)
            connector_.failed(reset, at());
        else
            connector_.closed(at());
        return true;
    }

    bool advance() {
        std::optional<Time> next;
        if (!gone_) next = acceptor_.wake_at();
        if (const auto wake = connector_.wake_at()) {
            const auto then = std::chrono::ceil<Time>(wake->time_since_epoch());
            next = std::min(next.value_or(then), then);
        }
        if (!next) return false;
        now_ = std::max(now_, *next);
        acceptor_.wake(now_);
        connector_.woken(at());
        return true;
    }

    Config config_;
    Time now_{0};
    Acceptor acceptor_;
    client::Connector connector_;
    bool gone_ = false;
};

}  // namespace rdpfault::server::test
