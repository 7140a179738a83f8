#include "client/connector.hpp"

#include <algorithm>

#include "protocol/x224.hpp"

namespace rdpfault::client {
namespace {

// How long a server may take to answer the Shutdown Request before we leave without its consent.
constexpr std::chrono::milliseconds leave_timeout{1'000};

// mstsc shows no more of the user in its cookie.
constexpr std::size_t cookie_length = 9;

}  // namespace

Connector::Connector(const ProbeConfig& config, Time began) : config_(config), began_(began), now_(began) {}

void Connector::connected(Time now) {
    if (state_ != State::connecting) return;
    now_ = now;
    report_.connected = true;
    mark(Stage::tcp_connect);
    enter(State::negotiating);

    protocol::ConnectionRequest request;
    if (!config_.user.empty()) request.cookie = config_.user.substr(0, cookie_length);
    request.negotiation = protocol::NegotiationRequest{0, config_.requested_protocols};
    send_wire(protocol::encoded(request));
}

void Connector::received(ByteView wire, Time now) {
    if (finished()) return;
    now_ = now;
    report_.bytes_received += wire.size();
    track(Direction::server_to_client, wire);
    if (state_ != State::leaving) enter(state_);  // a sign of life: the silence begins anew
    wire_.append(wire);
    if (state_ == State::negotiating) {
        const auto unit = wire_.next(protocol::Framing::tpkt);
        if (!unit) return end_malformed(0, unit.error());
        if (!*unit) return;
        on_confirm(**unit);
    }
    if (tls_) on_records();
}

void Connector::closed(Time now) {
    now_ = now;
    end(EndKind::close);
}

void Connector::failed(Ending ending, Time now) {
    if (finished()) return;
    now_ = now;
    if (ending.kind == EndKind::reset && error_info_ != 0) return end(EndKind::reset);
    finish(std::move(ending));
}

void Connector::woken(Time now) {
    const auto due = wake_at();
    if (!due || now < *due) return;
    now_ = now;
    if (linger_until_ && now >= *linger_until_ && state_ != State::leaving) return leave();
    if (state_ == State::leaving) return depart("the Shutdown Request was not answered");
    end(EndKind::timeout);
}

Bytes Connector::take_output() {
    return std::exchange(output_, {});
}

std::optional<Connector::Time> Connector::wake_at() const {
    if (finished()) return std::nullopt;
    auto due = silence_deadline_;
    const auto sooner = [&due](Time time) { due = due ? std::min(*due, time) : time; };
    if (state_ != State::leaving) {
        if (linger_until_) sooner(*linger_until_);
        if (!report_.session_up) sooner(began_ + config_.overall_timeout);
    }
    return due;
}

void Connector::enter(State state) {
    state_ = state;
    if (state == State::active)
        silence_deadline_.reset();  // a session may be silent
    else if (state == State::leaving)
        silence_deadline_ = now_ + leave_timeout;
    else
        silence_deadline_ = now_ + config_.stage_timeout;
}

// A stage of several units counts as completed with the last of them, unless another came in between.
void Connector::mark(Stage stage) {
    const auto at = std::chrono::duration_cast<std::chrono::microseconds>(now_ - began_);
    const auto known = std::find_if(report_.stages.begin(), report_.stages.end(),
                                    [stage](const StageTime& entry) { return entry.stage == stage; });
    if (known == report_.stages.end())
        report_.stages.push_back({stage, at});
    else if (&*known == &report_.stages.back())
        known->at = at;
    // A server's goodbye before the session is not how far we came.
    if (stage == Stage::rdp_disconnect && !report_.session_up) return;
    report_.furthest = std::max(report_.furthest, stage);
}

// The stages on the wire are told by the same eyes that the proxy has; those inside TLS we know ourselves.
void Connector::track(Direction direction, ByteView wire) {
    events_.clear();
    tracker_.feed(direction, wire, events_);
    for (const auto& event : events_) {
        if (event.kind == TrackerEvent::Kind::stage && event.stage != Stage::tls_application_data) mark(event.stage);
    }
}

Stage Connector::awaited() const {
    switch (state_) {
        case State::connecting: return Stage::tcp_connect;
        case State::negotiating: return Stage::x224_confirm;
        case State::securing:
            return report_.furthest < Stage::tls_server_hello ? Stage::tls_server_hello : Stage::tls_finished;
        case State::proving:
            return nla_->sent() == Stage::nla_authenticate ? Stage::nla_public_key : Stage::nla_challenge;
        case State::authorizing: return Stage::nla_early_auth;
        case State::conference: return Stage::mcs_connect_response;
        case State::attaching: return Stage::mcs_attach_user_confirm;
        case State::joining: return Stage::mcs_channel_join;
        case State::licensing: return Stage::rdp_licensing;
        case State::capabilities: return Stage::rdp_demand_active;
        case State::finalizing: return Stage::rdp_finalization;
        case State::active: return Stage::rdp_active;
        case State::leaving:
        case State::finished: break;
    }
    return Stage::rdp_disconnect;
}

void Connector::send_wire(ByteView wire) {
    report_.bytes_sent += wire.size();
    track(Direction::client_to_server, wire);
    append(output_, wire);
}

void Connector::send_plain(ByteView unit) {
    tls_->write(unit);
    flush_tls();
}

void Connector::flush_tls() {
    const auto wire = tls_->take_output();
    if (!wire.empty()) send_wire(wire);
}

void Connector::end(EndKind kind, std::uint32_t code, std::string detail) {
    Ending ending;
    ending.kind = kind;
    ending.code = code;
    ending.detail = std::move(detail);
    const bool gone = kind == EndKind::close || kind == EndKind::disconnect;
    if (state_ == State::leaving && gone) {
        ending.kind = EndKind::orderly;
        ending.code = 0;
    } else if (error_info_ != 0 && (gone || kind == EndKind::reset || kind == EndKind::timeout)) {
        // The server said why before it went: that is what a user is shown.
        ending.detail = "then " + to_string(ending);
        ending.kind = EndKind::error_info;
        ending.code = error_info_;
    }
    finish(std::move(ending));
}

void Connector::end_malformed(std::uint64_t offset, const protocol::DecodeError& error, std::string_view layer) {
    Ending ending;
    ending.kind = EndKind::malformed;
    ending.offset = offset + error.offset;
    ending.detail = layer.empty() ? std::string(error.what) : std::string(layer) + ": " + std::string(error.what);
    finish(std::move(ending));
}

void Connector::refuse(std::string_view what) {
    end_malformed(unit_offset_, {protocol::Errc::bad_value, 0, what}, "decrypted");
}

void Connector::finish(Ending ending) {
    if (finished()) return;
    report_.ended_in = awaited();
    report_.ending = std::move(ending);
    report_.duration = std::chrono::duration_cast<std::chrono::microseconds>(now_ - began_);
    state_ = State::finished;
}

}  // namespace rdpfault::client
