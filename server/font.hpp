// The few letters the test card is labelled with, five pixels by seven.
#pragma once

#include <cstdint>
#include <string_view>

namespace rdpfault::server::font {

inline constexpr int width = 5;
inline constexpr int height = 7;
inline constexpr int advance = width + 1;

// Whether (x, y) of `text`, set in one line at scale 1 from (0, 0), is ink. Letters without a glyph are blank.
bool ink(std::string_view text, int x, int y);

// In pixels, at scale 1, without the gap behind the last letter.
constexpr int width_of(std::string_view text) {
    return text.empty() ? 0 : static_cast<int>(text.size()) * advance - 1;
}

}  // namespace rdpfault::server::font
