#include "proxy/link/packet.hpp"

#include <algorithm>
#include <cstring>

#include "proxy/link/checksum.hpp"

namespace rdpfault::link {

namespace {

constexpr std::uint8_t protocol_icmp = 1, protocol_tcp = 6, protocol_udp = 17, protocol_icmp6 = 58;

std::uint16_t get16(ByteView bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}
std::uint32_t get32(ByteView bytes, std::size_t at) {
    return std::uint32_t{get16(bytes, at)} << 16 | get16(bytes, at + 2);
}

// Fills in what the IP header says, up to `transport`, `end` and `protocol`. False when it is not one.
bool parse_network(ByteView frame, Headers& headers, bool& first_fragment) {
    const auto type = get16(frame, 12);
    const auto ip = frame.subspan(ethernet_size);
    headers.network = ethernet_size;
    std::size_t header = 0, total = 0;
    first_fragment = true;
    if (type == 0x0800) {
        if (ip.size() < 20 || ip[0] >> 4 != 4) return false;
        headers.version = 4;
        header = std::size_t{4} * (ip[0] & 0x0f);
        total = get16(ip, 2);
        headers.protocol = ip[9];
        first_fragment = (get16(ip, 6) & 0x1fff) == 0;
        if (header < 20) return false;
    } else if (type == 0x86dd) {
        if (ip.size() < 40 || ip[0] >> 4 != 6) return false;
        headers.version = 6;
        header = 40;
        total = std::size_t{40} + get16(ip, 4);
        headers.protocol = ip[6];  // extension headers are left to be `other`
    } else {
        return false;
    }
    if (total < header || total > ip.size() || ethernet_size + total > 0xffff) return false;
    headers.transport = static_cast<std::uint16_t>(ethernet_size + header);
    headers.payload = headers.transport;
    headers.end = static_cast<std::uint16_t>(ethernet_size + total);
    return true;
}

Kind tcp_kind(const Headers& headers) {
    if (headers.flags & tcp_rst) return Kind::reset;
    if (headers.flags & tcp_syn) return headers.flags & tcp_ack ? Kind::syn_ack : Kind::syn;
    if (headers.payload_size() > 0) return Kind::data;
    return headers.flags & tcp_fin ? Kind::fin : Kind::ack;
}

bool parse_tcp(ByteView frame, Headers& headers) {
    if (headers.end < headers.transport + 20) return false;
    const auto tcp = frame.subspan(headers.transport);
    const std::size_t header = std::size_t{4} * (tcp[12] >> 4);
    if (header < 20 || headers.transport + header > headers.end) return false;
    headers.source_port = get16(tcp, 0);
    headers.destination_port = get16(tcp, 2);
    headers.sequence = get32(tcp, 4);
    headers.acknowledged = get32(tcp, 8);
    headers.flags = tcp[13];
    headers.payload = static_cast<std::uint16_t>(headers.transport + header);
    headers.kind = tcp_kind(headers);
    return true;
}

bool parse_udp(ByteView frame, Headers& headers) {
    if (headers.end < headers.transport + 8) return false;
    headers.source_port = get16(frame, headers.transport);
    headers.destination_port = get16(frame, headers.transport + 2U);
    headers.payload = static_cast<std::uint16_t>(headers.transport + 8);
    headers.kind = Kind::udp;
    return true;
}

// Where the checksum of the transport lies, within the frame; 0: it has none that we know.
std::size_t checksum_at(const Headers& headers) {
    switch (headers.kind) {
        case Kind::other: return 0;
        case Kind::udp: return headers.transport + 6U;
        case Kind::icmp: return headers.transport + 2U;
        default: return headers.transport + 16U;
    }
}

std::uint64_t transport_sum(const Packet& packet) {
    const auto& h = packet.headers;
    const auto frame = packet.frame();
    const auto transport = frame.subspan(h.transport, h.end - h.transport);
    std::uint64_t sum = 0;
    if (h.protocol != protocol_icmp)
        sum = pseudo_header(frame.subspan(h.source_at(), h.address_size()),
                            frame.subspan(h.destination_at(), h.address_size()), h.protocol,
                            static_cast<std::uint32_t>(transport.size()));
    return checksum_add(transport, sum);
}

void put_checksum(Packet& packet, std::size_t at, std::uint16_t value) {
    std::memcpy(packet.bytes.data() + at, &value, sizeof value);
}

}  // namespace

std::string_view to_string(Kind kind) {
    switch (kind) {
        case Kind::syn: return "syn";
        case Kind::syn_ack: return "syn-ack";
        case Kind::fin: return "fin";
        case Kind::reset: return "reset";
        case Kind::data: return "data";
        case Kind::ack: return "ack";
        case Kind::udp: return "udp";
        case Kind::icmp: return "icmp";
        case Kind::other: return "other";
    }
    return "";
}

std::optional<Headers> parse(ByteView frame) {
    Headers headers;
    bool first_fragment = true;
    if (frame.size() < ethernet_size || !parse_network(frame, headers, first_fragment)) return std::nullopt;
    if (!first_fragment) return headers;
    if (headers.protocol == protocol_tcp && !parse_tcp(frame, headers)) return std::nullopt;
    if (headers.protocol == protocol_udp && !parse_udp(frame, headers)) return std::nullopt;
    const bool icmp = headers.protocol == (headers.version == 4 ? protocol_icmp : protocol_icmp6);
    if (icmp && headers.end >= headers.transport + 8) headers.kind = Kind::icmp;
    return headers;
}

FlowKey flow_of(const Headers& headers, ByteView frame, Direction direction) {
    FlowKey key;
    auto source = frame.subspan(headers.source_at(), headers.address_size());
    auto destination = frame.subspan(headers.destination_at(), headers.address_size());
    key.client_port = headers.source_port;
    key.server_port = headers.destination_port;
    if (direction == Direction::server_to_client) {
        std::swap(source, destination);
        std::swap(key.client_port, key.server_port);
    }
    std::copy(source.begin(), source.end(), key.client.begin());
    std::copy(destination.begin(), destination.end(), key.server.begin());
    return key;
}

PacketPtr make_packet(ByteView frame) {
    if (frame.size() > max_frame) return nullptr;
    const auto headers = parse(frame);
    if (!headers) return nullptr;
    PacketPtr packet(new Packet);  // not make_unique, which would clear the bytes first
    packet->headers = *headers;
    packet->size = static_cast<std::uint16_t>(frame.size());
    std::memcpy(packet->bytes.data(), frame.data(), frame.size());
    return packet;
}

PacketPtr copy_of(const Packet& packet) {
    PacketPtr copy(new Packet);
    copy->headers = packet.headers;
    copy->ordinal = packet.ordinal;
    copy->entered = packet.entered;
    copy->size = packet.size;
    std::memcpy(copy->bytes.data(), packet.bytes.data(), packet.size);
    return copy;
}

void write_checksums(Packet& packet) {
    const auto& h = packet.headers;
    if (h.version == 4) {
        put_checksum(packet, h.network + 10U, 0);
        const auto header = packet.frame().subspan(h.network, h.transport - h.network);
        put_checksum(packet, h.network + 10U, checksum_finish(checksum_add(header)));
    }
    const auto at = checksum_at(h);
    if (at == 0) return;
    put_checksum(packet, at, 0);
    auto value = checksum_finish(transport_sum(packet));
    if (h.kind == Kind::udp && value == 0) value = 0xffff;  // zero would say that there is none
    put_checksum(packet, at, value);
}

bool checksums_right(const Packet& packet) {
    const auto& h = packet.headers;
    if (h.version == 4) {
        const auto header = packet.frame().subspan(h.network, h.transport - h.network);
        if (checksum_finish(checksum_add(header)) != 0) return false;
    }
    const auto at = checksum_at(h);
    if (at == 0) return true;
    if (h.kind == Kind::udp && h.version == 4 && packet.bytes[at] == 0 && packet.bytes[at + 1] == 0) return true;
    return checksum_finish(transport_sum(packet)) == 0;
}

}  // namespace rdpfault::link
