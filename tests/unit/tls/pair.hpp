// Two engines that talk in memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>

#include "protocol/tls/engine.hpp"
#include "protocol/tls/mint.hpp"

namespace rdpfault::tls::test {

constexpr std::int64_t noon = 1'700'000'000;

// Self-signed for localhost, minted once.
inline std::shared_ptr<const Credential> credential(KeyType type = KeyType::rsa) {
    static std::map<KeyType, std::shared_ptr<const Credential>> minted;
    auto& one = minted[type];
    if (!one) {
        CertificateSpec spec;
        spec.not_before = noon;
        spec.not_after = noon + 86'400;
        spec.key_type = type;
        one = std::make_shared<const Credential>(mint(spec));
    }
    return one;
}

inline EngineConfig client_config(Version min, Version max) {
    EngineConfig config;
    config.min = min;
    config.max = max;
    return config;
}

inline EngineConfig server_config(Version min, Version max) {
    auto config = client_config(min, max);
    config.role = Role::server;
    config.credential = credential();
    return config;
}

struct Pair {
    Pair(const EngineConfig& client_side, const EngineConfig& server_side) : client(client_side), server(server_side) {}
    Pair(Engine client_side, Engine server_side) : client(std::move(client_side)), server(std::move(server_side)) {}

    void connect() {
        client.start();
        run();
    }

    // Moves everything both have to say, `step` bytes at a time.
    void run(std::size_t step = 65536) {
        for (bool moved = true; moved;) {
            moved = move(client, server, server_plain, client_sent, step);
            moved = move(server, client, client_plain, server_sent, step) || moved;
        }
    }

    Engine client;
    Engine server;
    Bytes client_plain;  // decrypted by the client
    Bytes server_plain;
    std::vector<std::size_t> client_sent;  // the length of each flight
    std::vector<std::size_t> server_sent;

  private:
    static bool move(Engine& from, Engine& to, Bytes& plain, std::vector<std::size_t>& lengths, std::size_t step) {
        const auto bytes = from.take_output();
        if (bytes.empty()) return false;
        lengths.push_back(bytes.size());
        for (std::size_t at = 0; at < bytes.size(); at += step)
            to.feed(ByteView(bytes).subspan(at, std::min(step, bytes.size() - at)), plain);
        return true;
    }
};

}  // namespace rdpfault::tls::test
