#include "proxy/session/held_stream.hpp"

#include <gtest/gtest.h>

#include <random>

namespace rdpfault::proxy {
namespace {

HeldStream holding(std::string_view text) {
    HeldStream held;
    held.append(to_bytes(text));
    return held;
}

TEST(HeldStream, GivesBackWhatItWasGiven) {
    auto held = holding("abcdef");
    EXPECT_EQ(held.size(), 6U);
    EXPECT_EQ(held.take_until(2), to_bytes("ab"));
    EXPECT_EQ(held.begin(), 2U);
    EXPECT_EQ(held.end(), 6U);
    held.append(to_bytes("gh"));
    EXPECT_EQ(held.take_until(2), Bytes{});
    EXPECT_EQ(held.take_until(1), Bytes{});
    EXPECT_EQ(held.take_until(100), to_bytes("cdefgh"));
    EXPECT_EQ(held.begin(), 8U);
    EXPECT_EQ(held.size(), 0U);
}

TEST(HeldStream, ReplacesARangeWithoutMovingOffsets) {
    auto held = holding("abcdefgh");
    held.replace(2, 5, to_bytes("12345678"));
    EXPECT_EQ(held.size(), 13U);
    EXPECT_EQ(held.end(), 8U);
    EXPECT_EQ(held.view(5, 7), to_bytes("fg"));
    EXPECT_EQ(held.take_until(8), to_bytes("ab12345678fgh"));
    EXPECT_EQ(held.begin(), 8U);
}

TEST(HeldStream, LetsAnEditedRangeGoWholeOrNotAtAll) {
    auto held = holding("abcdefgh");
    held.replace(2, 5, to_bytes("XY"));
    EXPECT_EQ(held.take_until(3), to_bytes("ab"));
    EXPECT_EQ(held.take_until(4), Bytes{});
    EXPECT_EQ(held.begin(), 2U);
    EXPECT_EQ(held.take_until(5), to_bytes("XY"));
    EXPECT_EQ(held.begin(), 5U);
}

TEST(HeldStream, CanDeleteARange) {
    auto held = holding("abcdefgh");
    held.replace(2, 5, {});
    EXPECT_EQ(held.take_until(5), to_bytes("ab"));
    EXPECT_EQ(held.begin(), 5U);
    EXPECT_EQ(held.take_until(8), to_bytes("fgh"));
}

TEST(HeldStream, EditsAnEditAgain) {
    auto held = holding("abcdefgh");
    held.replace(2, 5, to_bytes("XY"));
    EXPECT_EQ(held.view(2, 5), to_bytes("XY"));
    held.replace(2, 5, to_bytes("Z"));
    EXPECT_EQ(held.view(0, 8), to_bytes("abZfgh"));
    held.replace(4, 7, to_bytes("!"));  // overlaps: takes the earlier edit with it
    EXPECT_EQ(held.take_until(8), to_bytes("ab!h"));
}

TEST(HeldStream, IgnoresWhatHasGone) {
    auto held = holding("abcdefgh");
    (void)held.take_until(4);
    held.replace(1, 3, to_bytes("late"));
    EXPECT_EQ(held.view(1, 4), Bytes{});
    EXPECT_EQ(held.begin(), 4U);
    EXPECT_EQ(held.take_until(8), to_bytes("efgh"));
    EXPECT_EQ(held.begin(), 8U);
}

TEST(HeldStream, ClearsButKeepsCounting) {
    auto held = holding("abcd");
    held.clear();
    EXPECT_EQ(held.begin(), 4U);
    EXPECT_EQ(held.end(), 4U);
    held.append(to_bytes("ef"));
    EXPECT_EQ(held.take_until(6), to_bytes("ef"));
}

// Against a model: for each byte of the input, what stands for it.
TEST(HeldStream, AgreesWithAModel) {
    std::mt19937 random(3);
    for (int round = 0; round < 300; ++round) {
        HeldStream held;
        std::vector<Bytes> model;  // index: offset
        std::size_t gone = 0;
        Bytes out, expected;
        for (int step = 0; step < 40; ++step) {
            const auto end = model.size();
            switch (random() % 3) {
                case 0: {
                    Bytes bytes;
                    for (auto n = random() % 20; n > 0; --n)
                        bytes.push_back(static_cast<std::uint8_t>(random()));
                    held.append(bytes);
                    for (const auto byte : bytes)
                        model.push_back({byte});
                    break;
                }
                case 1: {  // a fresh range only: overlapping edits have tests of their own
                    if (end - gone < 3) break;
                    const auto begin = gone + random() % (end - gone - 1);
                    const auto stop = begin + 1 + random() % (end - begin);
                    bool fresh = true;
                    for (auto i = begin; i < stop; ++i)
                        fresh = fresh && model[i].size() == 1;
                    if (!fresh) break;
                    const Bytes bytes(2 + random() % 9, 0xee);
                    held.replace(begin, stop, bytes);
                    append(expected, held.take_until(begin));  // so that no edit is cut below
                    for (auto i = gone; i < begin; ++i)
                        append(out, model[i]);
                    append(expected, held.take_until(stop));
                    append(out, bytes);
                    gone = stop;
                    break;
                }
                default: {
                    const auto until = gone + random() % (end - gone + 1);
                    append(expected, held.take_until(until));
                    for (; gone < until; ++gone)
                        append(out, model[gone]);
                }
            }
            ASSERT_EQ(out, expected);
            ASSERT_EQ(held.begin(), gone);
            ASSERT_EQ(held.end(), model.size());
        }
    }
}

}  // namespace
}  // namespace rdpfault::proxy
