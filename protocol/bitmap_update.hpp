// Bitmap Update (TS_UPDATE_BITMAP_DATA, MS-RDPBCGR 2.2.9.1.1.3.1.2): the same bytes in a slow-path Update PDU and in a
// fast-path update of code `bitmap`.
#pragma once

#include <vector>

#include "protocol/share.hpp"

namespace rdpfault::protocol {

// TS_BITMAP_DATA (2.2.9.1.1.3.1.2.2). right and bottom are inclusive; they may be less than width and height say, the
// bitmap is then cut. Uncompressed (flags 0): rows bottom-up, each padded to four bytes.
struct BitmapRectangle {
    std::uint16_t left = 0, top = 0, right = 0, bottom = 0;
    std::uint16_t width = 0, height = 0;  // pixels
    std::uint16_t bits_per_pixel = 32;
    std::uint16_t flags = 0;  // 1 compressed, 0x0400 without compression header
    Bytes data{};
    bool operator==(const BitmapRectangle&) const = default;
};

// An uncompressed rectangle at (left, top). `pixels` are rows top-down without padding, width * height * bytes a pixel
// (throws std::invalid_argument for another size, or a depth that is not whole bytes).
BitmapRectangle uncompressed_rectangle(std::uint16_t left, std::uint16_t top, std::uint16_t width, std::uint16_t height,
                                       std::uint16_t bits_per_pixel, ByteView pixels);

struct BitmapUpdate {
    std::vector<BitmapRectangle> rectangles{};

    // `data`: from updateType on, that is the data of a fast-path update.
    static Result<BitmapUpdate> decode(ByteView data);
    void encode(Writer& writer) const;
    bool operator==(const BitmapUpdate&) const = default;
};

// The slow-path form (2.2.9.1.1.3), from the share control header on.
struct SlowPathBitmapUpdate {
    ShareOrigin origin{};
    BitmapUpdate update{};

    static Result<SlowPathBitmapUpdate> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const SlowPathBitmapUpdate&) const = default;
};

}  // namespace rdpfault::protocol
