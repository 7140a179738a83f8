#include "harness/capture/packet.hpp"

#include <algorithm>

#include "protocol/reader.hpp"

namespace rdpfault::capture {

namespace {

using protocol::Reader;

constexpr std::uint16_t ethertype_ipv4 = 0x0800;
constexpr std::uint16_t ethertype_ipv6 = 0x86DD;
constexpr int max_tags = 4;         // VLAN
constexpr int max_extensions = 10;  // headers of IPv6
constexpr std::uint8_t tcp = 6, icmp = 1, icmpv6 = 58;

bool is_vlan(std::uint16_t type) {
    return type == 0x8100 || type == 0x88A8 || type == 0x9100;
}

// Goes past the tags; what follows is the network header.
std::uint16_t behind_tags(Reader& reader, std::uint16_t type) {
    for (int i = 0; i < max_tags && is_vlan(type); ++i) {
        reader.skip(2, "VLAN tag");
        type = reader.u16be("type behind the VLAN tag");
    }
    return type;
}

// The network packet of a frame; `type` stays 0 where the link does not name it and the packet itself says.
std::uint16_t behind_link(LinkType link, Reader& reader) {
    switch (link) {
        case LinkType::loopback: {
            // The family in the byte order of whoever captured; IPv6 has another number on each system.
            reader.skip(4, "loopback family");
            return 0;
        }
        case LinkType::ethernet:
            reader.skip(12, "Ethernet addresses");
            return behind_tags(reader, reader.u16be("type"));
        case LinkType::raw_ip: return 0;
        case LinkType::linux_sll: reader.skip(14, "SLL header"); return behind_tags(reader, reader.u16be("SLL type"));
        case LinkType::linux_sll2: {
            const auto type = reader.u16be("SLL2 type");
            reader.skip(18, "SLL2 header");
            return behind_tags(reader, type);
        }
    }
    return 0;
}

struct IpHeader {
    std::uint8_t protocol = 0;
    std::uint8_t hops = 0;
    Address source;
    Address destination;
    std::size_t size = 0;  // of what follows, on the wire
};

using IpResult = std::variant<Skipped, IpHeader>;

void take_address(Reader& reader, Address& address, std::size_t size) {
    address.v6 = size == 16;
    std::ranges::copy(reader.take(size, "address"), address.ip.begin());
}

IpResult read_ipv4(Reader& reader) {
    const auto captured = reader.remaining();
    const auto first = reader.u8("IPv4 version");
    reader.skip(1, "IPv4 service");
    std::size_t total = reader.u16be("IPv4 length");
    reader.skip(2, "IPv4 id");
    const auto fragment = reader.u16be("IPv4 fragment");
    IpHeader header;
    header.hops = reader.u8("TTL");
    header.protocol = reader.u8("IPv4 protocol");
    reader.skip(2, "IPv4 checksum");
    take_address(reader, header.source, 4);
    take_address(reader, header.destination, 4);
    if (!reader.ok()) return Skipped::cut_off;
    const std::size_t size = 4U * (first & 0x0FU);
    if (total == 0) total = captured;  // a card cuts it into packets later
    if (size < 20 || size > total) return Skipped::malformed;
    if ((fragment & 0x3FFF) != 0) return Skipped::fragment;
    reader.skip(size - 20, "IPv4 options");
    header.size = total - size;
    return reader.ok() ? IpResult(header) : Skipped::cut_off;
}

bool is_extension(std::uint8_t protocol) {
    constexpr std::uint8_t hop_by_hop = 0, routing = 43, authentication = 51, destination = 60, mobility = 135;
    return protocol == hop_by_hop || protocol == routing || protocol == authentication || protocol == destination ||
           protocol == mobility;
}

IpResult read_ipv6(Reader& reader) {
    const auto captured = reader.remaining();
    reader.skip(4, "IPv6 version");
    std::size_t length = reader.u16be("IPv6 length");
    IpHeader header;
    header.protocol = reader.u8("IPv6 next header");
    header.hops = reader.u8("hop limit");
    take_address(reader, header.source, 16);
    take_address(reader, header.destination, 16);
    if (!reader.ok()) return Skipped::cut_off;
    if (length == 0) length = captured - 40;
    for (int i = 0; is_extension(header.protocol); ++i) {
        if (i == max_extensions) return Skipped::malformed;
        const bool authentication = header.protocol == 51;
        header.protocol = reader.u8("next header");
        const std::size_t units = reader.u8("length of the extension");
        const auto size = authentication ? 4 * (units + 2) : 8 * (units + 1);
        if (size > length) return Skipped::malformed;
        reader.skip(size - 2, "IPv6 extension");
        length -= size;
    }
    if (!reader.ok()) return Skipped::cut_off;
    constexpr std::uint8_t fragment = 44;
    if (header.protocol == fragment) return Skipped::fragment;
    header.size = length;
    return header;
}

IpResult read_ip(Reader& reader) {
    if (reader.at_end()) return Skipped::cut_off;
    switch (reader.peek_u8() >> 4) {
        case 4: return read_ipv4(reader);
        case 6: return read_ipv6(reader);
        default: return Skipped::not_tcp;
    }
}

std::optional<std::uint8_t> window_scale(ByteView options) {
    constexpr std::uint8_t end = 0, nothing = 1, scale = 3;
    while (!options.empty() && options[0] != end) {
        if (options[0] == nothing) {
            options = options.subspan(1);
            continue;
        }
        if (options.size() < 2 || options[1] < 2 || options[1] > options.size()) return std::nullopt;
        if (options[0] == scale && options[1] == 3) return std::min<std::uint8_t>(options[2], 14);
        options = options.subspan(options[1]);
    }
    return std::nullopt;
}

Packet read_tcp(Reader& reader, const IpHeader& ip) {
    Segment segment;
    segment.source = ip.source;
    segment.destination = ip.destination;
    segment.hops = ip.hops;
    segment.source.port = reader.u16be("source port");
    segment.destination.port = reader.u16be("destination port");
    segment.sequence = reader.u32be("sequence number");
    segment.acknowledged = reader.u32be("acknowledgement number");
    const std::size_t header = 4U * (reader.u8("data offset") >> 4);
    segment.flags = reader.u8("flags");
    segment.window = reader.u16be("window");
    reader.skip(4, "checksum, urgent pointer");
    if (!reader.ok()) return Skipped::cut_off;
    if (header < 20 || header > ip.size) return Skipped::malformed;
    const auto options = reader.take(header - 20, "options");
    if (!reader.ok()) return Skipped::cut_off;
    if (segment.has(flag::syn)) segment.window_scale = window_scale(options);
    segment.size = static_cast<std::uint32_t>(ip.size - header);
    segment.payload = reader.rest().first(std::min<std::size_t>(reader.remaining(), segment.size));
    return segment;
}

// It quotes the packet that it is about, at least up to the ports and the sequence number.
Packet read_unreachable(Reader& reader, bool v6) {
    const auto type = reader.u8("ICMP type");
    Unreachable found;
    found.code = reader.u8("ICMP code");
    found.v6 = v6;
    reader.skip(6, "ICMP header");
    if (!reader.ok()) return Skipped::cut_off;
    if (type != (v6 ? 1 : 3)) return Skipped::not_tcp;
    const auto inner = read_ip(reader);
    if (const auto* skipped = std::get_if<Skipped>(&inner)) return *skipped;
    const auto& quoted = std::get<IpHeader>(inner);
    if (quoted.protocol != tcp) return Skipped::not_tcp;
    found.source = quoted.source;
    found.destination = quoted.destination;
    found.source.port = reader.u16be("source port");
    found.destination.port = reader.u16be("destination port");
    found.sequence = reader.u32be("sequence number");
    return reader.ok() ? Packet(found) : Skipped::cut_off;
}

}  // namespace

Packet decode(LinkType link, ByteView frame) {
    Reader reader(frame);
    const auto type = behind_link(link, reader);
    if (!reader.ok()) return Skipped::cut_off;
    if (type != 0 && type != ethertype_ipv4 && type != ethertype_ipv6) return Skipped::not_tcp;
    const auto ip = read_ip(reader);
    if (const auto* skipped = std::get_if<Skipped>(&ip)) return *skipped;
    const auto& header = std::get<IpHeader>(ip);
    if (header.protocol == tcp) return read_tcp(reader, header);
    if (header.protocol == (header.source.v6 ? icmpv6 : icmp)) return read_unreachable(reader, header.source.v6);
    return Skipped::not_tcp;
}

}  // namespace rdpfault::capture
