#include "server/test_card.hpp"

#include <algorithm>
#include <cstdlib>

#include "server/font.hpp"

namespace rdpfault::server {

namespace {

constexpr std::uint32_t white = 0xFFFFFF;
constexpr std::uint32_t black = 0x000000;
constexpr std::uint32_t red = 0xFF0000;
constexpr std::uint32_t bars[] = {white, 0xFFFF00, 0x00FFFF, 0x00FF00, 0xFF00FF, red, 0x0000FF, black};
constexpr int grey_steps = 32;
constexpr int marker_size = 13;
constexpr std::string_view title = "rdpfault";

bool contains(const Rect& rect, int x, int y) {
    return x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;
}

bool on_border(const Rect& rect, int x, int y) {
    return x == rect.x || y == rect.y || x == rect.x + rect.width - 1 || y == rect.y + rect.height - 1;
}

// White letters in a black box, whose margin is one letter pixel on every side.
std::uint32_t text_pixel(const Rect& box, std::string_view text, int x, int y) {
    const int scale = box.height / (font::height + 2);
    return font::ink(text, (x - box.x) / scale - 1, (y - box.y) / scale - 1) ? white : black;
}

Rect text_box(std::string_view text, int scale) {
    return {0, 0, (font::width_of(text) + 2) * scale, (font::height + 2) * scale};
}

}  // namespace

Rect intersection(const Rect& a, const Rect& b) {
    const int x = std::max(a.x, b.x);
    const int y = std::max(a.y, b.y);
    return {x, y, std::min(a.x + a.width, b.x + b.width) - x, std::min(a.y + a.height, b.y + b.height) - y};
}

TestCard::TestCard(int width, int height) : width_(width), height_(height) {}

Rect TestCard::label() const {
    auto box = text_box(title, std::max(1, width_ / (3 * font::width_of(title))));
    box.x = (width_ - box.width) / 2;
    box.y = height_ / 3 - box.height / 2;
    return box;
}

Rect TestCard::counter() const {
    auto box = text_box(counter_text_, std::max(1, width_ / 400));
    box.x = width_ / 32;
    box.y = height_ * 11 / 12 - box.height / 2;
    return box;
}

// Eight colour bars above, a ramp of greys below, and lines that invert whatever they cross: a circle that must look
// round and a cross through its centre.
std::uint32_t TestCard::background(int x, int y) const {
    auto colour = bars[8 * x / width_];
    if (y >= height_ * 5 / 6) {
        const auto level = static_cast<std::uint32_t>(grey_steps * x / width_ * 255 / (grey_steps - 1));
        colour = level << 16 | level << 8 | level;
    }
    const int radius = std::min(width_, height_) * 2 / 5;
    const std::int64_t dx = x - width_ / 2;
    const std::int64_t dy = y - height_ / 2;
    const auto square = dx * dx + dy * dy;
    const bool circle = square <= std::int64_t{radius} * radius && square >= std::int64_t{radius - 3} * (radius - 3);
    const bool cross = (dx == 0 || dy == 0) && square < std::int64_t{radius} * radius;
    return circle || cross ? colour ^ white : colour;
}

std::uint32_t TestCard::pixel(int x, int y) const {
    for (std::size_t i = 0; i < std::min(presses_, max_markers); ++i) {
        const auto& marker = markers_[(presses_ - 1 - i) % max_markers];
        if (contains(marker, x, y)) return on_border(marker, x, y) ? white : red;
    }
    if (contains(counter(), x, y)) return text_pixel(counter(), counter_text_, x, y);
    if (contains(label(), x, y)) return text_pixel(label(), title, x, y);
    if (on_border(bounds(), x, y)) return white;
    return background(x, y);
}

Rect TestCard::press(int x, int y) {
    auto& marker = markers_[presses_++ % max_markers];
    const bool replaced = presses_ > max_markers;
    marker = {x - marker_size / 2, y - marker_size / 2, marker_size, marker_size};
    return replaced ? bounds() : intersection(marker, bounds());
}

Rect TestCard::key() {
    counter_text_ = "keys " + std::to_string(++keys_);
    return intersection(counter(), bounds());
}

}  // namespace rdpfault::server
