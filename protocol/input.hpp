// Slow-path input (TS_INPUT_PDU, MS-RDPBCGR 2.2.8.1.1.3), client to server, from the share control header on.
#pragma once

#include <variant>
#include <vector>

#include "protocol/share.hpp"

namespace rdpfault::protocol {

// TS_INPUT_EVENT bodies (2.2.8.1.1.3.1.1); keyboard flags: 0x4000 was down, 0x8000 release, 0x0100 extended.
struct SlowSync {
    std::uint32_t toggle_flags = 0;
    bool operator==(const SlowSync&) const = default;
};
struct SlowScancode {
    std::uint16_t flags = 0;
    std::uint16_t code = 0;
    bool operator==(const SlowScancode&) const = default;
};
struct SlowUnicode {
    std::uint16_t flags = 0;
    std::uint16_t code = 0;
    bool operator==(const SlowUnicode&) const = default;
};
struct SlowMouse {
    std::uint16_t pointer_flags = 0;
    std::uint16_t x = 0, y = 0;
    bool operator==(const SlowMouse&) const = default;
};
struct SlowExtendedMouse {
    std::uint16_t pointer_flags = 0;
    std::uint16_t x = 0, y = 0;
    bool operator==(const SlowExtendedMouse&) const = default;
};

struct InputEvent {
    std::uint32_t time = 0;  // servers ignore it
    std::variant<SlowSync, SlowScancode, SlowUnicode, SlowMouse, SlowExtendedMouse> event{};
    bool operator==(const InputEvent&) const = default;
};

// The unused event (message type 2) is left out; an event of an unknown type is `unsupported`.
struct InputPdu {
    ShareOrigin origin{};
    std::vector<InputEvent> events{};

    static Result<InputPdu> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const InputPdu&) const = default;
};

}  // namespace rdpfault::protocol
