#include "harness/capture/passive_tls.hpp"

namespace rdpfault::capture {

using protocol::TlsContentType;
using protocol::TlsHandshakeType;

PassiveTls::Inside PassiveTls::record(Direction direction, ByteView bytes) {
    Inside inside;
    const auto record = protocol::TlsRecord::decode(bytes);
    if (!record || !reading(direction)) return inside;
    auto& self = half(direction);
    auto type = record->type;
    Bytes content(record->fragment.begin(), record->fragment.end());
    const bool hidden = self.epoch != tls::Epoch::plaintext && (!is_1_3() || type == TlsContentType::application_data);
    if (hidden) {
        if (!self.opener) return inside;
        auto opened = self.opener->open(bytes);
        if (!opened) {
            trouble_ = "a record of the " + std::string(to_string(source(direction))) +
                       " could not be opened: " + opened.error();
            return inside;
        }
        type = static_cast<TlsContentType>(opened->type);
        content = std::move(opened->content);
    }
    switch (type) {
        case TlsContentType::handshake: messages(direction, content); break;
        case TlsContentType::change_cipher_spec: change_cipher(direction); break;
        case TlsContentType::application_data:
            if (hidden) inside.data = std::move(content);
            break;
        case TlsContentType::alert:
            if (const auto alert = protocol::TlsAlert::decode(content); alert && hidden) inside.alert = *alert;
            break;
        case TlsContentType::heartbeat: break;
    }
    return inside;
}

void PassiveTls::messages(Direction direction, ByteView fragment) {
    std::vector<protocol::TlsHandshakeMessage> whole;
    if (!half(direction).messages.feed(0, fragment, whole)) trouble_ = "a handshake message is too long";
    for (const auto& one : whole)
        message(direction, one);
}

void PassiveTls::message(Direction direction, const protocol::TlsHandshakeMessage& message) {
    auto& self = half(direction);
    if (self.epoch != tls::Epoch::plaintext && !is_1_3()) {
        // Of an encrypted handshake only the Finished belongs to this one.
        if (message.type == TlsHandshakeType::client_hello) trouble_ = "TLS was negotiated anew, which is not followed";
        return;
    }
    switch (message.type) {
        case TlsHandshakeType::client_hello: client_hello(message.bytes); break;
        case TlsHandshakeType::server_hello: server_hello(message.bytes); break;
        case TlsHandshakeType::finished:
            if (is_1_3() && self.epoch == tls::Epoch::handshake) turn_to(direction, tls::Epoch::application);
            break;
        case TlsHandshakeType::key_update:
            if (is_1_3() && self.epoch == tls::Epoch::application) {
                ++self.key_updates;
                turn_to(direction, tls::Epoch::application);
            }
            break;
        default: break;
    }
}

void PassiveTls::client_hello(ByteView message) {
    if (has_secrets_) return;
    const auto hello = protocol::ClientHello::decode(message);
    if (hello) client_random_.assign(hello->random.begin(), hello->random.end());
}

void PassiveTls::server_hello(ByteView message) {
    constexpr std::uint16_t encrypt_then_mac = 22;
    const auto hello = protocol::ServerHello::decode(message);
    if (!hello || hello->is_hello_retry_request() || has_secrets_) return;
    version_ = hello->negotiated_version();
    const auto* known = keys_.find(client_random_);
    has_secrets_ = known != nullptr;
    if (known == nullptr) return;
    secrets_ = *known;
    secrets_.version = static_cast<tls::Version>(*version_);
    secrets_.cipher_suite = hello->cipher_suite;
    secrets_.server_random.assign(hello->random.begin(), hello->random.end());
    for (const auto& extension : hello->extensions.value_or(protocol::TlsExtensions{}))
        secrets_.encrypt_then_mac |= extension.type == encrypt_then_mac;
    if (!is_1_3()) return;
    turn_to(Direction::server_to_client, tls::Epoch::handshake);
    turn_to(Direction::client_to_server, tls::Epoch::handshake);
}

// TLS 1.3 sends it for show only.
void PassiveTls::change_cipher(Direction direction) {
    if (!has_secrets_.value_or(false) || is_1_3()) return;
    if (half(direction).epoch == tls::Epoch::plaintext) turn_to(direction, tls::Epoch::application);
}

void PassiveTls::turn_to(Direction direction, tls::Epoch epoch) {
    auto& self = half(direction);
    self.epoch = epoch;
    self.opener.reset();
    self.messages = protocol::TlsReassembler(max_message);
    auto made = tls::RecordOpener::make(secrets_, source(direction), {epoch, 0, self.key_updates});
    if (made)
        self.opener.emplace(std::move(*made));
    else
        trouble_ =
            "the records of the " + std::string(to_string(source(direction))) + " cannot be opened: " + made.error();
}

}  // namespace rdpfault::capture
