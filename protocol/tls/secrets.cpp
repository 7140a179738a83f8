#include "protocol/tls/secrets.hpp"

#include <array>
#include <utility>

namespace rdpfault::tls {

namespace {

constexpr std::array labels{
    std::pair{std::string_view("CLIENT_RANDOM"), &Secrets::master_secret},
    std::pair{std::string_view("CLIENT_HANDSHAKE_TRAFFIC_SECRET"), &Secrets::client_handshake_traffic},
    std::pair{std::string_view("SERVER_HANDSHAKE_TRAFFIC_SECRET"), &Secrets::server_handshake_traffic},
    std::pair{std::string_view("CLIENT_TRAFFIC_SECRET_0"), &Secrets::client_application_traffic},
    std::pair{std::string_view("SERVER_TRAFFIC_SECRET_0"), &Secrets::server_application_traffic},
};

std::string_view next_word(std::string_view& line) {
    const auto end = line.find(' ');
    const auto word = line.substr(0, end);
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    return word;
}

}  // namespace

bool take_key_log_line(std::string_view line, Secrets& secrets) {
    const auto label = next_word(line);
    const auto random = next_word(line);
    Bytes client_random;
    Bytes secret;
    if (!from_hex(random, client_random) || client_random.size() != 32) return false;
    if (!from_hex(line, secret) || secret.empty()) return false;
    for (const auto& [name, member] : labels) {
        if (name != label) continue;
        secrets.client_random = std::move(client_random);
        secrets.*member = std::move(secret);
        return true;
    }
    return false;
}

}  // namespace rdpfault::tls
