#include "protocol/tls/engine_state.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>

#include "protocol/tls_handshake.hpp"

namespace rdpfault::tls {

Engine::State_::State_(std::shared_ptr<const Context> the_context, const std::string& server_name, KeyLog the_key_log)
    : context(std::move(the_context)), key_log(std::move(the_key_log)) {
    ERR_clear_error();
    ssl.reset(SSL_new(context->native()));
    require(ssl != nullptr, "TLS connection");
    BIO* bio = new_memory_bio(ends);
    SSL_set_bio(ssl.get(), bio, bio);  // owns it from here
    SSL_set_app_data(ssl.get(), static_cast<KeySink*>(this));
    SSL_set_info_callback(ssl.get(), on_info);
    SSL_set_msg_callback(ssl.get(), on_message);
    SSL_set_msg_callback_arg(ssl.get(), this);
    if (context->config().role == Role::server) {
        SSL_set_accept_state(ssl.get());
        return;
    }
    SSL_set_connect_state(ssl.get());
    if (!server_name.empty()) require(SSL_set_tlsext_host_name(ssl.get(), server_name.c_str()) == 1, "server name");
}

void Engine::State_::on_info(const SSL* ssl, int where, int value) {
    if (!(where & SSL_CB_ALERT)) return;
    auto* self = static_cast<State_*>(static_cast<KeySink*>(SSL_get_app_data(ssl)));
    self->note_alert({static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)}, where & SSL_CB_READ);
}

void Engine::State_::note_alert(Alert alert, bool from_peer) {
    // In TLS 1.3 the level means nothing: every alert ends the connection, but for user_canceled (RFC 8446 6).
    const bool mild = is_tls_1_3() ? alert.description == SSL_AD_USER_CANCELLED : alert.level == SSL3_AL_WARNING;
    const bool warning = mild && alert.description != SSL_AD_CLOSE_NOTIFY;
    if (from_peer)
        (warning ? warning_received : received) = alert;
    else
        (warning ? warning_sent : sent) = alert;
}

void Engine::State_::on_key(std::string_view line) {
    take_key_log_line(line, secrets);
    if (key_log) key_log(line);
    if (const auto& shared = context->config().key_log) shared(line);
}

void Engine::State_::on_message(int written, int /*version*/, int content_type, const void* data, std::size_t length,
                                SSL* /*ssl*/, void* self) {
    auto& state = *static_cast<State_*>(self);
    const ByteView message(static_cast<const std::uint8_t*>(data), length);
    // Only the ServerHello says whether MACs are of the ciphertext (RFC 7366).
    if (content_type == SSL3_RT_HANDSHAKE && !message.empty() && message[0] == SSL3_MT_SERVER_HELLO) {
        const auto hello = protocol::ServerHello::decode(message);
        const auto has = [](const protocol::TlsExtension& extension) {
            return extension.type == TLSEXT_TYPE_encrypt_then_mac;
        };
        state.secrets.encrypt_then_mac = hello && hello->extensions && std::ranges::any_of(*hello->extensions, has);
    }
    if (written) state.on_written(content_type, message);
}

void Engine::State_::fail() {
    state = State::failed;
    error = queued_errors();
}

void Engine::State_::handshake() {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl.get());
    if (result == 1)
        state = State::established;
    else if (SSL_get_error(ssl.get(), result) != SSL_ERROR_WANT_READ)
        fail();
}

void Engine::State_::read_all(Bytes& plaintext) {
    // A whole record at a time by way of the stack: to make room in `plaintext` would fill it with zeros first, which
    // costs as much as the copy, and more for small records.
    std::array<std::uint8_t, SSL3_RT_MAX_PLAIN_LENGTH> buffer;
    while (state == State::established) {
        ERR_clear_error();
        std::size_t count = 0;
        const int result = SSL_read_ex(ssl.get(), buffer.data(), buffer.size(), &count);
        if (result == 1) {
            append(plaintext, ByteView(buffer.data(), count));
            continue;
        }
        const int why = SSL_get_error(ssl.get(), result);
        if (why == SSL_ERROR_WANT_READ) return;
        if (why == SSL_ERROR_ZERO_RETURN)
            state = State::closed;
        else
            fail();
    }
}

}  // namespace rdpfault::tls
