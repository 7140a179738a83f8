// The parts of a proxied connection that are watched and broken each by itself.
#pragma once

#include <cstdint>
#include <string_view>

namespace rdpfault::proxy {

// A proxy that passes TLS through has the first one only; one that intercepts has the wire to the client, what TLS
// carries, and the wire to the server.
enum class Segment : std::uint8_t { client_wire, decrypted, server_wire };

constexpr std::string_view to_string(Segment segment) {
    switch (segment) {
        case Segment::client_wire: return "client wire";
        case Segment::decrypted: return "decrypted";
        case Segment::server_wire: return "server wire";
    }
    return "unknown";
}

}  // namespace rdpfault::proxy
