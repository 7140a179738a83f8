// Probe, intercepting proxy and embedded server as state machines in one test: a whole run in memory, under a clock
// that stands still but for timers.
#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <random>

#include "client/connector.hpp"
#include "harness/decision_log.hpp"
#include "protocol/tls/mint.hpp"
#include "proxy/tls/interceptor.hpp"
#include "server/acceptor.hpp"

namespace rdpfault::proxy {

inline std::shared_ptr<const tls::Credential> server_credential() {
    static const auto minted = [] {
        tls::CertificateSpec spec;
        spec.not_after = 4'000'000'000;
        return std::make_shared<const tls::Credential>(tls::mint(spec));
    }();
    return minted;
}

inline InterceptSettings settings_for(InterceptConfig config = {}) {
    static const auto mint = std::make_shared<CertificateMint>(nullptr, 1'700'000'000);
    InterceptSettings settings;
    settings.config = std::move(config);
    settings.mint = mint;
    return settings;
}

inline FaultPlan plan_of(std::vector<Fault> faults = {}) {
    return {"trio", 1, std::move(faults)};
}

inline Fault fault_at(Stage stage, Action action, Segment segment = Segment::decrypted,
                      std::optional<Direction> from = {}) {
    Fault fault;
    fault.id = "1";
    AtStage moment;
    moment.stage = stage;
    moment.from = from;
    fault.trigger.moment = moment;
    fault.action = std::move(action);
    fault.segment = segment;
    return fault;
}

// How a stream is cut on its way; 0: as it comes.
using Cut = std::function<std::size_t()>;
inline Cut whole() {
    return [] { return std::size_t{0}; };
}
inline Cut in_pieces_of(std::size_t size) {
    return [size] { return size; };
}
inline Cut at_random(unsigned seed) {
    return [engine = std::minstd_rand(seed)]() mutable { return std::size_t{1} + engine() % 700; };
}

class Trio {
  public:
    explicit Trio(FaultPlan the_plan = {}, InterceptSettings settings = settings_for(), client::ProbeConfig probe = {},
                  server::Config server_config = {})
        : plan(std::move(the_plan)),
          server_(std::move(server_config)),
          client(probe, client::Connector::Time{}),
          server(server_, server::engine_config(server_, server_credential()), server::nla_credential(server_)),
          proxy(plan, 1, std::make_shared<InterceptShared>(std::move(settings))) {}

    // Until nobody has anything to say, and no timer of the proxy is left.
    void run(const Cut& the_cut = whole()) {
        cut_ = the_cut;
        proxy.accepted("192.0.2.1:50000", now());
        client.connected(client::Connector::Time{});
        carry_out();
        for (int i = 0; i < 100'000 && (step() || wait()); ++i) {
        }
    }

    // "reset client", "close server", ...: what was done to the sockets, in order.
    std::vector<std::string> ends;
    const ConnectionLog& log() const { return proxy.log(); }
    bool saw(Event::Kind kind, std::uint32_t code) const {
        for (const auto& event : log().events)
            if (event.kind == kind && event.code == code) return true;
        return false;
    }

    FaultPlan plan;

  private:
    server::Config server_;

  public:
    client::Connector client;
    server::Acceptor server;
    Interceptor proxy;

  private:
    static Time epoch() { return Time{} + std::chrono::hours(1); }
    Time now() const { return epoch() + passed_; }
    client::Connector::Time client_now() const { return client::Connector::Time{} + passed_; }

    void give(Side from, const Bytes& bytes) {
        for (std::size_t at = 0; at < bytes.size();) {
            const auto piece = cut_();
            const auto size = piece == 0 ? bytes.size() : std::min(piece, bytes.size() - at);
            proxy.received(from, ByteView(bytes).subspan(at, size), now());
            at += size;
            carry_out();
        }
    }

    bool step() {
        bool busy = false;
        if (const auto out = client.take_output(); !out.empty() && !gone_[0]) give(Side::client, out), busy = true;
        if (const auto out = server.take_output(); !out.empty() && !gone_[1]) give(Side::server, out), busy = true;
        if (busy) return true;  // sockets end when everything has been said
        if (client.finished() && !ended_[0]) {
            ended_[0] = busy = true;
            if (!gone_[0]) proxy.end_of_stream(Side::client, now());
            carry_out();
        }
        if (server.wish() != server::Acceptor::Wish::open && server.unsent() == 0 && !ended_[1]) {
            ended_[1] = busy = true;
            if (!gone_[1] && server.wish() == server::Acceptor::Wish::reset) {
                Ending reset;
                reset.kind = EndKind::reset;
                proxy.failed(Side::server, reset, now());
            } else if (!gone_[1]) {
                proxy.end_of_stream(Side::server, now());
            }
            carry_out();
        }
        return busy;
    }

    bool wait() {
        if (!wake_ || proxy.finished()) return false;
        passed_ = std::max(passed_, std::chrono::duration_cast<std::chrono::microseconds>(*wake_ - epoch()));
        wake_.reset();
        proxy.tick(now());
        carry_out();
        return true;
    }

    void carry_out() {
        for (auto commands = proxy.take_commands(); !commands.empty(); commands = proxy.take_commands())
            for (auto& c : commands)
                std::visit([this](auto& command) { carry_out(command); }, c);
    }
    void carry_out(command::ConnectServer&) { proxy.server_connected({}, now()); }
    void carry_out(command::Send& c) {
        EXPECT_EQ(c.kind, command::Send::Kind::data);
        proxy.sent(c.to, c.bytes.size(), now());
        if (c.to == Side::client)
            client.received(c.bytes, client_now());
        else
            server.receive(server::Time(passed_), c.bytes);
    }
    void fin(Side to) {
        if (to == Side::client)
            client.closed(client_now());
        else
            server.peer_closed(server::Time(passed_));
    }
    void carry_out(const command::Finish& c) {
        ends.push_back("finish " + std::string(to_string(c.to)));
        fin(c.to);
    }
    void carry_out(const command::Close& c) {
        ends.push_back("close " + std::string(to_string(c.side)));
        gone_[c.side == Side::server] = true;
        fin(c.side);
        proxy.leg_closed(c.side, 0, now());
    }
    void carry_out(const command::Reset& c) {
        ends.push_back("reset " + std::string(to_string(c.side)));
        gone_[c.side == Side::server] = true;
        Ending ending;
        ending.kind = EndKind::reset;
        if (c.side == Side::client)
            client.failed(ending, client_now());
        else
            server.peer_lost(server::Time(passed_), ending);
        proxy.leg_closed(c.side, 0, now());
    }
    void carry_out(const command::Pause&) {}
    void carry_out(const command::Resume&) {}
    void carry_out(const command::WakeAt& c) { wake_ = c.time; }

    Cut cut_ = whole();
    std::array<bool, 2> gone_{}, ended_{};
    std::optional<Time> wake_;
    std::chrono::microseconds passed_{0};
};

// The account of a connection without times: what must not depend on how streams were cut.
inline std::string account(const ConnectionLog& log) {
    return harness::decision_log({log}) + "ended by " + std::string(to_string(log.ended_by)) + " " +
           to_string(log.first_end) + ", furthest " + (log.furthest ? std::string(to_string(*log.furthest)) : "none");
}

}  // namespace rdpfault::proxy
