// The session half of the stage tracker: CredSSP, MCS, licensing and share PDUs of both directions in, stage events
// out. It sees what TLS carries, or, with Standard RDP Security, the wire until its encryption begins.
//
// A direction depends on the other where the protocol does: the channel of the share PDUs is named in the Connect
// Response, and the session is up from the server's Font Map on. Feed each side's bytes when they arrive.
#pragma once

#include <vector>

#include "protocol/share.hpp"
#include "protocol/tracker_stream.hpp"

namespace rdpfault::protocol {

class SessionTracker {
  public:
    // What the Connection Confirm selected; unset, CredSSP is taken as possible.
    void select_protocol(std::uint32_t protocol) { selected_ = protocol; }

    FrameLength measure(Direction direction, ByteView head) const;
    Complaint handle(const Unit& unit, Emitter& emit);
    // Standard RDP Security has begun to encrypt: nothing more can be read in either direction.
    bool hidden() const { return hidden_; }

  private:
    Complaint handle_ts_request(const Unit& unit, Emitter& emit);
    Complaint handle_tpkt(const Unit& unit, Emitter& emit);
    Complaint handle_mcs(const Unit& unit, ByteView mcs, Emitter& emit);
    Complaint handle_domain_pdu(const Unit& unit, ByteView mcs, Emitter& emit);
    Complaint handle_send_data(const Unit& unit, ByteView mcs, Emitter& emit);
    void handle_io_data(const Unit& unit, ByteView payload, Emitter& emit);
    void handle_licensing(const Unit& unit, ByteView payload, Emitter& emit);
    void handle_share(const Unit& unit, ByteView payload, Emitter& emit);
    void handle_data_pdu(const Unit& unit, const ShareUnit& pdu, Emitter& emit);
    void read_channels(ByteView mcs);
    void end(const Unit& unit, Emitter& emit) { emit.stage(Stage::rdp_disconnect, unit); }

    enum class Activity : std::uint8_t { none, announced, active };

    struct Side {
        bool mcs = false;        // CredSSP, if any, is over
        bool activated = false;  // Demand or Confirm Active was sent: fast-path may come
        Activity activity = Activity::none;
    };
    Side& side(Direction direction) { return sides_[static_cast<std::size_t>(direction)]; }
    const Side& side(Direction direction) const { return sides_[static_cast<std::size_t>(direction)]; }
    bool credssp_possible() const;
    bool early_result_next(Direction direction) const;

    std::array<Side, 2> sides_;
    std::optional<std::uint32_t> selected_;
    std::uint16_t io_channel_ = 1003;
    std::vector<std::uint16_t> static_channels_;
    bool public_key_seen_ = false;  // the server's pubKeyAuth
    bool early_result_seen_ = false;
    bool info_seen_ = false;        // Client Info
    bool error_announced_ = false;  // a Set Error Info with a code
    bool hidden_ = false;
};

}  // namespace rdpfault::protocol
