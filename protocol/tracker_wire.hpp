// The wire half of the stage tracker: preconnection PDU and X.224, then TLS, or the session itself where the server
// selected Standard RDP Security. Each direction decides by the first byte after its X.224 unit which of the two it is.
#pragma once

#include "protocol/tracker_session.hpp"
#include "protocol/tracker_tls.hpp"

namespace rdpfault::protocol {

class WireTracker {
  public:
    void feed(Direction direction, ByteView bytes, Emitter& emit);
    std::uint64_t complete(Direction direction) const;
    bool opaque(Direction direction) const { return side(direction).cutter.opaque(); }
    // selectedProtocol of the Connection Confirm; 0 too for one without negotiation data.
    std::optional<std::uint32_t> selected() const { return selected_; }

  private:
    enum class Phase : std::uint8_t { first, x224, undecided, tls, session };

    struct Side {
        StreamCutter cutter;
        Phase phase = Phase::first;
    };
    Side& side(Direction direction) { return sides_[static_cast<std::size_t>(direction)]; }
    const Side& side(Direction direction) const { return sides_[static_cast<std::size_t>(direction)]; }

    FrameLength measure(Direction direction, ByteView head) const;
    Complaint handle(const Unit& unit, Emitter& emit);
    Complaint handle_preconnection(const Unit& unit, Emitter& emit);
    Complaint handle_x224(const Unit& unit, Emitter& emit);
    Complaint handle_request(const Unit& unit, Emitter& emit);
    Complaint handle_confirm(const Unit& unit, Emitter& emit);
    Complaint handle_session(const Unit& unit, Emitter& emit);

    std::array<Side, 2> sides_;
    std::optional<std::uint32_t> selected_;
    TlsTracker tls_;
    SessionTracker session_;
};

}  // namespace rdpfault::protocol
