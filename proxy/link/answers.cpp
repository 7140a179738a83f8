#include "proxy/link/answers.hpp"

#include <algorithm>
#include <cstring>

namespace rdpfault::link {

namespace {

void put16(std::uint8_t* at, std::uint32_t value) {
    at[0] = static_cast<std::uint8_t>(value >> 8);
    at[1] = static_cast<std::uint8_t>(value);
}
void put32(std::uint8_t* at, std::uint32_t value) {
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

// An IP packet back to the sender with room for `size` bytes behind the IP header, all zero.
PacketPtr begin_answer(const Packet& to, std::uint8_t protocol, std::size_t size) {
    const auto& h = to.headers;
    PacketPtr answer(new Packet);
    const std::size_t ip_header = h.version == 4 ? 20 : 40;
    answer->size = static_cast<std::uint16_t>(ethernet_size + ip_header + size);
    auto* bytes = answer->bytes.data();
    std::memset(bytes, 0, answer->size);
    auto* ip = bytes + ethernet_size;
    put16(bytes + 12, h.version == 4 ? 0x0800 : 0x86dd);
    if (h.version == 4) {
        ip[0] = 0x45;
        put16(ip + 2, static_cast<std::uint32_t>(ip_header + size));
        ip[6] = 0x40;  // don't fragment
        ip[8] = 64;
        ip[9] = protocol;
    } else {
        ip[0] = 0x60;
        put16(ip + 4, static_cast<std::uint32_t>(size));
        ip[6] = protocol;
        ip[7] = 64;
    }
    auto* source = ip + (h.version == 4 ? 12 : 8);
    std::memcpy(source, to.bytes.data() + h.destination_at(), h.address_size());
    std::memcpy(source + h.address_size(), to.bytes.data() + h.source_at(), h.address_size());
    return answer;
}

PacketPtr finish(PacketPtr answer) {
    const auto headers = parse(answer->frame());
    if (!headers) return nullptr;
    answer->headers = *headers;
    write_checksums(*answer);
    return answer;
}

PacketPtr make_icmp(const Packet& packet, std::uint8_t type, std::uint8_t code, std::uint32_t word) {
    const auto& h = packet.headers;
    if (h.protocol == 1 || h.protocol == 58) return nullptr;
    // As much of the packet as the answer has room for: IPv4 wants at most 576 in all, IPv6 1280.
    const std::size_t room = h.version == 4 ? 576 - 28 : 1280 - 48;
    const auto quoted = std::min<std::size_t>(h.end - h.network, room);
    auto answer = begin_answer(packet, h.version == 4 ? 1 : 58, 8 + quoted);
    auto* icmp = answer->bytes.data() + answer->size - quoted - 8;
    icmp[0] = type;
    icmp[1] = code;
    put32(icmp + 4, word);
    std::memcpy(icmp + 8, packet.bytes.data() + h.network, quoted);
    return finish(std::move(answer));
}

}  // namespace

PacketPtr make_reset(const Packet& packet) {
    const auto& h = packet.headers;
    if (!h.tcp() || h.kind == Kind::other || h.kind == Kind::reset) return nullptr;
    auto answer = begin_answer(packet, 6, 20);
    auto* tcp = answer->bytes.data() + answer->size - 20;
    put16(tcp, h.destination_port);
    put16(tcp + 2, h.source_port);
    const bool acknowledges = (h.flags & tcp_ack) != 0;
    if (acknowledges) {
        put32(tcp + 4, h.acknowledged);
        tcp[13] = tcp_rst;
    } else {
        const auto flags = (h.flags & tcp_syn ? 1U : 0U) + (h.flags & tcp_fin ? 1U : 0U);
        put32(tcp + 8, h.sequence + h.payload_size() + flags);
        tcp[13] = tcp_rst | tcp_ack;
    }
    tcp[12] = 5 << 4;
    return finish(std::move(answer));
}

PacketPtr make_unreachable(const Packet& packet, Unreachable why) {
    if (packet.headers.version == 4) {
        const std::uint8_t code = why == Unreachable::port ? 3 : why == Unreachable::host ? 1 : 13;
        return make_icmp(packet, 3, code, 0);
    }
    const std::uint8_t code = why == Unreachable::port ? 4 : why == Unreachable::host ? 3 : 1;
    return make_icmp(packet, 1, code, 0);
}

PacketPtr make_too_big(const Packet& packet, std::uint32_t mtu) {
    return packet.headers.version == 4 ? make_icmp(packet, 3, 4, mtu) : make_icmp(packet, 2, 0, mtu);
}

}  // namespace rdpfault::link
