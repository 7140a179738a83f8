#include "protocol/tracker_tls.hpp"

namespace rdpfault::protocol {

namespace {

// In TLS 1.3 an alert of the handshake hides in an application-data record: two bytes, the real content type, and a tag
// of 16 bytes. A Finished is at least twice as long.
constexpr std::size_t encrypted_alert = 2 + 1 + 16;

std::optional<Stage> stage_of(Direction direction, TlsHandshakeType type) {
    if (direction == Direction::client_to_server) {
        if (type == TlsHandshakeType::client_hello) return Stage::tls_client_hello;
        return std::nullopt;
    }
    switch (type) {
        case TlsHandshakeType::server_hello: return Stage::tls_server_hello;
        case TlsHandshakeType::certificate: return Stage::tls_certificate;
        case TlsHandshakeType::server_hello_done: return Stage::tls_server_hello_done;
        default: return std::nullopt;
    }
}

}  // namespace

Complaint TlsTracker::handle(const Unit& unit, Emitter& emit) {
    const auto record = TlsRecord::decode(unit.bytes);
    if (!record) return record.error().what;
    auto& self = side(unit.direction);
    const bool carries_message = record->type == TlsContentType::handshake || record->type == TlsContentType::alert;
    if (self.messages.pending() && !carries_message) return "rest of a handshake message";

    emit.record(unit, ++self.records, static_cast<std::uint8_t>(record->type));
    if (unit.direction == Direction::client_to_server && server_hello_ && !client_flight_) {
        client_flight_ = true;
        emit.stage(Stage::tls_client_flight, unit);
    }
    Complaint complaint;
    switch (record->type) {
        case TlsContentType::handshake: complaint = handle_handshake(unit, record->fragment, emit); break;
        case TlsContentType::alert: complaint = handle_alert(unit, record->fragment, emit); break;
        case TlsContentType::change_cipher_spec: handle_change_cipher_spec(unit.direction); break;
        case TlsContentType::application_data: handle_application_data(unit, record->fragment.size(), emit); break;
        case TlsContentType::heartbeat: break;
    }
    // Many small records can stretch a message far beyond its own length.
    const auto pending = self.messages.pending();
    if (complaint.empty() && pending && unit.end() - *pending > max_message) return "shorter handshake message";
    return complaint;
}

Complaint TlsTracker::handle_handshake(const Unit& unit, ByteView fragment, Emitter& emit) {
    auto& self = side(unit.direction);
    if (self.encrypted && !self.messages.pending()) {
        if (version_ == Version::up_to_1_2 && !self.finished) finish(unit, emit);
        return {};
    }
    std::vector<TlsHandshakeMessage> messages;
    const bool followed = self.messages.feed(unit.begin, fragment, messages);
    for (const auto& message : messages)
        if (const auto complaint = handle_message(unit.direction, message, emit); !complaint.empty()) return complaint;
    return followed ? Complaint{} : "shorter handshake message";
}

Complaint TlsTracker::handle_message(Direction direction, const TlsHandshakeMessage& message, Emitter& emit) {
    auto& self = side(direction);
    const bool from_client = direction == Direction::client_to_server;
    const auto hello = from_client ? TlsHandshakeType::client_hello : TlsHandshakeType::server_hello;
    if (!self.greeted && message.type != hello) return from_client ? "ClientHello" : "ServerHello";
    self.greeted = true;
    if (message.type == TlsHandshakeType::server_hello)
        if (const auto complaint = handle_server_hello(message); !complaint.empty()) return complaint;
    if (const auto stage = stage_of(direction, message.type)) emit.stage(*stage, direction, message.begin, message.end);
    return {};
}

Complaint TlsTracker::handle_server_hello(const TlsHandshakeMessage& message) {
    const auto hello = ServerHello::decode(message.bytes);
    if (!hello) return "ServerHello";
    version_ = hello->negotiated_version() >= tls_1_3 ? Version::from_1_3 : Version::up_to_1_2;
    if (hello->is_hello_retry_request()) return {};
    server_hello_ = true;
    if (version_ == Version::from_1_3)
        for (auto& each : sides_)
            each.encrypted = true;
    return {};
}

// Up to TLS 1.2 an alert is hidden once its sender has changed ciphers; in TLS 1.3 one that says it is an alert is
// always plain.
Complaint TlsTracker::handle_alert(const Unit& unit, ByteView fragment, Emitter& emit) {
    if (version_ != Version::from_1_3 && side(unit.direction).encrypted) return {};
    const auto alert = TlsAlert::decode(fragment);
    if (!alert) return "TLS alert";
    emit.code(TrackerEvent::Kind::alert, unit, alert->description, alert->level);
    return {};
}

// TLS 1.3 sends it for the sake of old middleboxes only, also before a ServerHello (RFC 8446 D.4).
void TlsTracker::handle_change_cipher_spec(Direction direction) {
    if (version_ == Version::up_to_1_2) side(direction).encrypted = true;
}

void TlsTracker::handle_application_data(const Unit& unit, std::size_t length, Emitter& emit) {
    const auto& self = side(unit.direction);
    const bool from_client = unit.direction == Direction::client_to_server;
    // A TLS 1.2 client may send data with its Finished, before the server's (RFC 7918): it is data all the same.
    const bool counts = version_ == Version::up_to_1_2 ? self.finished : established_;
    if (counts) {
        emit.stage(Stage::tls_application_data, unit);
    } else if (version_ == Version::from_1_3 && from_client && server_hello_ && length > encrypted_alert) {
        finish(unit, emit);
    }
}

void TlsTracker::finish(const Unit& unit, Emitter& emit) {
    auto& self = side(unit.direction);
    self.finished = true;
    emit.stage(Stage::tls_finished, unit);
    if (version_ == Version::up_to_1_2 && !side(opposite(unit.direction)).finished) return;
    established_ = true;
    emit.stage(Stage::tls_established, unit);
}

}  // namespace rdpfault::protocol
