// The probe's protocol half: one RDP client connection as a state machine. Wire bytes and the passing of time go in;
// bytes to send, a time to be woken and the end come out. No socket, no clock: the driver (probe.hpp) has those.
//
// X.224 negotiation, TLS, NLA where it is selected, MCS, Client Info, licensing, capabilities, finalization, the active
// session for as long as config.linger, and an orderly disconnect (MS-RDPBCGR 1.3.1.1, 1.3.1.4). Whatever the server
// does instead is put into the report: which stages were completed and when, how it ended, and in which stage the probe
// then was.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/auto_detect.hpp"
#include "client/probe_config.hpp"
#include "client/unit_stream.hpp"
#include "protocol/mcs_domain.hpp"
#include "protocol/nla/client.hpp"
#include "protocol/share.hpp"
#include "protocol/stage_tracker.hpp"
#include "protocol/tls/engine.hpp"

namespace rdpfault::client {

class Connector {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // `began`: when the TCP connect was begun, from which the report counts.
    Connector(const ProbeConfig& config, Time began);

    // Events. After the end they are ignored.
    void connected(Time now);  // TCP is up
    void received(ByteView wire, Time now);
    void closed(Time now);                 // the server's FIN, after all its bytes
    void failed(Ending ending, Time now);  // the connection could not be made, or broke (reset, with its errno)
    void woken(Time now);                  // wake_at() has come; too early does no harm

    // Commands.
    Bytes take_output();                                         // to be sent, in order, before anything else is done
    std::optional<Time> wake_at() const;                         // nullopt once finished
    bool finished() const { return state_ == State::finished; }  // close the connection, once the output is sent

    const ConnectionReport& report() const { return report_; }

  private:
    enum class State : std::uint8_t {
        connecting,   // TCP
        negotiating,  // X.224
        securing,     // TLS
        proving,      // CredSSP
        authorizing,  // Early User Authorization Result
        conference,   // MCS Connect
        attaching,
        joining,
        licensing,
        capabilities,
        finalizing,
        active,
        leaving,
        finished,
    };

    // connector.cpp: time, endings, what goes out.
    void enter(State state);
    void mark(Stage stage);
    void track(Direction direction, ByteView wire);
    Stage awaited() const;
    void send_wire(ByteView wire);
    void send_plain(ByteView unit);
    void flush_tls();
    void end(EndKind kind, std::uint32_t code = 0, std::string detail = {});
    void end_malformed(std::uint64_t offset, const protocol::DecodeError& error, std::string_view layer = {});
    void refuse(std::string_view what);  // the unit at hand is readable but not what it must be
    void finish(Ending ending);

    // connector_transport.cpp: from wire bytes to units.
    void on_confirm(const Unit& unit);
    void start_tls();
    void on_records();
    bool certificate_is_trusted();
    void on_tls_end(std::uint64_t offset);
    void on_plain();
    bool take_plain();  // one unit of it; false: it is not whole yet, or the connection has ended

    // connector_nla.cpp: CredSSP between TLS and MCS.
    void start_nla();
    void on_ts_request(const Unit& unit);
    void on_early_result(const Unit& unit);
    void say_nla(ByteView message);
    void nla_failed();

    // connector_mcs.cpp: the conference and its channels.
    void send_connect_initial();
    void on_unit(const Unit& unit);
    void on_connect_response(ByteView mcs);
    void on_domain_pdu(ByteView mcs);
    void on_attach_confirm(ByteView mcs);
    void join_next();
    void on_join_confirm(ByteView mcs);
    void on_ultimatum(std::uint8_t reason);

    // connector_session.cpp: what is said on the channels.
    void send_client_info();
    void send_share(ByteView pdu);
    void on_channel_data(const protocol::SendDataIndication& data);
    void on_license(ByteView payload);
    void on_share(ByteView payload);
    void on_share_unit(const protocol::ShareUnit& unit);
    void on_demand_active(ByteView pdu);
    void send_finalization();
    void on_share_data(const protocol::ShareUnit& unit);
    void session_is_up();
    void on_fast_path(const Unit& unit);
    void leave();
    void depart(std::string detail);

    // A decoder's value, or the end of the connection as malformed.
    template <class T>
    std::optional<T> accept(protocol::Result<T> result) {
        if (result.has_value()) return std::move(result.value());
        end_malformed(unit_offset_, result.error(), "decrypted");
        return std::nullopt;
    }

    ProbeConfig config_;
    Time began_;
    Time now_;
    State state_ = State::connecting;
    ConnectionReport report_;
    Bytes output_;

    std::optional<Time> silence_deadline_;
    std::optional<Time> linger_until_;

    StageTracker tracker_;
    std::vector<TrackerEvent> events_;
    UnitStream wire_;
    UnitStream plain_;
    std::unique_ptr<tls::Engine> tls_;
    std::unique_ptr<nla::CredSspClient> nla_;
    std::uint64_t unit_offset_ = 0;  // of the unit at hand, in the decrypted stream

    std::uint16_t user_ = 0;
    std::uint16_t io_channel_ = 0;
    std::optional<std::uint16_t> message_channel_;
    std::vector<std::uint16_t> to_join_;  // in order, the next one first
    std::uint32_t share_id_ = 0;
    std::uint32_t error_info_ = 0;  // the last Set Error Info
    AutoDetect auto_detect_;
};

}  // namespace rdpfault::client
