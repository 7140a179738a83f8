#include "protocol/tls/engine.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <stdexcept>

namespace rdpfault::tls {

namespace {

struct SslDeleter {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
};

std::string queued_errors() {
    std::string text;
    while (const auto code = ERR_get_error()) {
        const char* reason = ERR_reason_error_string(code);
        if (!text.empty()) text += "; ";
        text += reason ? reason : "OpenSSL error " + std::to_string(code);
    }
    return text.empty() ? "unknown OpenSSL error" : text;
}

void require(bool done, const std::string& what) {
    if (!done) throw std::runtime_error(what + ": " + queued_errors());
}

void configure(SSL_CTX* context, const EngineConfig& config) {
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_LEGACY_SERVER_CONNECT);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    // TLS 1.0 and 1.1 sign with MD5/SHA-1, which OpenSSL 3 allows at level 0 only.
    if (config.min < Version::tls1_2) SSL_CTX_set_security_level(context, 0);
    require(SSL_CTX_set_min_proto_version(context, static_cast<int>(config.min)) == 1 &&
                SSL_CTX_set_max_proto_version(context, static_cast<int>(config.max)) == 1,
            "TLS versions");
    if (!config.ciphers.empty())
        require(SSL_CTX_set_cipher_list(context, config.ciphers.c_str()) == 1, "ciphers '" + config.ciphers + "'");
    if (!config.ciphersuites.empty())
        require(SSL_CTX_set_ciphersuites(context, config.ciphersuites.c_str()) == 1,
                "ciphersuites '" + config.ciphersuites + "'");
    if (config.role == Role::client) return;
    if (!config.credential) throw std::runtime_error("a TLS server needs a credential");
    require(SSL_CTX_use_certificate(context, config.credential->certificate.get()) == 1 &&
                SSL_CTX_use_PrivateKey(context, config.credential->key.get()) == 1,
            "credential");
}

}  // namespace

struct Engine::State_ {
    explicit State_(const EngineConfig& config) : key_log(config.key_log) {
        ERR_clear_error();
        context.reset(SSL_CTX_new(TLS_method()));
        require(context != nullptr, "TLS context");
        configure(context.get(), config);
        if (key_log) SSL_CTX_set_keylog_callback(context.get(), on_key);
        ssl.reset(SSL_new(context.get()));
        in = BIO_new(BIO_s_mem());
        out = BIO_new(BIO_s_mem());
        require(ssl && in && out, "TLS connection");
        SSL_set_bio(ssl.get(), in, out);  // owns both from here
        SSL_set_app_data(ssl.get(), this);
        SSL_set_info_callback(ssl.get(), on_info);
        if (config.role == Role::server) {
            SSL_set_accept_state(ssl.get());
        } else {
            SSL_set_connect_state(ssl.get());
            if (!config.server_name.empty())
                require(SSL_set_tlsext_host_name(ssl.get(), config.server_name.c_str()) == 1, "server name");
        }
    }

    static void on_info(const SSL* ssl, int where, int value) {
        if (!(where & SSL_CB_ALERT)) return;
        auto* self = static_cast<State_*>(SSL_get_app_data(ssl));
        const Alert alert{static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
        if (alert.level != SSL3_AL_FATAL && alert.description != SSL_AD_CLOSE_NOTIFY) return;
        (where & SSL_CB_READ ? self->received : self->sent) = alert;
    }

    static void on_key(const SSL* ssl, const char* line) { static_cast<State_*>(SSL_get_app_data(ssl))->key_log(line); }

    void fail() {
        state = State::failed;
        error = queued_errors();
    }

    void handshake() {
        ERR_clear_error();
        const int result = SSL_do_handshake(ssl.get());
        if (result == 1)
            state = State::established;
        else if (SSL_get_error(ssl.get(), result) != SSL_ERROR_WANT_READ)
            fail();
    }

    void read_all(Bytes& plaintext) {
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

    std::function<void(std::string_view)> key_log;
    std::unique_ptr<SSL_CTX, SslDeleter> context;
    std::unique_ptr<SSL, SslDeleter> ssl;
    BIO* in = nullptr;
    BIO* out = nullptr;
    State state = State::handshaking;
    std::optional<Alert> received;
    std::optional<Alert> sent;
    std::string error;
};

Engine::Engine(const EngineConfig& config) : impl_(std::make_unique<State_>(config)) {}
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
    std::size_t written = 0;
    BIO_write_ex(impl_->in, wire.data(), wire.size(), &written);
    if (impl_->state == State::handshaking) impl_->handshake();
    impl_->read_all(plaintext);
}

void Engine::write(ByteView plaintext) {
    if (impl_->state != State::established || plaintext.empty()) return;
    ERR_clear_error();
    std::size_t written = 0;
    if (SSL_write_ex(impl_->ssl.get(), plaintext.data(), plaintext.size(), &written) != 1) impl_->fail();
}

void Engine::close() {
    if (impl_->state != State::established && impl_->state != State::closed) return;
    ERR_clear_error();
    SSL_shutdown(impl_->ssl.get());
}

Bytes Engine::take_output() {
    Bytes bytes(BIO_ctrl_pending(impl_->out));
    std::size_t count = 0;
    if (!bytes.empty()) BIO_read_ex(impl_->out, bytes.data(), bytes.size(), &count);
    bytes.resize(count);
    return bytes;
}

std::optional<Alert> Engine::alert_received() const {
    return impl_->received;
}
std::optional<Alert> Engine::alert_sent() const {
    return impl_->sent;
}
std::string Engine::error() const {
    return impl_->error;
}

NegotiatedTls Engine::negotiated() const {
    NegotiatedTls out;
    auto* ssl = impl_->ssl.get();
    out.version = static_cast<Version>(SSL_version(ssl));
    if (const auto* cipher = SSL_get_current_cipher(ssl)) {
        const char* name = SSL_CIPHER_standard_name(cipher);
        out.cipher = name ? name : SSL_CIPHER_get_name(cipher);
    }
    if (const auto group = SSL_get_negotiated_group(ssl); group != NID_undef)
        if (const char* name = SSL_group_to_name(ssl, static_cast<int>(group))) out.group = name;
    if (const X509Ptr peer{SSL_get1_peer_certificate(ssl)}) out.peer_certificate = facts(*peer);
    return out;
}

Bytes Engine::server_public_key() const {
    auto* ssl = impl_->ssl.get();
    if (SSL_is_server(ssl)) {
        const auto* own = SSL_get_certificate(ssl);
        return own ? subject_public_key(*own) : Bytes{};
    }
    const X509Ptr peer{SSL_get1_peer_certificate(ssl)};
    return peer ? subject_public_key(*peer) : Bytes{};
}

}  // namespace rdpfault::tls
