#include "protocol/tls/engine.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <utility>

#include "protocol/tls/engine_state.hpp"

namespace rdpfault::tls {

Engine::Engine(const EngineConfig& config)
    : Engine(std::make_shared<const Context>(static_cast<const ContextConfig&>(config)), config.server_name) {}
Engine::Engine(std::shared_ptr<const Context> context, const std::string& server_name, KeyLog key_log)
    : impl_(std::make_unique<State_>(std::move(context), server_name, std::move(key_log))) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Engine::State Engine::state() const {
    return impl_->state;
}

void Engine::start() {
    if (impl_->state == State::handshaking) impl_->handshake();
}

void Engine::feed(ByteView wire, Bytes& plaintext) {
    if (impl_->state == State::failed || impl_->state == State::closed || wire.empty()) return;
    impl_->ends.input = wire;
    if (impl_->state == State::handshaking) impl_->handshake();
    impl_->read_all(plaintext);
    impl_->write_waiting();
    impl_->ends.input = {};  // all was read, unless this end is over
}

void Engine::write(ByteView plaintext) {
    if (impl_->state != State::established || plaintext.empty()) return;
    // One allocation for all the records: each is longer than what it carries, by less than this.
    constexpr std::size_t overhead = 128;
    auto& output = impl_->ends.output;
    if (output.empty()) output.reserve(plaintext.size() + (plaintext.size() / SSL3_RT_MAX_PLAIN_LENGTH + 1) * overhead);
    impl_->write(plaintext);
}

void Engine::State_::write(ByteView plaintext) {
    if (!ends.discards) {
        if (!waiting.empty()) return append(waiting, plaintext);
        ERR_clear_error();
        std::size_t written = 0;
        const int result = SSL_write_ex(ssl.get(), plaintext.data(), plaintext.size(), &written);
        if (result == 1) return;
        if (SSL_get_error(ssl.get(), result) == SSL_ERROR_WANT_READ) return append(waiting, plaintext);
        return fail();
    }
    // The peer may have asked for new keys (RFC 8446 4.6.3), which SSL_write would have answered.
    ERR_clear_error();
    if (SSL_get_key_update_type(ssl.get()) != SSL_KEY_UPDATE_NONE &&
        SSL_key_update(ssl.get(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1)
        SSL_do_handshake(ssl.get());
    const auto* session = SSL_get0_session(ssl.get());
    const int mode = session ? SSL_SESSION_get_max_fragment_length(session) : 0;
    const std::size_t most = mode == TLSEXT_max_fragment_length_DISABLED ? SSL3_RT_MAX_PLAIN_LENGTH : 256U << mode;
    for (std::size_t at = 0; at < plaintext.size(); at += most) {
        const auto part = plaintext.subspan(at, std::min(most, plaintext.size() - at));
        if (seal(SSL3_RT_APPLICATION_DATA, part, ends.output)) continue;
        state = State::failed;
        error = "records cannot be sealed";
        return;
    }
}

void Engine::State_::write_waiting() {
    if (waiting.empty() || state != State::established || SSL_in_init(ssl.get())) return;
    write(std::exchange(waiting, {}));
}

void Engine::close() {
    if (impl_->state != State::established && impl_->state != State::closed) return;
    ERR_clear_error();
    SSL_shutdown(impl_->ssl.get());
}

bool Engine::request_renegotiation() {
    auto* ssl = impl_->ssl.get();
    if (impl_->state != State::established || impl_->is_tls_1_3()) return false;
    SSL_clear_options(ssl, SSL_OP_NO_RENEGOTIATION);
    ERR_clear_error();
    if (SSL_renegotiate(ssl) != 1) return false;
    // Writes the first message; that the answer is not there yet is no failure.
    const int result = SSL_do_handshake(ssl);
    if (result != 1 && SSL_get_error(ssl, result) != SSL_ERROR_WANT_READ) impl_->fail();
    return impl_->state == State::established;
}

Bytes Engine::take_output() {
    impl_->output_taken();
    return std::exchange(impl_->ends.output, {});
}

void Engine::take_output(Bytes& to) {
    impl_->output_taken();
    if (to.empty())
        to.swap(impl_->ends.output);  // the two buffers take turns
    else
        append(to, impl_->ends.output);
    impl_->ends.output.clear();
}

void Engine::discard_output() {
    impl_->ends.output.clear();
    impl_->position = impl_->taken;
    impl_->sealer.reset();
    impl_->ends.discards = true;  // OpenSSL believes itself elsewhere
}

Bytes Engine::seal(std::uint8_t content_type, ByteView content) {
    Bytes record;
    if (!impl_->seal(content_type, content, record)) record.clear();
    impl_->taken = impl_->position;
    return record;
}

bool Engine::inject_alert(std::uint8_t level, std::uint8_t description) {
    const auto content = {level, description};
    Bytes& output = impl_->ends.output;
    const auto before = output.size();
    if (!impl_->seal(SSL3_RT_ALERT, Bytes(content), output)) {
        output.resize(before);
        return false;
    }
    impl_->note_alert({level, description}, false);
    return true;
}

std::optional<Alert> Engine::alert_received() const {
    return impl_->received;
}
std::optional<Alert> Engine::alert_sent() const {
    return impl_->sent;
}
std::optional<Alert> Engine::warning_received() const {
    return impl_->warning_received;
}
std::optional<Alert> Engine::warning_sent() const {
    return impl_->warning_sent;
}
std::string Engine::error() const {
    return impl_->error;
}

NegotiatedTls Engine::negotiated() const {
    NegotiatedTls out;
    auto* ssl = impl_->ssl.get();
    out.version = static_cast<Version>(SSL_version(ssl));
    // Without a cipher there may be no session either, which OpenSSL would look for the group in.
    const auto* cipher = SSL_get_current_cipher(ssl);
    if (!cipher) return out;
    const char* name = SSL_CIPHER_standard_name(cipher);
    out.cipher = name ? name : SSL_CIPHER_get_name(cipher);
    if (const auto group = SSL_get_negotiated_group(ssl); group != NID_undef)
        if (const char* group_name = SSL_group_to_name(ssl, static_cast<int>(group))) out.group = group_name;
    if (const auto peer = peer_certificate()) out.peer_certificate = facts(*peer);
    return out;
}

X509Ptr Engine::peer_certificate() const {
    return X509Ptr(SSL_get1_peer_certificate(impl_->ssl.get()));
}

std::vector<X509Ptr> Engine::peer_chain() const {
    std::vector<X509Ptr> chain;
    const auto* sent = SSL_get_peer_cert_chain(impl_->ssl.get());
    for (int i = 1; sent && i < sk_X509_num(sent); ++i) {
        auto* certificate = sk_X509_value(sent, i);
        X509_up_ref(certificate);
        chain.emplace_back(certificate);
    }
    return chain;
}

std::optional<Secrets> Engine::secrets() const {
    if (!SSL_get_current_cipher(impl_->ssl.get())) return std::nullopt;
    return impl_->current_secrets();
}

WritePosition Engine::write_position() const {
    return impl_->position;
}

Bytes Engine::server_public_key() const {
    auto* ssl = impl_->ssl.get();
    if (SSL_is_server(ssl)) {
        const auto* own = SSL_get_certificate(ssl);
        return own ? public_key_bytes(*own) : Bytes{};
    }
    const X509Ptr peer{SSL_get1_peer_certificate(ssl)};
    return peer ? public_key_bytes(*peer) : Bytes{};
}

}  // namespace rdpfault::tls
