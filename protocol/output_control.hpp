// What a client asks of the picture: Refresh Rect (MS-RDPBCGR 2.2.11.2) and Suppress Output (2.2.11.3), client to
// server, from the share control header on.
#pragma once

#include <optional>
#include <vector>

#include "protocol/share.hpp"

namespace rdpfault::protocol {

// TS_RECTANGLE16 (2.2.11.1): right and bottom are inclusive.
struct InclusiveRectangle {
    std::uint16_t left = 0, top = 0, right = 0, bottom = 0;

    static InclusiveRectangle read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const InclusiveRectangle&) const = default;
};

// encode() writes at most 255 areas.
struct RefreshRect {
    ShareOrigin origin;
    std::vector<InclusiveRectangle> areas;

    static Result<RefreshRect> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const RefreshRect&) const = default;
};

struct SuppressOutput {
    ShareOrigin origin;
    // What is to be drawn again now that updates are wanted; unset: no updates are wanted.
    std::optional<InclusiveRectangle> desktop;

    static Result<SuppressOutput> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const SuppressOutput&) const = default;
};

}  // namespace rdpfault::protocol
