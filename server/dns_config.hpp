// What the lab's name server answers, and what it says of itself. Filled from the `dns:` part of a scenario.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace rdpfault::server {

enum class NameAnswer : std::uint8_t {
    right,           // the address of the server
    no_such_name,    // RCODE 3
    no_address,      // the name is there, and has no address
    server_failure,  // RCODE 2
    refused,         // RCODE 5
    silence,
};

using Ipv4 = std::array<std::uint8_t, 4>;  // network order

struct DnsConfig {
    NameAnswer answer = NameAnswer::right;
    std::optional<Ipv4> address{};       // in place of the right one
    std::chrono::milliseconds delay{0};  // of every answer
    std::uint32_t first = 0;             // only so many queries are answered so, later ones rightly and at once; 0: all
    bool operator==(const DnsConfig&) const = default;
};
// Something about it is not as it should be.
inline bool misbehaves(const DnsConfig& config) {
    return config.answer != NameAnswer::right || config.address || config.delay.count() > 0;
}

struct DnsReport {
    std::uint32_t queries = 0;  // for the name's IPv4 address
    std::uint32_t wrong = 0;    // of these, answered wrongly, late or not at all
};

}  // namespace rdpfault::server
