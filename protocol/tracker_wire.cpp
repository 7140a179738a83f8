#include "protocol/tracker_wire.hpp"

#include <algorithm>

#include "protocol/preconnection.hpp"
#include "protocol/tpkt.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::protocol {

void WireTracker::feed(Direction direction, ByteView bytes, Emitter& emit) {
    side(direction).cutter.feed(
        bytes, [&](ByteView head) { return measure(direction, head); },
        [&](std::uint64_t begin, ByteView unit) {
            return handle({direction, begin, unit}, emit);
        },
        [&](std::uint64_t begin, std::string_view expected) { emit.garbage(direction, begin, expected); });
}

std::uint64_t WireTracker::complete(Direction direction) const {
    const auto& cutter = side(direction).cutter;
    if (cutter.opaque()) return cutter.total();
    return std::min(cutter.begin(), tls_.pending(direction).value_or(cutter.begin()));
}

FrameLength WireTracker::measure(Direction direction, ByteView head) const {
    const bool tpkt = head[0] == tpkt_version;
    switch (side(direction).phase) {
        case Phase::first:
            if (direction == Direction::client_to_server && !tpkt) return frame_length(Framing::preconnection, head);
            return frame_length(Framing::tpkt, head);
        case Phase::x224: return frame_length(Framing::tpkt, head);
        case Phase::undecided: return frame_length(tpkt ? Framing::tpkt : Framing::tls_record, head);
        case Phase::tls: return frame_length(Framing::tls_record, head);
        case Phase::session: return session_.measure(direction, head);
    }
    return {};
}

Complaint WireTracker::handle(const Unit& unit, Emitter& emit) {
    auto& self = side(unit.direction);
    const bool tpkt = unit.bytes[0] == tpkt_version;
    switch (self.phase) {
        case Phase::first:
            if (!tpkt) return handle_preconnection(unit, emit);
            [[fallthrough]];
        case Phase::x224: return handle_x224(unit, emit);
        case Phase::undecided:
            if (tpkt) return handle_session(unit, emit);
            self.phase = Phase::tls;
            [[fallthrough]];
        case Phase::tls: return tls_.handle(unit, emit);
        case Phase::session: return handle_session(unit, emit);
    }
    return {};
}

Complaint WireTracker::handle_preconnection(const Unit& unit, Emitter& emit) {
    const auto pdu = PreconnectionPdu::decode(unit.bytes);
    if (!pdu) return pdu.error().what;
    side(unit.direction).phase = Phase::x224;
    emit.stage(Stage::rdp_preconnection, unit);
    return {};
}

Complaint WireTracker::handle_x224(const Unit& unit, Emitter& emit) {
    const auto code = tpdu_code(unit.bytes);
    if (!code) return code.error().what;
    // A refusal in X.224's own words is no stage, and no garbage.
    if (*code == TpduCode::disconnect_request || *code == TpduCode::error) return {};
    return unit.direction == Direction::client_to_server ? handle_request(unit, emit) : handle_confirm(unit, emit);
}

Complaint WireTracker::handle_request(const Unit& unit, Emitter& emit) {
    const auto request = ConnectionRequest::decode(unit.bytes);
    if (!request) return request.error().what;
    side(unit.direction).phase = Phase::undecided;
    emit.stage(Stage::x224_request, unit);
    return {};
}

Complaint WireTracker::handle_confirm(const Unit& unit, Emitter& emit) {
    const auto confirm = ConnectionConfirm::decode(unit.bytes);
    if (!confirm) return confirm.error().what;
    auto& self = side(unit.direction);
    emit.stage(Stage::x224_confirm, unit);
    if (confirm->failure) {
        // Some servers go on to TLS all the same.
        self.phase = Phase::undecided;
        emit.code(TrackerEvent::Kind::negotiation_failure, unit, confirm->failure->code);
        return {};
    }
    selected_ = confirm->response ? confirm->response->selected : std::uint32_t{protocol_rdp};
    session_.select_protocol(*selected_);
    self.phase = *selected_ == protocol_rdp ? Phase::session : Phase::tls;
    return {};
}

Complaint WireTracker::handle_session(const Unit& unit, Emitter& emit) {
    side(unit.direction).phase = Phase::session;
    const auto complaint = session_.handle(unit, emit);
    if (session_.hidden())
        for (auto& each : sides_)
            each.cutter.make_opaque();
    return complaint;
}

}  // namespace rdpfault::protocol
