#include "proxy/link/mss_clamp.hpp"

namespace rdpfault::link {

namespace {

constexpr std::uint8_t option_end = 0, option_nothing = 1, option_mss = 2;

// Where the value of the MSS option lies in the frame; 0: nowhere.
std::size_t mss_at(const Packet& packet) {
    const auto& h = packet.headers;
    for (std::size_t at = h.transport + 20U; at < h.payload;) {
        const auto kind = packet.bytes[at];
        if (kind == option_end) return 0;
        if (kind == option_nothing) {
            ++at;
            continue;
        }
        if (at + 1 >= h.payload) return 0;
        const std::size_t size = packet.bytes[at + 1];
        if (size < 2 || at + size > h.payload) return 0;
        if (kind == option_mss && size == 4) return at + 2;
        at += size;
    }
    return 0;
}

}  // namespace

void MssClampEffect::take(PacketPtr packet, Time now, Outlet& outlet) {
    const auto kind = packet->headers.kind;
    if (limit_ > 0 && (kind == Kind::syn || kind == Kind::syn_ack)) {
        const auto at = mss_at(*packet);
        if (at > 0 && (std::uint32_t{packet->bytes[at]} << 8 | packet->bytes[at + 1]) > limit_) {
            ++touched_;
            packet->bytes[at] = static_cast<std::uint8_t>(limit_ >> 8);
            packet->bytes[at + 1] = static_cast<std::uint8_t>(limit_);
            write_checksums(*packet);
        }
    }
    outlet.pass(std::move(packet), now);
}

}  // namespace rdpfault::link
