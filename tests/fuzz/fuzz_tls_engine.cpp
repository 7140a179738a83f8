// A TLS server and a TLS client that are fed anything at all: as a stranger before the handshake, and from within the
// tunnel after it.
#include "protocol/tls/engine.hpp"
#include "protocol/tls/mint.hpp"
#include "tests/fuzz/fuzz_wire.hpp"

using namespace rdpfault;
using namespace rdpfault::tls;
using protocol::require;

namespace {

constexpr std::int64_t noon = 1'700'000'000;

std::shared_ptr<const Context> context(Role role, Version max) {
    ContextConfig config;
    config.role = role;
    config.min = Version::tls1_0;
    config.max = max;
    config.allow_renegotiation = true;
    CertificateSpec spec;
    spec.not_after = noon;
    spec.rsa_bits = 1024;  // a handshake is most of the time this takes
    if (role == Role::server) config.credential = std::make_shared<const Credential>(mint(spec));
    return std::make_shared<const Context>(config);
}

void check(Engine& engine, const Bytes& plaintext) {
    (void)engine.take_output();
    (void)engine.negotiated();
    (void)engine.secrets();
    require(engine.state() != Engine::State::failed || !engine.error().empty());
    require(engine.state() != Engine::State::handshaking || plaintext.empty());
    engine.write(plaintext);
    engine.inject_alert(2, 80);
    engine.close();
}

// In pieces of up to 255 bytes, as the first byte says; the whole at once when it is zero.
void feed_pieces(Engine& engine, ByteView input, Bytes& plaintext) {
    const std::size_t step = input[0] == 0 ? input.size() : input[0];
    for (std::size_t at = 1; at < input.size(); at += step)
        engine.feed(input.subspan(at, std::min(step, input.size() - at)), plaintext);
}

void meet_stranger(Engine engine, ByteView input) {
    Bytes plaintext;
    engine.start();
    feed_pieces(engine, input, plaintext);
    check(engine, plaintext);
}

// One record of the client's keys in which type and content are the input's; then the rest as it is.
void meet_peer(Engine client, Engine server, ByteView input) {
    Bytes none;
    client.start();
    for (int i = 0; i < 4; ++i) {
        server.feed(client.take_output(), none);
        client.feed(server.take_output(), none);
    }
    require(client.state() == Engine::State::established && server.state() == Engine::State::established);
    Bytes plaintext;
    server.feed(client.seal(input[0], input.subspan(1)), plaintext);
    server.feed(input, plaintext);
    check(server, plaintext);
    if (input.size() > 2) client.feed(server.seal(input[1], input.subspan(2)), plaintext);
    check(client, plaintext);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const auto client = context(Role::client, Version::tls1_3);
    static const auto client_1_2 = context(Role::client, Version::tls1_2);
    static const auto server = context(Role::server, Version::tls1_3);
    if (size < 2 || size > RecordSealer::max_content) return 0;
    const ByteView input(bytes + 1, size - 1);
    switch (bytes[0] % 4) {
        case 0: meet_stranger(Engine(server), input); break;
        case 1: meet_stranger(Engine(bytes[0] & 4 ? client : client_1_2), input); break;
        case 2: meet_peer(Engine(client), Engine(server), input); break;
        default: meet_peer(Engine(client_1_2), Engine(server), input); break;
    }
    return 0;
}
