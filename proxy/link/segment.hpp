// What the kernel leaves to a network card, done here: a super-packet (GSO) cut into the packets that would be on the
// wire, and the checksums it left open.
#pragma once

#include <cstdint>
#include <vector>

#include "proxy/link/packet.hpp"

namespace rdpfault::link {

// What comes with a frame from the kernel (struct virtio_net_hdr).
struct Offload {
    std::uint16_t segment_size = 0;  // bytes of payload in each packet; 0: it is one packet
    bool open_checksum = false;      // the transport's checksum is to be computed
};

// Appends the packets of this frame, in order; nothing for a frame that does not parse or cannot be cut into packets of
// at most max_frame.
void cut(ByteView frame, const Offload& offload, std::vector<PacketPtr>& packets);

}  // namespace rdpfault::link
