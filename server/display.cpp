#include "server/display.hpp"

#include <algorithm>

namespace rdpfault::server {

namespace {

constexpr std::size_t max_damaged = 32;  // more are joined into one

constexpr int bytes_per_pixel(std::uint16_t bits_per_pixel) {
    return (bits_per_pixel + 7) / 8;
}

}  // namespace

void append_pixel(Bytes& to, std::uint32_t colour, std::uint16_t bits_per_pixel) {
    const auto red = colour >> 16 & 0xFF;
    const auto green = colour >> 8 & 0xFF;
    const auto blue = colour & 0xFF;
    auto value = colour;
    if (bits_per_pixel == 16) value = red >> 3 << 11 | green >> 2 << 5 | blue >> 3;
    if (bits_per_pixel == 15) value = red >> 3 << 10 | green >> 3 << 5 | blue >> 3;
    for (int i = 0; i < bytes_per_pixel(bits_per_pixel); ++i)
        to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// Columns are widened to fours, so that no row needs padding whatever the depth: clients disagree about it.
void Display::damage(const Rect& rect) {
    if (rect.empty()) return;
    const int left = rect.x & ~3;
    const int right = (rect.x + rect.width + 3) & ~3;
    const auto visible = intersection({left, rect.y, right - left, rect.height}, card_.bounds());
    if (visible.empty()) return;
    damaged_.push_back(visible);
    if (damaged_.size() > max_damaged) damaged_.assign(1, card_.bounds());
}

std::optional<protocol::BitmapRectangle> Display::next() {
    if (suppressed_ || damaged_.empty()) return std::nullopt;
    const Rect rect = damaged_.front();
    damaged_.pop_front();
    const int widest = max_update / bytes_per_pixel(bits_per_pixel_) & ~3;
    Rect piece = rect;
    if (rect.width > widest) {  // a row does not fit: go along the row first
        piece.width = widest;
        piece.height = 1;
        if (rect.height > 1) damaged_.push_front({rect.x, rect.y + 1, rect.width, rect.height - 1});
        damaged_.push_front({rect.x + widest, rect.y, rect.width - widest, 1});
    } else {
        piece.height = std::min(rect.height, max_update / (rect.width * bytes_per_pixel(bits_per_pixel_)));
        if (piece.height < rect.height)
            damaged_.push_front({rect.x, rect.y + piece.height, rect.width, rect.height - piece.height});
    }
    const auto u16 = [](int value) { return static_cast<std::uint16_t>(value); };
    return protocol::uncompressed_rectangle(u16(piece.x), u16(piece.y), u16(piece.width), u16(piece.height),
                                            bits_per_pixel_, pixels(piece));
}

Bytes Display::pixels(const Rect& rect) const {
    Bytes out;
    out.reserve(static_cast<std::size_t>(rect.width) * rect.height * bytes_per_pixel(bits_per_pixel_));
    for (int y = rect.y; y < rect.y + rect.height; ++y)
        for (int x = rect.x; x < rect.x + rect.width; ++x)
            append_pixel(out, card_.pixel(x, y), bits_per_pixel_);
    return out;
}

}  // namespace rdpfault::server
