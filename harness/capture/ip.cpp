#include "harness/capture/ip.hpp"

#include <algorithm>

namespace rdpfault::capture {

namespace {

using protocol::Reader;

constexpr int max_tags = 4;         // VLAN
constexpr int max_extensions = 10;  // headers of IPv6

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

}  // namespace

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

IpResult read_ip(Reader& reader) {
    if (reader.at_end()) return Skipped::cut_off;
    switch (reader.peek_u8() >> 4) {
        case 4: return read_ipv4(reader);
        case 6: return read_ipv6(reader);
        default: return Skipped::not_tcp;
    }
}

}  // namespace rdpfault::capture
