// The decoder: every link type, every header on the way to TCP, and packets that end or lie.
#include "tests/unit/capture/frames.hpp"

namespace rdpfault::capture::test {
namespace {

const Tcp sample{40000, 3389, 1000, 2000, flag::ack, to_bytes("hello"), 64, {}};

const Segment* segment_of(const Packet& packet) {
    return std::get_if<Segment>(&packet);
}

void expect_sample(LinkType link, const Bytes& bytes) {
    const auto packet = decode(link, bytes);
    const auto* segment = segment_of(packet);
    ASSERT_NE(segment, nullptr);
    EXPECT_EQ(segment->source.port, 40000);
    EXPECT_EQ(segment->destination.port, 3389);
    EXPECT_EQ(segment->sequence, 1000U);
    EXPECT_EQ(segment->acknowledged, 2000U);
    EXPECT_EQ(Bytes(segment->payload.begin(), segment->payload.end()), to_bytes("hello"));
    EXPECT_EQ(segment->size, 5U);
    EXPECT_EQ(segment->hops, 64);
}

TEST(Packet, IsFoundBehindEveryLink) {
    const auto ip = ipv4(tcp_bytes(sample), sample);
    expect_sample(LinkType::ethernet, ethernet(ip));
    expect_sample(LinkType::ethernet, ethernet(cat({be16(5), be16(0x0800), ip}), 0x8100));
    expect_sample(LinkType::ethernet, ethernet(cat({be16(5), be16(0x8100), be16(6), be16(0x0800), ip}), 0x88A8));
    expect_sample(LinkType::raw_ip, ip);
    expect_sample(LinkType::loopback, cat({{2, 0, 0, 0}, ip}));
    expect_sample(LinkType::linux_sll, cat({Bytes(14, 0), be16(0x0800), ip}));
    expect_sample(LinkType::linux_sll2, cat({be16(0x0800), Bytes(18, 0), ip}));
}

TEST(Packet, IsFoundBehindIpv6AndItsExtensions) {
    const auto tcp = tcp_bytes(sample);
    expect_sample(LinkType::ethernet, ethernet(ipv6(tcp), 0x86DD));
    const Bytes padding{0, 0, 0, 0, 0, 0};
    expect_sample(LinkType::raw_ip, ipv6(cat({{60, 0}, padding, {6, 0}, padding, tcp}), 0));
    Bytes chain;
    for (int i = 0; i < 20; ++i)
        append(chain, cat({{60, 0}, padding}));
    EXPECT_EQ(std::get<Skipped>(decode(LinkType::raw_ip, ipv6(cat({chain, tcp}), 60))), Skipped::malformed);
    EXPECT_EQ(std::get<Skipped>(decode(LinkType::raw_ip, ipv6(cat({{6, 0}, padding, tcp}), 44))), Skipped::fragment);
}

TEST(Packet, PaddingOfEthernetIsNoPayload) {
    auto bytes = frame(sample);
    bytes.insert(bytes.end(), 9, 0);
    expect_sample(LinkType::ethernet, bytes);
}

TEST(Packet, SaysHowMuchTheSnapshotLengthCutOff) {
    auto bytes = frame(sample);
    bytes.resize(bytes.size() - 3);
    const auto packet = decode(LinkType::ethernet, bytes);
    ASSERT_NE(segment_of(packet), nullptr);
    EXPECT_EQ(segment_of(packet)->payload.size(), 2U);
    EXPECT_EQ(segment_of(packet)->size, 5U);
}

TEST(Packet, EveryShorterOneIsSafe) {
    for (const auto& whole : {frame(sample), ethernet(ipv6(tcp_bytes(sample)), 0x86DD)})
        for (std::size_t size = 0; size < whole.size() - 5; ++size)
            EXPECT_EQ(segment_of(decode(LinkType::ethernet, ByteView(whole).first(size))), nullptr) << size;
}

TEST(Packet, OthersSayWhyTheyAreSkipped) {
    EXPECT_EQ(std::get<Skipped>(decode(LinkType::ethernet, ethernet(Bytes(28, 0), 0x0806))), Skipped::not_tcp);
    EXPECT_EQ(std::get<Skipped>(decode(LinkType::raw_ip, ipv4(Bytes(8, 0), sample, 17))), Skipped::not_tcp);
    EXPECT_EQ(std::get<Skipped>(decode(LinkType::raw_ip, ipv4(tcp_bytes(sample), sample, 6, 0x2000))),
              Skipped::fragment);
    auto lying = ipv4(tcp_bytes(sample), sample);
    lying[20 + 12] = 0xF0;  // TCP's header is said to be longer than the packet
    EXPECT_EQ(std::get<Skipped>(decode(LinkType::raw_ip, lying)), Skipped::malformed);
    lying[0] = 0x44;  // and IP's shorter than one can be
    EXPECT_EQ(std::get<Skipped>(decode(LinkType::raw_ip, lying)), Skipped::malformed);
}

TEST(Packet, ASynNamesItsWindowScale) {
    auto syn = sample;
    syn.flags = flag::syn;
    syn.options = {1, 3, 3, 7};
    const auto bytes = frame(syn);
    EXPECT_EQ(segment_of(decode(LinkType::ethernet, bytes))->window_scale, 7);
    syn.options = {3, 9, 7, 0};  // longer than all options together
    EXPECT_FALSE(segment_of(decode(LinkType::ethernet, frame(syn)))->window_scale);
}

TEST(Packet, AnUnreachableQuotesItsSyn) {
    const auto quoted = ipv4(tcp_bytes(sample), sample);
    auto reply = sample;
    std::swap(reply.source, reply.destination);
    const auto icmp = cat({{3, 13}, Bytes(6, 0), Bytes(quoted.begin(), quoted.begin() + 28)});
    const auto packet = decode(LinkType::raw_ip, ipv4(icmp, reply, 1));
    const auto* unreachable = std::get_if<Unreachable>(&packet);
    ASSERT_NE(unreachable, nullptr);
    EXPECT_EQ(unreachable->code, 13);
    EXPECT_EQ(to_string(unreachable->source), "10.0.0.1:40000");
    EXPECT_EQ(to_string(unreachable->destination), "10.0.0.2:3389");
    EXPECT_EQ(unreachable->sequence, 1000U);
}

}  // namespace
}  // namespace rdpfault::capture::test
