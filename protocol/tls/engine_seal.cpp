// How an engine knows where it stands in its stream of records, and writes on from there with a sealer. OpenSSL cannot
// be told that a record was sent which it did not make: its sequence number would be behind from then on. So from the
// first record of ours, what OpenSSL puts on the wire is dropped, and the messages in it, which it shows in plain text
// before they are protected, are sealed once more with the right number.
#include <openssl/err.h>

#include <algorithm>
#include <array>

#include "protocol/tls/engine_state.hpp"

namespace rdpfault::tls {

namespace {

constexpr std::size_t plain_header_size = 5;

void remember_tail(ByteView wire, WritePosition& position) {
    if (wire.empty()) return;
    const auto tail = wire.last(std::min(wire.size(), WritePosition::tail_size));
    position.tail.assign(tail.begin(), tail.end());
}

}  // namespace

Secrets Engine::State_::current_secrets() const {
    auto out = secrets;
    const auto* cipher = SSL_get_current_cipher(ssl.get());
    out.version = static_cast<Version>(SSL_version(ssl.get()));
    out.cipher_suite = cipher ? SSL_CIPHER_get_protocol_id(cipher) : 0;
    out.server_random.resize(SSL3_RANDOM_SIZE);
    SSL_get_server_random(ssl.get(), out.server_random.data(), out.server_random.size());
    return out;
}

void Engine::State_::put_plain(std::uint8_t content_type, ByteView content, Bytes& to) const {
    // A client that has not heard the server's version yet says 1.0, as everybody does (RFC 8446 5.1).
    const bool hello = !SSL_get_current_cipher(ssl.get()) && context->config().role == Role::client;
    const int version = hello ? TLS1_VERSION : std::min(SSL_version(ssl.get()), TLS1_2_VERSION);
    const std::array<std::uint8_t, plain_header_size> header{
        content_type, static_cast<std::uint8_t>(version >> 8), static_cast<std::uint8_t>(version),
        static_cast<std::uint8_t>(content.size() >> 8), static_cast<std::uint8_t>(content.size())};
    append(to, header);
    append(to, content);
}

bool Engine::State_::seal(std::uint8_t content_type, ByteView content, Bytes& to) {
    if (content.size() > RecordSealer::max_content) return false;
    // A client has the handshake keys of TLS 1.3 before it writes with them; a server's flight begins in plain text.
    const bool keys_known = context->config().role == Role::client && !secrets.client_handshake_traffic.empty();
    if (position.epoch == Epoch::plaintext && keys_known) position.epoch = Epoch::handshake;
    if (position.epoch == Epoch::plaintext) {
        put_plain(content_type, content, to);
        return true;
    }
    return protect(content_type, content, to);
}

bool Engine::State_::protect(std::uint8_t content_type, ByteView content, Bytes& to) {
    if (!sealer) {
        const auto side = context->config().role == Role::client ? Side::client : Side::server;
        remember_tail(ends.output, position);
        ERR_clear_error();
        auto made = RecordSealer::make(current_secrets(), side, position);
        if (!made) return false;
        sealer.emplace(std::move(*made));
        ends.discards = true;
    }
    if (!sealer->seal(content_type, content, to)) return false;
    position.sequence = sealer->sequence();
    if (SSL_version(ssl.get()) == TLS1_VERSION) remember_tail(to, position);
    return true;
}

void Engine::State_::output_taken() {
    if (SSL_version(ssl.get()) == TLS1_VERSION) remember_tail(ends.output, position);
    taken = position;
}

void Engine::State_::on_written(int content_type, ByteView message) {
    if (content_type == SSL3_RT_HEADER) {
        if (!ends.discards && message.size() >= plain_header_size) count_record(message[0]);
        return;
    }
    on_message_written(content_type, message);
}

void Engine::State_::count_record(std::uint8_t type) {
    // Application data in plain text does not exist: these are the handshake keys of TLS 1.3.
    if (type == SSL3_RT_APPLICATION_DATA && position.epoch == Epoch::plaintext) position.epoch = Epoch::handshake;
    if (position.epoch != Epoch::plaintext && (!is_tls_1_3() || type == SSL3_RT_APPLICATION_DATA)) ++position.sequence;
}

// Called when the record with the message was made; the keys change behind it.
void Engine::State_::on_message_written(int content_type, ByteView message) {
    const bool ours = content_type == SSL3_RT_CHANGE_CIPHER_SPEC || content_type == SSL3_RT_ALERT ||
                      content_type == SSL3_RT_HANDSHAKE;
    if (!ours || message.empty()) return;
    const auto type = static_cast<std::uint8_t>(content_type);
    const bool compatible_change = content_type == SSL3_RT_CHANGE_CIPHER_SPEC && is_tls_1_3();
    if (ends.discards && compatible_change)
        put_plain(type, message, ends.output);
    else if (ends.discards)
        seal(type, message, ends.output);

    const auto enter = [this](Epoch epoch, std::uint32_t key_updates) {
        position.epoch = epoch;
        position.sequence = 0;
        position.key_updates = key_updates;
        sealer.reset();
    };
    if (content_type == SSL3_RT_CHANGE_CIPHER_SPEC && !compatible_change) return enter(Epoch::application, 0);
    if (content_type != SSL3_RT_HANDSHAKE || !is_tls_1_3()) return;
    if (message[0] == SSL3_MT_FINISHED) enter(Epoch::application, 0);
    if (message[0] == SSL3_MT_KEY_UPDATE) enter(Epoch::application, position.key_updates + 1);
}

}  // namespace rdpfault::tls
