// The picture of the embedded server: drawn, never stored, and the same for the same size on every machine, so that a
// screenshot of a client can be compared with it pixel by pixel.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "protocol/bytes.hpp"

namespace rdpfault::server {

struct Rect {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;

    bool empty() const { return width <= 0 || height <= 0; }
    bool operator==(const Rect&) const = default;
};
Rect intersection(const Rect& a, const Rect& b);

class TestCard {
  public:
    TestCard(int width, int height);

    int width() const { return width_; }
    int height() const { return height_; }
    Rect bounds() const { return {0, 0, width_, height_}; }

    // 0xRRGGBB of a point inside bounds().
    std::uint32_t pixel(int x, int y) const;

    // Reactions to input. Each gives the rectangle that now looks different.
    Rect press(int x, int y);  // leaves a marker; only the latest `max_markers` stay
    Rect key();                // counts

    static constexpr std::size_t max_markers = 16;

  private:
    std::uint32_t background(int x, int y) const;
    Rect label() const;
    Rect counter() const;

    int width_;
    int height_;
    std::array<Rect, max_markers> markers_{};
    std::size_t presses_ = 0;
    std::uint32_t keys_ = 0;
    std::string counter_text_ = "keys 0";
};

}  // namespace rdpfault::server
