// Bytes and where they run: the vocabulary every floor shares.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rdpfault {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// The two ends of a proxied connection, and the two byte streams between them.
enum class Side : std::uint8_t { client, server };
enum class Direction : std::uint8_t { client_to_server, server_to_client };

constexpr Side other(Side side) {
    return side == Side::client ? Side::server : Side::client;
}
constexpr Direction opposite(Direction d) {
    return d == Direction::client_to_server ? Direction::server_to_client : Direction::client_to_server;
}
constexpr Direction from(Side side) {
    return side == Side::client ? Direction::client_to_server : Direction::server_to_client;
}
constexpr Direction towards(Side side) {
    return from(other(side));
}
constexpr Side source(Direction d) {
    return d == Direction::client_to_server ? Side::client : Side::server;
}
constexpr Side destination(Direction d) {
    return other(source(d));
}

// "client" | "server".
std::string_view to_string(Side side);
// "client-to-server" | "server-to-client".
std::string_view to_string(Direction direction);

// Lower-case hexadecimal without separators ("0300").
std::string to_hex(ByteView bytes);

// The inverse; white space between bytes is allowed. False, and `out` untouched, for an odd digit or another character.
bool from_hex(std::string_view text, Bytes& out);

inline Bytes to_bytes(std::string_view text) {
    return {text.begin(), text.end()};
}
inline void append(Bytes& to, ByteView bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace rdpfault
