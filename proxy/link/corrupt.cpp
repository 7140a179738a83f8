#include "proxy/link/corrupt.hpp"

#include <algorithm>
#include <set>

namespace rdpfault::link {

void CorruptEffect::configure(const DirectionSpec& spec, Time /*now*/) {
    corrupt_ = spec.corrupt.value_or(Corrupt{});
}

void CorruptEffect::take(PacketPtr packet, Time now, Outlet& outlet) {
    if (corrupt_.probability > 0 && packet->headers.payload_size() > 0) {
        auto draws = chance_.draws(name(), packet->ordinal);
        if (draws.uniform() < corrupt_.probability) {
            ++touched_;
            flip(*packet, draws);
        }
    }
    outlet.pass(std::move(packet), now);
}

// Of bits that differ from one another: flipping one twice would be no damage. A checksum left as it was may still fit,
// since flips at the same place of two words can cancel out: then one more is flipped.
void CorruptEffect::flip(Packet& packet, proxy::Draws& draws) const {
    const std::uint64_t all = std::uint64_t{8} * packet.headers.payload_size();
    std::set<std::uint64_t> flipped;
    const auto flip_one = [&] {
        auto bit = draws.below(all);
        while (!flipped.insert(bit).second)
            bit = (bit + 1) % all;
        packet.bytes[packet.headers.payload + bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    };
    const auto wanted = std::min<std::uint64_t>(corrupt_.bits, all);
    while (flipped.size() < wanted)
        flip_one();
    if (corrupt_.right_checksum)
        write_checksums(packet);
    else if (checksums_right(packet) && flipped.size() < all)
        flip_one();
}

}  // namespace rdpfault::link
