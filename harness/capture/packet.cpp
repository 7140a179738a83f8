#include "harness/capture/packet.hpp"

#include <algorithm>

#include "harness/capture/ip.hpp"

namespace rdpfault::capture {

namespace {

using protocol::Reader;

constexpr std::uint16_t ethertype_ipv4 = 0x0800;
constexpr std::uint16_t ethertype_ipv6 = 0x86DD;
constexpr std::uint8_t tcp = 6, icmp = 1, icmpv6 = 58;

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
