// What a client still has to be sent of the test card, cut into updates small enough for every client.
#pragma once

#include <deque>
#include <optional>

#include "protocol/bitmap_update.hpp"
#include "server/test_card.hpp"

namespace rdpfault::server {

class Display {
  public:
    // A depth of 15, 16, 24 or 32 bits a pixel.
    Display(int width, int height, std::uint16_t bits_per_pixel)
        : card_(width, height), bits_per_pixel_(bits_per_pixel) {}

    TestCard& card() { return card_; }
    const TestCard& card() const { return card_; }

    // This part must be sent (again). What lies outside the desktop is left out.
    void damage(const Rect& rect);
    // The client looks elsewhere: nothing is sent, damage is remembered.
    void suppress(bool on) { suppressed_ = on; }

    // The next piece, with its pixels as the wire wants them; nullopt: the client's picture is up to date.
    std::optional<protocol::BitmapRectangle> next();

    // Of pixels in one update: what a fast-path PDU and a Send Data PDU both hold unfragmented.
    static constexpr int max_update = 15'000;

  private:
    Bytes pixels(const Rect& rect) const;

    TestCard card_;
    std::uint16_t bits_per_pixel_;
    bool suppressed_ = false;
    std::deque<Rect> damaged_;
};

// One pixel of 0xRRGGBB as a client of that depth reads it, appended in little-endian order.
void append_pixel(Bytes& to, std::uint32_t colour, std::uint16_t bits_per_pixel);

}  // namespace rdpfault::server
