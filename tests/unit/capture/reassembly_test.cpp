// One direction out of its segments, however a capture has them.
#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "harness/capture/reassembly.hpp"

namespace rdpfault::capture {
namespace {

using testing::IsEmpty;

struct Piece {
    std::int64_t offset;
    Bytes bytes;
};

// "abc<3 lost>def"
std::string text_of(const std::vector<Stretch>& stretches) {
    std::string text;
    for (const auto& stretch : stretches) {
        if (stretch.lost > 0) text += '<' + std::to_string(stretch.lost) + " lost>";
        text.append(stretch.bytes.begin(), stretch.bytes.end());
    }
    return text;
}

struct Stream {
    Stream() { assembly.begin(1); }
    Stream& add(std::int64_t offset, std::string_view text) {
        assembly.add(offset, to_bytes(text), out);
        return *this;
    }
    std::string text() const { return text_of(out); }

    Reassembly assembly{1024 * 1024};
    std::vector<Stretch> out;
};

TEST(Reassembly, PutsInOrderWhatCameOtherwise) {
    EXPECT_EQ(Stream().add(0, "abc").add(6, "ghi").add(3, "def").text(), "abcdefghi");
}

TEST(Reassembly, TheFirstOfTwoThatOverlapWins) {
    EXPECT_EQ(Stream().add(0, "abc").add(1, "XYd").text(), "abcd");
    EXPECT_EQ(Stream().add(2, "cd").add(6, "gh").add(1, "XXXXXXXX").add(0, "a").text(), "aXcdXXghX");
    EXPECT_EQ(Stream().add(2, "cdef").add(3, "XX").add(0, "ab").text(), "abcdef");
    EXPECT_EQ(Stream().add(-2, "XXab").text(), "ab");
}

TEST(Reassembly, AHoleIsToldWhenItsBytesAreAcknowledged) {
    Stream stream;
    stream.add(0, "ab").add(4, "ef");
    EXPECT_EQ(stream.text(), "ab");
    stream.assembly.acknowledged(2, stream.out);
    EXPECT_EQ(stream.text(), "ab");
    stream.assembly.acknowledged(3, stream.out);
    EXPECT_EQ(stream.text(), "ab<1 lost>");
    stream.assembly.acknowledged(6, stream.out);
    EXPECT_EQ(stream.text(), "ab<1 lost><1 lost>ef");
    stream.add(2, "cd");  // too late
    EXPECT_EQ(stream.text(), "ab<1 lost><1 lost>ef");
}

TEST(Reassembly, TheEndTellsWhatWaits) {
    Stream stream;
    stream.add(1, "b").add(4, "e");
    stream.assembly.flush(stream.out);
    EXPECT_EQ(stream.text(), "<1 lost>b<2 lost>e");
    EXPECT_EQ(stream.assembly.held(), 0U);
}

TEST(Reassembly, SequenceNumbersWrap) {
    Reassembly assembly(1024);
    assembly.begin(0xFFFFFFFE);
    std::vector<Stretch> out;
    EXPECT_EQ(assembly.offset_of(0xFFFFFFFD), -1);
    EXPECT_EQ(assembly.offset_of(1), 3);
    assembly.add(assembly.offset_of(0), to_bytes("cd"), out);
    assembly.add(assembly.offset_of(0xFFFFFFFE), to_bytes("ab"), out);
    EXPECT_EQ(text_of(out), "abcd");
    // More than four gigabytes on, the same numbers are other places.
    for (std::int64_t at = 4; at < std::int64_t{5} << 30; at += 1 << 29)
        assembly.acknowledged(at, out);
    EXPECT_GT(assembly.offset_of(0), std::int64_t{1} << 32);
}

TEST(Reassembly, MemoryIsBounded) {
    Reassembly assembly(10'000);
    assembly.begin(0);
    std::vector<Stretch> out;
    for (int i = 1; i < 100'000; i += 2) {
        assembly.add(i, to_bytes("x"), out);
        ASSERT_LE(assembly.held(), 10'200U);
    }
    EXPECT_GT(out.size(), 90'000U);  // told, behind gaps
}

TEST(Reassembly, NothingBeforeItHasBegun) {
    Reassembly assembly(10);
    std::vector<Stretch> out;
    assembly.add(0, to_bytes("x"), out);
    assembly.acknowledged(5, out);
    EXPECT_THAT(out, IsEmpty());
}

// Cuts at random, some twice, some overlapping with the same bytes, in any order: always the stream itself.
TEST(Reassembly, AnyOrderAndAnyRepetitionGiveTheSame) {
    std::mt19937 random(1);
    const auto draw = [&](std::size_t below) { return random() % below; };
    Bytes whole(5000);
    for (auto& byte : whole)
        byte = static_cast<std::uint8_t>(random());
    for (int round = 0; round < 200; ++round) {
        std::vector<Piece> pieces;
        for (std::size_t at = 0; at < whole.size();) {
            const auto size = std::min<std::size_t>(1 + draw(400), whole.size() - at);
            const auto back = std::min(at, draw(50));
            const auto bytes = ByteView(whole).subspan(at - back, size + back);
            for (std::size_t copy = 0; copy <= draw(3); ++copy)
                pieces.push_back({static_cast<std::int64_t>(at - back), Bytes(bytes.begin(), bytes.end())});
            at += size;
        }
        std::shuffle(pieces.begin(), pieces.end(), random);
        Reassembly assembly(1024 * 1024);
        assembly.begin(static_cast<std::uint32_t>(random()));
        std::vector<Stretch> out;
        for (const auto& piece : pieces)
            assembly.add(piece.offset, piece.bytes, out);
        Bytes got;
        for (const auto& stretch : out) {
            ASSERT_EQ(stretch.lost, 0U);
            ASSERT_EQ(stretch.offset, got.size());
            append(got, stretch.bytes);
        }
        ASSERT_EQ(got, whole) << round;
    }
}

}  // namespace
}  // namespace rdpfault::capture
