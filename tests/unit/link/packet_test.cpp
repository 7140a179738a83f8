// Parsing of hostile bytes, segmentation and checksums.
#include "proxy/link/packet.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "proxy/faults/random.hpp"
#include "proxy/link/checksum.hpp"
#include "proxy/link/segment.hpp"
#include "tests/unit/link/playbook.hpp"

namespace rdpfault::link {
namespace {

class PacketTest : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Versions, PacketTest, testing::Values(4, 6));

TEST(Checksum, MatchesTheExampleOfRfc1071) {
    const Bytes words{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    const auto value = checksum_finish(checksum_add(words));
    std::uint8_t stored[2];
    std::memcpy(stored, &value, 2);
    EXPECT_EQ(stored[0] << 8 | stored[1], 0xffff - 0xddf2);
}

TEST(Checksum, HowTheBytesAreCutDoesNotMatter) {
    Bytes bytes;
    for (int i = 0; i < 301; ++i)
        bytes.push_back(static_cast<std::uint8_t>(i * 7));
    for (std::size_t at = 0; at < 300; at += 2)
        EXPECT_EQ(checksum_finish(checksum_add(ByteView(bytes).subspan(at), checksum_add(ByteView(bytes).first(at)))),
                  checksum_finish(checksum_add(bytes)));
}

TEST_P(PacketTest, SaysWhatItIs) {
    const auto kind = [](std::uint8_t flags, std::size_t payload = 0) {
        return tcp_packet({.flags = flags, .payload = payload, .version = GetParam()})->headers.kind;
    };
    EXPECT_EQ(kind(tcp_syn), Kind::syn);
    EXPECT_EQ(kind(tcp_syn | tcp_ack), Kind::syn_ack);
    EXPECT_EQ(kind(tcp_ack), Kind::ack);
    EXPECT_EQ(kind(tcp_ack | tcp_psh, 5), Kind::data);
    EXPECT_EQ(kind(tcp_ack | tcp_fin), Kind::fin);
    EXPECT_EQ(kind(tcp_rst | tcp_ack), Kind::reset);
    const auto packet = tcp_packet({.sequence = 0x01020304, .text = "hello", .version = GetParam()});
    EXPECT_EQ(packet->headers.sequence, 0x01020304U);
    EXPECT_EQ(Bytes(packet->payload().begin(), packet->payload().end()), to_bytes("hello"));
}

TEST_P(PacketTest, FlowIsTheSameInBothDirections) {
    const auto there = tcp_packet({.version = GetParam()});
    const auto back = tcp_packet({.version = GetParam()}, true);
    EXPECT_EQ(flow_of(there->headers, there->frame(), Direction::client_to_server),
              flow_of(back->headers, back->frame(), Direction::server_to_client));
}

TEST_P(PacketTest, EveryTruncationAndEveryFlippedByteStaysInBounds) {
    const auto frame = tcp_frame({.options = Bytes(12, 1), .text = "payload", .version = GetParam()});
    const auto whole = parse(frame);
    ASSERT_TRUE(whole);
    const auto inside = [](const Headers& h, std::size_t size) {
        return h.network <= h.transport && h.transport <= h.payload && h.payload <= h.end && h.end <= size;
    };
    for (std::size_t size = 0; size < frame.size(); ++size) {
        const Bytes cut_frame(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(parse(cut_frame)) << size;
    }
    for (std::size_t at = 0; at < frame.size(); ++at)
        for (int value = 0; value < 256; ++value) {
            auto changed = frame;
            changed[at] = static_cast<std::uint8_t>(value);
            const auto h = parse(changed);
            ASSERT_TRUE(!h || inside(*h, changed.size())) << at << " " << value;
        }
}

TEST(Packet, RandomBytesStayInBounds) {
    proxy::Draws draws(proxy::DrawKey{});
    for (int i = 0; i < 20'000; ++i) {
        Bytes bytes(draws.below(90));
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(draws.next());
        if (bytes.size() > 14) {
            bytes[12] = i % 2 ? 0x08 : 0x86;
            bytes[13] = i % 2 ? 0x00 : 0xdd;
            bytes[14] = i % 2 ? 0x45 : 0x60;
        }
        std::vector<PacketPtr> packets;
        cut(bytes, {.segment_size = static_cast<std::uint16_t>(draws.below(30)), .open_checksum = true}, packets);
        for (const auto& packet : packets)
            EXPECT_LE(packet->headers.end, packet->size);
    }
}

TEST_P(PacketTest, SuperPacketIsCutAsACardWould) {
    Made made{.flags = tcp_ack | tcp_psh | tcp_fin, .sequence = 0xffffff00, .payload = 2500, .version = GetParam()};
    std::vector<PacketPtr> packets;
    cut(tcp_frame(made), {.segment_size = 1000, .open_checksum = true}, packets);
    ASSERT_EQ(packets.size(), 3U);
    std::uint32_t expected = made.sequence;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto& packet = *packets[i];
        EXPECT_TRUE(checksums_right(packet));
        EXPECT_EQ(packet.headers.payload_size(), i < 2 ? 1000U : 500U);
        const auto parsed = parse(packet.frame());
        ASSERT_TRUE(parsed);
        EXPECT_EQ(parsed->sequence, expected);
        EXPECT_EQ(parsed->end, packet.size);
        EXPECT_EQ((parsed->flags & (tcp_fin | tcp_psh)) != 0, i == 2);
        expected += packet.headers.payload_size();
    }
}

TEST_P(PacketTest, OpenChecksumIsClosed) {
    std::vector<PacketPtr> packets;
    cut(tcp_frame({.payload = 33, .version = GetParam()}), {.open_checksum = true}, packets);
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_TRUE(checksums_right(*packets[0]));
    packets[0]->bytes[packets[0]->headers.payload] ^= 1;
    EXPECT_FALSE(checksums_right(*packets[0]));
}

TEST(Packet, LongerThanAnMtuIsNoPacket) {
    std::vector<PacketPtr> packets;
    cut(tcp_frame({.payload = 1461}), {}, packets);
    EXPECT_TRUE(packets.empty());
    cut(tcp_frame({.payload = 1460}), {}, packets);
    EXPECT_EQ(packets.size(), 1U);
}

}  // namespace
}  // namespace rdpfault::link
