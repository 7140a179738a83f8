// Inside an Engine: OpenSSL's connection, what it tells about itself, and the sealer that may have taken over from it.
// For engine*.cpp only.
#pragma once

#include "protocol/tls/engine.hpp"
#include "protocol/tls/key_sink.hpp"
#include "protocol/tls/memory_bio.hpp"
#include "protocol/tls/openssl.hpp"

namespace rdpfault::tls {

struct Engine::State_ final : KeySink {
    State_(std::shared_ptr<const Context> the_context, const std::string& server_name, KeyLog the_key_log);
    State_(const State_&) = delete;
    State_& operator=(const State_&) = delete;

    void fail();
    void handshake();
    void read_all(Bytes& plaintext);
    void note_alert(Alert alert, bool from_peer);
    void write(ByteView plaintext);
    void write_waiting();

    // engine_seal.cpp
    bool seal(std::uint8_t content_type, ByteView content, Bytes& to);
    bool protect(std::uint8_t content_type, ByteView content, Bytes& to);
    void put_plain(std::uint8_t content_type, ByteView content, Bytes& to) const;
    Secrets current_secrets() const;
    bool is_tls_1_3() const { return SSL_version(ssl.get()) == TLS1_3_VERSION; }
    void output_taken();
    void on_written(int content_type, ByteView message);
    void count_record(std::uint8_t type);
    void on_message_written(int content_type, ByteView message);

    void on_key(std::string_view line) override;
    static void on_info(const SSL* ssl, int where, int value);
    static void on_message(int written, int version, int content_type, const void* data, std::size_t length, SSL* ssl,
                           void* self);

    std::shared_ptr<const Context> context;
    KeyLog key_log;
    MemoryEnds ends;
    SslPtr ssl;
    Bytes waiting;  // plaintext that cannot be written while a renegotiation goes on
    State state = State::handshaking;
    std::optional<Alert> received;
    std::optional<Alert> sent;
    std::optional<Alert> warning_received;
    std::optional<Alert> warning_sent;
    std::string error;

    Secrets secrets;  // but for version, suite and server random, which OpenSSL keeps
    WritePosition position;
    WritePosition taken;  // where the output ends that was taken
    std::optional<RecordSealer> sealer;
};

}  // namespace rdpfault::tls
