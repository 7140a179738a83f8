#include "proxy/link/segment.hpp"

#include <algorithm>
#include <cstring>

namespace rdpfault::link {

namespace {

void put16(Packet& packet, std::size_t at, std::size_t value) {
    packet.bytes[at] = static_cast<std::uint8_t>(value >> 8);
    packet.bytes[at + 1] = static_cast<std::uint8_t>(value);
}

// The headers of the super-packet before this piece of its payload, with what differs from packet to packet.
PacketPtr segment(ByteView frame, const Headers& whole, std::size_t offset, std::size_t size, std::size_t number) {
    PacketPtr packet(new Packet);
    auto& h = packet->headers;
    h = whole;
    h.end = static_cast<std::uint16_t>(whole.payload + size);
    packet->size = h.end;
    std::memcpy(packet->bytes.data(), frame.data(), whole.payload);
    std::memcpy(packet->bytes.data() + whole.payload, frame.data() + whole.payload + offset, size);

    const std::size_t length = h.end - h.network;
    if (h.version == 4) {
        put16(*packet, h.network + 2U, length);
        const std::size_t id = frame[h.network + 4U] << 8 | frame[h.network + 5U];
        put16(*packet, h.network + 4U, id + number);
    } else {
        put16(*packet, h.network + 4U, length - 40);
    }
    if (h.tcp()) {
        const bool last = offset + size == whole.payload_size();
        h.sequence = whole.sequence + static_cast<std::uint32_t>(offset);
        put16(*packet, h.transport + 4U, h.sequence >> 16);
        put16(*packet, h.transport + 6U, h.sequence & 0xffff);
        if (!last) h.flags &= static_cast<std::uint8_t>(~(tcp_fin | tcp_psh));
        if (number > 0) h.flags &= static_cast<std::uint8_t>(~tcp_cwr);
        packet->bytes[h.transport + 13U] = h.flags;
    } else {
        put16(*packet, h.transport + 4U, h.end - h.transport);
    }
    write_checksums(*packet);
    return packet;
}

}  // namespace

void cut(ByteView frame, const Offload& offload, std::vector<PacketPtr>& packets) {
    const auto whole = parse(frame);
    if (!whole) return;
    const bool several = offload.segment_size > 0 && whole->payload_size() > offload.segment_size;
    if (!several) {
        auto packet = make_packet(frame);
        if (!packet) return;
        if (offload.open_checksum) write_checksums(*packet);
        packets.push_back(std::move(packet));
        return;
    }
    const bool known = whole->kind == Kind::data || whole->kind == Kind::udp;
    if (!known || std::size_t{whole->payload} + offload.segment_size > max_frame) return;
    std::size_t number = 0;
    for (std::size_t offset = 0; offset < whole->payload_size(); offset += offload.segment_size) {
        const auto size = std::min<std::size_t>(offload.segment_size, whole->payload_size() - offset);
        packets.push_back(segment(frame, *whole, offset, size, number++));
    }
}

}  // namespace rdpfault::link
