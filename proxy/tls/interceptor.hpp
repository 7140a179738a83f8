// A proxied connection whose TLS the proxy ends itself, on both legs:
//
//     client <-> [client wire] <-> TLS server | [decrypted] | TLS client <-> [server wire] <-> server
//
// Each segment in brackets is a Session: it watches, holds back and breaks what passes, and knows nothing of the
// others. The interceptor carries bytes, ends and back-pressure between them. X.224 goes straight from wire to wire;
// when the server has selected TLS, the proxy's handshake with the server comes first, then the client gets its confirm
// (so it can be shown a certificate that looks like the server's). A connection that does not use TLS is passed
// through.
//
// No socket, no clock: like a session, it can be played in memory.
#pragma once

#include <array>
#include <memory>
#include <optional>

#include "protocol/tls/engine.hpp"
#include "proxy/session/session.hpp"
#include "proxy/tls/negotiation.hpp"
#include "proxy/tls/nla_middle.hpp"
#include "proxy/tls/shared.hpp"

namespace rdpfault::proxy {

class Interceptor final : public Proxied, private AlertWriter {
  public:
    // `plan` must outlive the interceptor; see Session for the rest.
    Interceptor(const FaultPlan& plan, std::uint32_t connection, std::shared_ptr<InterceptShared> shared,
                const Fault* at_accept = nullptr, Limits limits = {});

    void accepted(const std::string& client_address, Time now) override;
    void server_connected(const std::string& local_address, Time now) override;
    void server_failed(const Ending& ending, Time now) override;
    void received(Side from, ByteView bytes, Time now) override;
    void end_of_stream(Side from, Time now) override;
    void failed(Side side, const Ending& ending, Time now) override;
    void sent(Side to, std::uint64_t bytes, Time now) override;
    void leg_closed(Side side, std::uint64_t undelivered, Time now) override;
    void saw_tcp(Side side, const TcpFacts& facts, Time now) override { wire(side).saw_tcp(side, facts, now); }
    void tick(Time now) override;
    void abort(Time now) override;

    std::vector<Command> take_commands() override;
    bool finished() const override;
    const ConnectionLog& log() const override { return *log_; }

  private:
    enum class Phase : std::uint8_t {
        negotiating,   // X.224
        securing,      // the proxy's handshake with the server; the client waits for its confirm
        intercepting,  // the client has its confirm; plaintext flows once its handshake is done, too
        transparent,   // no TLS: from wire to wire
    };
    // What a segment sends to its neighbour.
    struct Flow {
        bool paused = false;     // the neighbour is full: the sender is not told that its bytes were taken
        std::uint64_t owed = 0;  // bytes it will be told of
    };

    Bytes alert_record(Segment wire, std::uint8_t level, std::uint8_t description,
                       std::optional<Stage> in_place_of) override;

    Session* segment(Segment which);
    Session& wire(Side side) { return side == Side::client ? client_wire_ : server_wire_; }
    std::optional<tls::Engine>& engine(Side side) { return side == Side::client ? client_tls_ : server_tls_; }
    Flow& flow(Segment sender, Side to) { return flows_[static_cast<std::size_t>(sender)][to == Side::server]; }
    // The neighbour of a segment on that side; nullopt: a socket.
    std::optional<Segment> neighbour(Segment which, Side side) const;

    // interceptor_chain.cpp: what segments ask for is carried out on their neighbours.
    void settle(Time now);
    void carry_out(Segment from, command::ConnectServer& c, Time now);
    void carry_out(Segment from, command::Send& c, Time now);
    void carry_out(Segment from, const command::Finish& c, Time now);
    void carry_out(Segment from, const command::Close& c, Time now);
    void carry_out(Segment from, const command::Reset& c, Time now);
    void carry_out(Segment from, const command::Pause& c, Time now);
    void carry_out(Segment from, const command::Resume& c, Time now);
    void carry_out(Segment from, const command::WakeAt& c, Time now);
    void end(Segment from, Side side, bool reset, bool deliver, Time now);
    void release(Segment sender, Side to, Time now);

    // interceptor.cpp: what becomes of bytes at each joint.
    void from_wire(Side side, ByteView bytes, Time now);
    void negotiate(Side side, ByteView bytes, Time now);
    void decrypt(Side side, ByteView bytes, Time now);
    void encrypt(Side side, const command::Send& c, Time now);
    void begin_tls(Side side, const tls::Context& context, Time now);
    void start_server_tls(Time now);
    void start_client_tls(Time now);
    void client_secured(Time now);
    void flush_tls(Side side, Time now);
    void plaintext(Side side, Bytes bytes, Time now);
    void write(Side side, ByteView bytes, Time now);
    void start_nla(Time now);
    void nla_says(NlaMiddle::Output out, Time now);
    void plaintext_ends(Side side, Time now);
    void tls_failed(Side side, Time now);
    void note_first_end(ConnectionLog::Who who, const Ending& ending);
    void give_up(Side side, ConnectionLog::Who who, const Ending& ending, Time now);
    void note(Side side, std::string text, Time now, Event::Kind kind = Event::Kind::note);
    void note_alert(Side side, const tls::Alert& alert, Time now);
    FaultPlan with_repairs(const FaultPlan& plan) const;

    const FaultPlan& plan_;
    std::uint32_t connection_;
    std::shared_ptr<InterceptShared> shared_;
    Limits limits_;
    std::shared_ptr<ConnectionLog> log_;
    Session client_wire_;
    Session server_wire_;
    std::optional<FaultPlan> decrypted_plan_;  // the plan and what repairs the echoes of a rewritten negotiation
    std::optional<Session> decrypted_;
    Negotiation negotiation_;
    Phase phase_ = Phase::negotiating;
    std::shared_ptr<const tls::Context> client_context_;
    std::optional<tls::Engine> client_tls_;  // towards the client: role server
    std::optional<tls::Engine> server_tls_;  // towards the server: role client
    std::optional<NlaMiddle> nla_;           // between the decrypted segment and the server's leg
    bool nla_over_ = false;                  // it is through, or has failed
    Bytes early_;                            // plaintext for the client, whose handshake is not done yet
    Bytes impatient_;                        // what a client said that does not wait for its confirm
    std::array<bool, 2> notified_{};         // this side has said close_notify
    std::array<bool, 2> fin_{};              // this side's wire has ended
    std::array<bool, 2> plain_fin_{};        // its plaintext has, too, and that was passed on
    std::array<bool, 2> broken_{};           // TLS with this side has failed
    std::array<std::array<Flow, 2>, 3> flows_{};
    std::array<std::optional<Time>, 3> wakes_{};
    std::optional<Time> wake_;
    std::vector<Command> commands_;
};

}  // namespace rdpfault::proxy
