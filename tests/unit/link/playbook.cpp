#include "tests/unit/link/playbook.hpp"

#include <stdexcept>

namespace rdpfault::link {

namespace {

void put16(Bytes& bytes, std::size_t value) {
    bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(value));
}
void put32(Bytes& bytes, std::uint32_t value) {
    put16(bytes, value >> 16);
    put16(bytes, value & 0xffff);
}

}  // namespace

Bytes tcp_frame(const Made& made, bool reverse) {
    const Bytes data = made.text.empty() ? Bytes(made.payload, 'x') : to_bytes(made.text);
    const auto transport = 20 + made.options.size() + data.size();
    Bytes bytes(12);
    const auto addresses = [&](std::size_t size) {
        for (const bool server : {reverse, !reverse}) {
            bytes.insert(bytes.end(), size - 1, server ? 0x20 : 0x10);
            bytes.push_back(server ? 2 : 1);
        }
    };
    if (made.version == 4) {
        put16(bytes, 0x0800);
        append(bytes, Bytes{0x45, 0});
        put16(bytes, 20 + transport);
        append(bytes, Bytes{0x12, 0x34, 0x40, 0, 64, 6, 0, 0});
        addresses(4);
    } else {
        put16(bytes, 0x86dd);
        append(bytes, Bytes{0x60, 0, 0, 0});
        put16(bytes, transport);
        append(bytes, Bytes{6, 64});
        addresses(16);
    }
    put16(bytes, reverse ? made.destination_port : made.source_port);
    put16(bytes, reverse ? made.source_port : made.destination_port);
    put32(bytes, made.sequence);
    put32(bytes, made.acknowledged);
    bytes.push_back(static_cast<std::uint8_t>((20 + made.options.size()) / 4 << 4));
    bytes.push_back(made.flags);
    append(bytes, Bytes{1, 0, 0, 0, 0, 0});
    append(bytes, made.options);
    append(bytes, data);
    return bytes;
}

PacketPtr tcp_packet(const Made& made, bool reverse) {
    auto packet = make_packet(tcp_frame(made, reverse));
    if (!packet) throw std::logic_error("a packet of the test's own does not parse");
    write_checksums(*packet);
    return packet;
}

void Playbook::take(PacketPtr packet) {
    effect_.advance(now, *this);
    packet->ordinal = ++ordinal_;
    effect_.take(std::move(packet), now, *this);
    wait(Duration{0});
}

void Playbook::take(std::size_t count, std::size_t payload) {
    for (std::size_t i = 0; i < count; ++i)
        take(tcp_packet({.payload = payload}));
}

void Playbook::wait(Duration time) {
    const auto until = now + time;
    for (auto due = effect_.due(); due && *due <= until; due = effect_.due()) {
        now = std::max(now, *due);
        effect_.advance(now, *this);
    }
    now = until;
}

std::vector<std::uint64_t> Playbook::ordinals() const {
    std::vector<std::uint64_t> result;
    for (const auto& seen : passed)
        result.push_back(seen.packet->ordinal);
    return result;
}

std::vector<std::int64_t> Playbook::microseconds() const {
    std::vector<std::int64_t> result;
    for (const auto& seen : passed)
        result.push_back(std::chrono::duration_cast<Duration>(seen.at - began).count());
    return result;
}

}  // namespace rdpfault::link
