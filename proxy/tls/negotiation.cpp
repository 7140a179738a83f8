#include "proxy/tls/negotiation.hpp"

#include <utility>

#include "protocol/framing.hpp"
#include "protocol/x224.hpp"
#include "proxy/faults/mutate.hpp"

namespace rdpfault::proxy {

namespace {

using protocol::FrameLength;

constexpr std::uint8_t tpkt_version = 3;

// Takes the first whole unit off `held`; nothing when it is not whole. `wrong` tells that it cannot be one.
std::optional<Bytes> take_unit(Bytes& held, protocol::Framing framing, bool& wrong) {
    if (held.empty()) return std::nullopt;
    const auto frame = protocol::frame_length(framing, held);
    wrong = frame.status == FrameLength::Status::wrong;
    if (frame.status != FrameLength::Status::known || held.size() < frame.size) return std::nullopt;
    const auto end = held.begin() + static_cast<std::ptrdiff_t>(frame.size);
    Bytes unit(held.begin(), end);
    held.erase(held.begin(), end);
    return unit;
}

void rewrite(Bytes& unit, const char* field, std::uint32_t value) {
    const action::Mutation mutation{field, value};
    mutate(unit, {&mutation, 1});
}

}  // namespace

Bytes Negotiation::from_client(ByteView bytes) {
    append(client_held_, bytes);
    Bytes out;
    while (outcome_ == Outcome::open && !request_passed_ && !client_held_.empty()) {
        const auto framing =
            client_held_.front() == tpkt_version ? protocol::Framing::tpkt : protocol::Framing::preconnection;
        bool wrong = false;
        auto unit = take_unit(client_held_, framing, wrong);
        if (wrong) outcome_ = Outcome::transparent;
        if (!unit) break;
        if (framing == protocol::Framing::tpkt) {
            request_passed_ = true;
            const auto request = protocol::ConnectionRequest::decode(*unit);
            if (request && request->negotiation) {
                protocols_.requested = protocols_.requested_told = request->negotiation->protocols;
                // Early user authorization is beyond what the proxy relays, and FreeRDP 2 fails on it.
                constexpr auto ex = std::uint32_t{protocol::protocol_hybrid_ex};
                if (!rewrite_.requested && ends_nla_ && (protocols_.requested & ex))
                    rewrite_.requested = protocols_.requested & ~ex;
                if (rewrite_.requested) {
                    protocols_.requested_told = *rewrite_.requested;
                    rewrite(*unit, "request.requested_protocols", *rewrite_.requested);
                }
            }
            if (!request) outcome_ = Outcome::transparent;
        }
        append(out, *unit);
    }
    // A client waits for the confirm before it says more; one that does not is passed on as it is.
    if (outcome_ == Outcome::transparent || request_passed_) append(out, std::exchange(client_held_, {}));
    return out;
}

Bytes Negotiation::from_server(ByteView bytes) {
    append(server_held_, bytes);
    if (outcome_ == Outcome::open) {
        bool wrong = false;
        auto unit = take_unit(server_held_, protocol::Framing::tpkt, wrong);
        if (wrong) outcome_ = Outcome::transparent;
        if (unit) {
            const auto confirm = protocol::ConnectionConfirm::decode(*unit);
            const bool tls = confirm && confirm->response && confirm->response->selected != protocol::protocol_rdp &&
                             request_passed_;
            outcome_ = tls ? Outcome::secured : Outcome::transparent;
            if (tls) {
                protocols_.selected = protocols_.selected_told = confirm->response->selected;
                if (rewrite_.selected) {
                    protocols_.selected_told = *rewrite_.selected;
                    rewrite(*unit, "confirm.selected_protocol", *rewrite_.selected);
                }
                confirm_ = std::move(*unit);
            } else {
                server_held_.insert(server_held_.begin(), unit->begin(), unit->end());
            }
        }
    }
    return outcome_ == Outcome::transparent ? std::exchange(server_held_, {}) : Bytes{};
}

}  // namespace rdpfault::proxy
