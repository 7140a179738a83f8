#include "server/test_card.hpp"

#include <gtest/gtest.h>

#include <map>

#include "server/display.hpp"
#include "server/font.hpp"

namespace rdpfault::server::test {
namespace {

TEST(Font, InkIsWhereTheLettersAre) {
    EXPECT_EQ(font::width_of("l1"), 11);
    EXPECT_TRUE(font::ink("l", 2, 6));
    EXPECT_FALSE(font::ink("l", 0, 0));
    EXPECT_TRUE(font::ink("1l", font::advance + 2, 6)) << "the second letter";
    EXPECT_FALSE(font::ink("l", font::advance + 2, 6)) << "behind the text";
    EXPECT_FALSE(font::ink("?", 2, 3)) << "a letter without a glyph is blank";
    EXPECT_FALSE(font::ink("l", -1, 0));
    EXPECT_FALSE(font::ink("l", 2, font::height));
}

TEST(TestCard, ShowsBarsAndRamp) {
    const TestCard card(800, 600);
    const std::uint32_t bars[] = {0xFFFFFF, 0xFFFF00, 0x00FFFF, 0x00FF00, 0xFF00FF, 0xFF0000, 0x0000FF, 0x000000};
    for (int bar = 0; bar < 8; ++bar)
        EXPECT_EQ(card.pixel(bar * 100 + 50, 10), bars[bar]) << bar;
    EXPECT_EQ(card.pixel(5, 520), 0x000000u);
    EXPECT_EQ(card.pixel(790, 520), 0xFFFFFFu);
    EXPECT_EQ(card.pixel(0, 599), 0xFFFFFFu) << "the border";
    EXPECT_EQ(card.pixel(400 - 239, 300), bars[1] ^ 0xFFFFFF) << "the circle, left";
    EXPECT_EQ(card.pixel(400, 300 - 239), bars[4] ^ 0xFFFFFF) << "the circle, top";
}

TEST(TestCard, IsDrawnForAnySize) {
    for (const auto& [width, height] : {std::pair{64, 64}, {8192, 64}, {64, 8192}, {132, 97}}) {
        const TestCard card(width, height);
        std::map<std::uint32_t, int> colours;
        for (int y = 0; y < height; y += 7)
            for (int x = 0; x < width; x += 5)
                ++colours[card.pixel(x, y)];
        EXPECT_GT(colours.size(), 8u) << width << "x" << height;
    }
}

TEST(TestCard, PressLeavesAMarker) {
    TestCard card(800, 600);
    const auto before = card.pixel(150, 100);
    const auto changed = card.press(150, 100);
    EXPECT_NE(card.pixel(150, 100), before);
    EXPECT_EQ(changed, (Rect{144, 94, 13, 13}));
    for (int i = 0; i < 16; ++i)
        card.press(600, 400);
    EXPECT_EQ(card.pixel(150, 100), before) << "only the latest markers stay";
}

TEST(TestCard, KeysAreCounted) {
    TestCard card(800, 600);
    const auto changed = card.key();
    int differences = 0;
    const TestCard fresh(800, 600);
    for (int y = 0; y < 600; ++y)
        for (int x = 0; x < 800; ++x) {
            if (card.pixel(x, y) == fresh.pixel(x, y)) continue;
            ++differences;
            EXPECT_FALSE(intersection(changed, {x, y, 1, 1}).empty()) << x << "," << y;
        }
    EXPECT_GT(differences, 0);
}

TEST(Pixel, IsSentInTheClientsDepth) {
    const auto bytes = [](std::uint16_t depth) {
        Bytes out;
        append_pixel(out, 0xFF8040, depth);
        return to_hex(out);
    };
    EXPECT_EQ(bytes(32), "4080ff00");
    EXPECT_EQ(bytes(24), "4080ff");
    EXPECT_EQ(bytes(16), "08fc");
    EXPECT_EQ(bytes(15), "087e");
}

class EveryDepth : public testing::TestWithParam<std::uint16_t> {};

// Every pixel of the desktop is sent once, and no update is longer than promised.
TEST_P(EveryDepth, UpdatesCoverTheDesktopOnce) {
    for (const auto& [width, height] : {std::pair{1024, 768}, {8192, 3}, {64, 64}, {1028, 97}}) {
        Display display(width, height, GetParam());
        display.damage(display.card().bounds());
        std::vector<int> seen(static_cast<std::size_t>(width * height));
        while (const auto piece = display.next()) {
            EXPECT_LE(piece->data.size(), static_cast<std::size_t>(Display::max_update));
            EXPECT_EQ(piece->width % 4, 0);
            for (int y = piece->top; y <= piece->bottom; ++y)
                for (int x = piece->left; x <= piece->right; ++x)
                    ++seen[static_cast<std::size_t>(y * width + x)];
        }
        EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), width * height) << width << "x" << height;
    }
}

TEST_P(EveryDepth, DamageIsBoundedAndMayLieOutside) {
    Display display(640, 480, GetParam());
    display.damage({700, 10, 5, 5});
    display.damage({-20, -20, 10, 10});
    display.damage({10, 10, 0, 5});
    EXPECT_FALSE(display.next());
    for (int i = 0; i < 10'000; ++i)
        display.damage({i % 640, i % 480, 2, 2});
    std::size_t bytes = 0;
    while (const auto piece = display.next())
        bytes += piece->data.size();
    EXPECT_LE(bytes, std::size_t{2} * 640 * 480 * 4) << "many small damages become one large one";
    EXPECT_GT(bytes, 0u);
}

TEST_P(EveryDepth, SuppressedDamageIsRemembered) {
    Display display(640, 480, GetParam());
    display.suppress(true);
    display.damage({0, 0, 8, 8});
    EXPECT_FALSE(display.next());
    display.suppress(false);
    EXPECT_TRUE(display.next());
}

INSTANTIATE_TEST_SUITE_P(Display, EveryDepth, testing::Values(15, 16, 24, 32));

}  // namespace
}  // namespace rdpfault::server::test
