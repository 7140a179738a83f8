// Plays a whole recorded connection through a session, with a driver that does what it is told, under the virtual
// clock. Flights come a millisecond apart; then both peers are silent for ten seconds; then the client and the server
// end.
#pragma once

#include <functional>

#include "playbook.hpp"

namespace rdpfault::proxy {

struct Outcome {
    std::array<Bytes, 2> to;        // what each side was sent
    std::vector<std::string> ends;  // FIN, close and reset, in order
    std::vector<std::string> log;   // without times

    const Bytes& to_side(Side side) const { return to[static_cast<std::size_t>(side)]; }
    bool operator==(const Outcome&) const = default;
};

inline void PrintTo(const Outcome& outcome, std::ostream* out) {
    *out << "\nto the client " << to_hex(outcome.to_side(Side::client)) << "\nto the server "
         << to_hex(outcome.to_side(Side::server)) << "\nends " << testing::PrintToString(outcome.ends);
    for (const auto& line : outcome.log)
        *out << "\n" << line;
}

using Cut = std::function<Connection(const Connection&)>;  // of one flight

class Play {
  public:
    explicit Play(const FaultPlan& plan) : session_(plan, 1) {}

    Outcome run(const Connection& flights, const Cut& cut) {
        session_.accepted("192.0.2.1:50000", now_);
        carry_out();
        for (const auto& flight : flights) {
            pass(milliseconds(1));
            for (const auto& part : cut({flight}))
                says(source(part.direction), part.bytes);
        }
        pass(seconds(10));
        for (const auto side : {Side::client, Side::server}) {
            if (!gone(side)) session_.end_of_stream(side, now_);
            carry_out();
        }
        pass(seconds(60));
        EXPECT_TRUE(session_.finished());
        outcome_.log = text(session_.log());
        return outcome_;
    }

  private:
    bool& gone(Side side) { return gone_[static_cast<std::size_t>(side)]; }

    void says(Side side, const Bytes& bytes) {
        if (gone(side)) return;
        session_.received(side, bytes, now_);
        carry_out();
    }

    void pass(Duration time) {
        const auto until = now_ + time;
        while (wake_ && *wake_ <= until && !session_.finished()) {
            now_ = std::max(now_, *wake_);
            wake_.reset();
            session_.tick(now_);
            carry_out();
        }
        now_ = until;
    }

    void carry_out() {
        for (auto commands = session_.take_commands(); !commands.empty(); commands = session_.take_commands())
            for (const auto& c : commands)
                std::visit([this](const auto& command) { carry_out(command); }, c);
    }
    void carry_out(const command::ConnectServer&) { session_.server_connected({}, now_); }
    void carry_out(const command::Send& c) {
        EXPECT_FALSE(gone(c.to));
        append(outcome_.to[static_cast<std::size_t>(c.to)], c.bytes);
        session_.sent(c.to, c.bytes.size(), now_);
    }
    void carry_out(const command::Finish& c) { outcome_.ends.push_back(say::text(c)); }
    void carry_out(const command::Close& c) { end(c, c.side); }
    void carry_out(const command::Reset& c) { end(c, c.side); }
    void carry_out(const command::Pause&) { ADD_FAILURE() << "so few bytes, and a pause?"; }
    void carry_out(const command::Resume&) {}
    void carry_out(const command::WakeAt& c) { wake_ = c.time; }
    void end(const Command& c, Side side) {
        EXPECT_FALSE(gone(side)) << "ended twice";
        gone(side) = true;
        outcome_.ends.push_back(say::text(c));
        session_.leg_closed(side, 0, now_);
    }

    Session session_;
    Time now_ = epoch;
    std::optional<Time> wake_;
    std::array<bool, 2> gone_{};
    Outcome outcome_;
};

inline Outcome play(
    const FaultPlan& plan, const Connection& flights,
    const Cut& cut = [](const Connection& flight) { return flight; }) {
    return Play(plan).run(flights, cut);
}

// What a side says in all of a connection.
inline Bytes said(Side side, const Connection& flights) {
    Bytes all;
    for (const auto& flight : flights)
        if (flight.direction == from(side)) append(all, flight.bytes);
    return all;
}

}  // namespace rdpfault::proxy
