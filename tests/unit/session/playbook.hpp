// Plays a session by hand: an event goes in, and the test says which commands come out. A command that nobody expected
// fails the test at the next event, or at the end.
#pragma once

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proxy/session/session.hpp"
#include "tests/unit/protocol/tracker_support.hpp"

namespace rdpfault::proxy {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// The tests' clock begins here.
inline const Time epoch{std::chrono::hours(1)};

// Commands as text.
namespace say {

inline std::string name(Side side) {
    return std::string(to_string(side));
}
inline std::string connect() {
    return "connect to the server";
}
inline std::string send(Side to, ByteView bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return "send to " + name(to) + " " +
           (bytes.size() < 100
                ? to_hex(bytes)
                : std::to_string(bytes.size()) + " bytes like " + std::to_string(std::hash<std::string_view>{}(text)));
}
inline std::string finish(Side to) {
    return "finish " + name(to);
}
inline std::string close(Side side, bool deliver = true) {
    return "close " + name(side) + (deliver ? "" : ", discard");
}
inline std::string reset(Side side, bool deliver = true) {
    return "reset " + name(side) + (deliver ? "" : ", discard");
}
inline std::string pause(Side from) {
    return "pause " + name(from);
}
inline std::string resume(Side from) {
    return "resume " + name(from);
}
inline std::string wake(Duration after_epoch) {
    return "wake at " + std::to_string(duration_cast<microseconds>(after_epoch).count()) + " us";
}

inline std::string text(const Command& command) {
    struct Text {
        std::string operator()(const command::ConnectServer&) const { return connect(); }
        std::string operator()(const command::Send& c) const { return send(c.to, c.bytes); }
        std::string operator()(const command::Finish& c) const { return finish(c.to); }
        std::string operator()(const command::Close& c) const { return close(c.side, c.deliver); }
        std::string operator()(const command::Reset& c) const { return reset(c.side, c.deliver); }
        std::string operator()(const command::Pause& c) const { return pause(c.from); }
        std::string operator()(const command::Resume& c) const { return resume(c.from); }
        std::string operator()(const command::WakeAt& c) const { return wake(duration_cast<Duration>(c.time - epoch)); }
    };
    return std::visit(Text{}, command);
}

}  // namespace say

inline Ending ending_by(EndKind kind, int error = 0) {
    Ending ending;
    ending.kind = kind;
    ending.system_error = error;
    return ending;
}

class Playbook {
  public:
    struct Sent {
        Side to;
        Time time;
        Bytes bytes;
    };

    explicit Playbook(FaultPlan plan = {}, Limits limits = {}, std::uint32_t connection = 1,
                      const Fault* at_accept = nullptr)
        : plan_(std::move(plan)), session_(plan_, connection, at_accept, limits) {}
    Playbook(const Playbook&) = delete;
    Playbook& operator=(const Playbook&) = delete;
    ~Playbook() { EXPECT_THAT(commands_, testing::IsEmpty()) << "nobody expected these"; }

    // With this off, what is sent stays in the driver until took().
    bool kernel_takes = true;

    void accept() {
        event("accept", [&] { session_.accepted("192.0.2.1:50000", now); });
    }
    void connect() {
        event("connect", [&] { session_.server_connected({}, now); });
    }
    void cannot_connect(const Ending& ending) {
        event("connect", [&] { session_.server_failed(ending, now); });
    }
    void says(Side side, const Bytes& bytes) {
        event("bytes", [&] { session_.received(side, bytes, now); });
    }
    void fin(Side side) {
        event("FIN", [&] { session_.end_of_stream(side, now); });
    }
    void rst(Side side, EndKind kind = EndKind::reset) {
        event("RST", [&] { session_.failed(side, ending_by(kind, 104), now); });
    }
    void took(Side to, std::uint64_t bytes) {
        event("took", [&] { session_.sent(to, bytes, now); });
    }
    void closed(Side side, std::uint64_t undelivered = 0) {
        event("closed", [&] { session_.leg_closed(side, undelivered, now); });
    }
    void abort() {
        event("abort", [&] { session_.abort(now); });
    }
    // Lets time pass, with a tick whenever the session asked for one.
    void pass(Duration time) {
        const auto until = now + time;
        while (wake_ && *wake_ <= until) {
            now = std::max(now, *wake_);
            wake_.reset();
            session_.tick(now);
            collect();
        }
        now = until;
    }

    void expect(const std::vector<std::string>& commands) { EXPECT_EQ(std::exchange(commands_, {}), commands); }
    // Time is asked for in another test.
    void expect_but_wakes(const std::vector<std::string>& commands) {
        std::erase_if(commands_, [](const std::string& c) { return c.starts_with("wake"); });
        expect(commands);
    }
    // Forgets all commands but the last pause or resume of that side.
    bool follow_pause(Side from, bool paused) {
        for (const auto& command : std::exchange(commands_, {})) {
            if (command == say::pause(from)) paused = true;
            if (command == say::resume(from)) paused = false;
        }
        return paused;
    }
    // The commands are no matter here; what was sent is still there.
    void forget() { commands_.clear(); }
    void expect_nothing() { expect({}); }

    // A connection whose both legs are open.
    void open() {
        accept();
        expect_but_wakes({say::connect()});
        connect();
        expect_but_wakes({});
    }
    // `side` says `bytes`, and they are passed on at once.
    void carries(Side side, const Bytes& bytes) {
        says(side, bytes);
        expect_but_wakes({say::send(other(side), bytes)});
    }

    const ConnectionLog& log() const { return session_.log(); }
    bool finished() const { return session_.finished(); }
    const std::vector<Sent>& sent() const { return sent_; }
    std::uint64_t sent_bytes(Side to) const { return sent_bytes_[static_cast<std::size_t>(to)]; }
    Bytes sent(Side to) const {
        Bytes all;
        for (const auto& s : sent_)
            if (s.to == to) append(all, s.bytes);
        return all;
    }

    Time now = epoch;

  private:
    template <class Call>
    void event(const char* what, Call call) {
        if (!commands_.empty()) {
            EXPECT_THAT(std::exchange(commands_, {}), testing::IsEmpty()) << "not expected before " << what;
        }
        call();
        collect();
    }

    void collect() {
        for (auto commands = session_.take_commands(); !commands.empty(); commands = session_.take_commands())
            for (const auto& command : commands) {
                commands_.push_back(say::text(command));
                if (const auto* wake = std::get_if<command::WakeAt>(&command)) wake_ = wake->time;
                if (const auto* send = std::get_if<command::Send>(&command)) {
                    EXPECT_FALSE(send->bytes.empty());
                    sent_.push_back({send->to, now, send->bytes});
                    sent_bytes_[static_cast<std::size_t>(send->to)] += send->bytes.size();
                    if (kernel_takes) session_.sent(send->to, send->bytes.size(), now);
                }
            }
    }

    FaultPlan plan_;
    Session session_;
    std::vector<std::string> commands_;
    std::vector<Sent> sent_;
    std::array<std::uint64_t, 2> sent_bytes_{};
    std::optional<Time> wake_;
};

// Faults.

inline AtStage at(Stage stage, std::optional<std::uint64_t> byte = std::nullopt) {
    return {stage, std::nullopt, 1, false, byte};
}
inline AtStage after(Stage stage) {
    return {stage, std::nullopt, 1, true, std::nullopt};
}

inline Fault fault(decltype(Trigger::moment) moment, Action action, Duration elapsed = {}) {
    Fault made;
    made.id = "f";
    made.trigger.moment = moment;
    made.trigger.elapsed = elapsed;
    made.action = std::move(action);
    return made;
}
inline Fault discarding(Fault made) {
    made.in_flight = InFlight::discard;
    return made;
}
inline FaultPlan plan_of(std::vector<Fault> faults) {
    FaultPlan plan{"session-test", 7, std::move(faults)};
    for (std::size_t i = 0; i < plan.faults.size(); ++i)
        plan.faults[i].id = std::to_string(i + 1);
    return plan;
}
inline FaultPlan plan_of(Fault fault) {
    return plan_of(std::vector{std::move(fault)});
}

// The account, without times.
inline std::string text(const Event& event) {
    std::string line(to_string(event.kind));
    if (event.direction) line += event.direction == Direction::client_to_server ? " >" : " <";
    if (event.side) line += " " + std::string(to_string(*event.side));
    if (event.stage) line += " " + std::string(to_string(*event.stage));
    if (event.nth) line += " #" + std::to_string(event.nth);
    if (event.offset) line += " @" + std::to_string(event.offset);
    if (event.code) line += " code " + std::to_string(event.code);
    if (!event.fault.empty()) line += " fault " + event.fault;
    if (!event.action.empty()) line += " " + event.action;
    if (event.ending.kind != EndKind::none) line += " " + std::string(to_string(event.ending.kind));
    if (event.by_proxy) line += " by us";
    if (!event.text.empty()) line += " \"" + event.text + "\"";
    return line;
}
inline std::vector<std::string> text(const ConnectionLog& log) {
    std::vector<std::string> lines;
    for (const auto& event : log.events)
        lines.push_back(text(event));
    return lines;
}
inline std::vector<std::string> faults_in(const ConnectionLog& log) {
    std::vector<std::string> lines;
    for (const auto& event : log.events)
        if (event.kind == Event::Kind::fault) lines.push_back(text(event));
    return lines;
}

// A recorded TLS 1.2 connection: request [0,19), ClientHello [19,183); confirm [0,19), ServerHello [19,89),
// Certificate [89,493), ServerKeyExchange, ServerHelloDone [612,621).
inline const Connection tls_1_2 = rdp_connection(fixtures::tls_1_2);
inline const Bytes& client_hello = tls_1_2[2].bytes;
inline const Bytes& server_flight = tls_1_2[3].bytes;

inline Bytes first(const Bytes& bytes, std::size_t count) {
    return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)};
}
inline Bytes behind(const Bytes& bytes, std::size_t count) {
    return {bytes.begin() + static_cast<std::ptrdiff_t>(count), bytes.end()};
}

}  // namespace rdpfault::proxy
