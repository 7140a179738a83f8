// One proxied connection as a state machine: what the sockets saw goes in, commands come out. No socket, no clock, no
// log: it can be played in memory under a virtual time. Faults act at offsets the tracker names.
//
// What holds: with no fault every byte is passed on, in order, FIN as FIN and RST as RST. Memory is bounded: a source
// is paused when its direction holds more than Limits::high_water. After finished() there are no more commands.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/stage_tracker.hpp"
#include "proxy/event.hpp"
#include "proxy/faults/engine.hpp"
#include "proxy/faults/session_view.hpp"
#include "proxy/session/command.hpp"
#include "proxy/session/proxied.hpp"
#include "proxy/session/stream.hpp"

namespace rdpfault::proxy {

struct Limits {
    std::uint64_t high_water = 256 * 1024;  // more than StageTracker::max_held(), or a unit could never complete
    std::uint64_t low_water = StageTracker::max_held();  // not less, or a unit could keep its own rest away
    Duration orphan{
        5'000'000};  // a leg whose peer's end cannot be told it, because of a stall for ever, is closed then
};

// Makes the TLS alert record that the proxy's own end of a wire would send at this moment, plain or protected; or would
// have sent in place of its unit of that stage, which it has already made.
class AlertWriter {
  public:
    virtual Bytes alert_record(Segment wire, std::uint8_t level, std::uint8_t description,
                               std::optional<Stage> in_place_of) = 0;

  protected:
    ~AlertWriter() = default;
};

// Where a session stands: by itself between two sockets, or as one segment of a chain.
struct Place {
    Segment segment = Segment::client_wire;
    bool client_socket = true;                       // the client leg is a socket; else a neighbour in the chain
    bool server_socket = true;                       // likewise
    std::shared_ptr<ConnectionLog> log;              // of the whole chain; null: one of its own
    AlertWriter* alerts = nullptr;                   // of the chain; null: alerts can only be plain
    std::optional<std::uint32_t> selected_protocol;  // segment decrypted: what the Connection Confirm selected
};

class Session final : public Proxied {
  public:
    // `plan` must outlive the session. `connection` counts from 1 in the order of accept.
    // `at_accept` is the fault that the accept policy decided on for it, or null.
    Session(const FaultPlan& plan, std::uint32_t connection, const Fault* at_accept = nullptr, Limits limits = {},
            Place place = {});

    void accepted(const std::string& client_address, Time now) override;
    void server_connected(const std::string& local_address, Time now) override;
    void server_failed(const Ending& ending, Time now) override;
    void received(Side from, ByteView bytes, Time now) override;
    void end_of_stream(Side from, Time now) override;
    void failed(Side side, const Ending& ending, Time now) override;
    void sent(Side to, std::uint64_t bytes, Time now) override;
    void leg_closed(Side side, std::uint64_t undelivered, Time now) override;
    void saw_tcp(Side side, const TcpFacts& facts, Time now) override;
    void tick(Time now) override;
    void abort(Time now) override;
    // received(), for bytes that the caller has no use for any more.
    void take(Side from, Bytes bytes, Time now);
    // In a chain: the neighbour on this side has gone by this command of its own. When what it said before has been
    // passed on, the other leg is ended in the same way.
    void neighbour_gone(Side side, bool reset, bool deliver, Time now);

    std::vector<Command> take_commands() override;
    bool finished() const override;
    const ConnectionLog& log() const override { return log_; }

  private:
    enum class LegState : std::uint8_t { absent, connecting, open, ending, closed };
    struct Leg {
        LegState state = LegState::absent;
        std::optional<Command> end;  // Close or Reset, issued once the stream towards this leg has drained
        std::uint64_t written = 0;
    };
    // Carries out one `do:` of a scenario: an overload for each action.
    struct Acting;

    Stream& stream(Direction d) { return streams_[static_cast<std::size_t>(d)]; }
    bool is_socket(Side side) const { return side == Side::client ? place_.client_socket : place_.server_socket; }
    Layer layer() const { return place_.segment == Segment::decrypted ? Layer::decrypted : Layer::wire; }
    Leg& leg(Side side) { return legs_[static_cast<std::size_t>(side)]; }
    const Leg& leg(Side side) const { return legs_[static_cast<std::size_t>(side)]; }

    Event& note(Event::Kind kind, Time now);
    void note_tracker_event(const TrackerEvent& event, Time now);
    // Units count as seen when everything before them has been passed on: what came in the same read behind a fault's
    // cut did not happen, or the account would depend on read boundaries.
    void note_seen(Direction direction, std::uint64_t begins_before, Time now);
    void note_effect(const Fault& fault, std::optional<Side> side, std::string text, Time now);
    void note_leg_end(Side side, const Ending& ending, bool by_proxy, Time now);
    void note_first_end(ConnectionLog::Who who, const Ending& ending);

    void look_at(Direction direction, const std::vector<TrackerEvent>& events, Time now);
    void queue(const Firing& firing, Time now);
    void fire(const Firing& firing, Time now);
    void pump(Direction direction, Time now);
    bool act_at_cut(Direction direction, Time now);  // the fault at the cut; false when it must wait
    void pass(Direction direction, std::uint64_t until, Time now);
    void flush(Direction direction, Time now);
    void send(Side to, Bytes bytes);
    void send_by_tls(Side to, command::Send::Kind kind, Bytes content, Time now);
    void end_leg(Side side, Command how);
    // Both legs: `sides` the given way, the other one in order. The proxy is the one that ended it.
    void end_both(EndKind kind, Sides sides, bool deliver);
    void end_drained_legs();
    void throttle_sources();
    void check_orphans(Time now);
    void run_timers(Time now);
    void settle(Time now);  // after every event: pump, drained legs, back-pressure, the next wake-up
    std::optional<Time> next_wake() const;

    const FaultPlan& plan_;
    const Fault* at_accept_;
    Limits limits_;
    Place place_;
    ConnectionLog& log_;
    FaultEngine engine_;
    StageTracker tracker_;
    bool learns_ = false;  // a fault will inject a PDU that needs what view_ learns
    SessionView view_;
    std::array<Stream, 2> streams_;
    std::array<Leg, 2> legs_;
    std::vector<Stream::Pending> timers_;  // faults that wait for their time and hold nothing back
    std::vector<Command> commands_;
    std::optional<Time> wake_;
    std::optional<Time> orphan_due_;
    Time last_activity_{};
    // This side has gone, with RST or by a neighbour's doing: the other leg is ended like this when all that came from
    // it has been passed on.
    struct Carried {
        Side from;
        Command end;
    };
    std::optional<Carried> carried_;
    bool ending_ = false;  // a fault, or the end of the run, is ending both legs
};

}  // namespace rdpfault::proxy
