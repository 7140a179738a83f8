// Reads capture files: pcap and pcapng through libpcap, and the TLS secrets in a pcapng, which libpcap passes over.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "harness/capture/packet.hpp"

namespace rdpfault::capture {

// Whether the file begins as a capture does; false, too, when it cannot be read.
bool is_capture(const std::string& path);

struct ReadResult {
    std::string error;    // empty: read to its end
    std::string trouble;  // it was cut short: what came before was read
};

// Calls `on_packet` for each packet of the file, in its order.
using OnPacket = std::function<void(LinkType link, ByteView frame, Time at)>;
ReadResult read_capture(const std::string& path, const OnPacket& on_packet);

// The key log text that a pcapng file carries; empty where it has none.
std::string embedded_secrets(const std::string& path);

}  // namespace rdpfault::capture
