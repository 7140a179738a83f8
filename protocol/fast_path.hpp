// Fast-path PDUs under TLS: TS_FP_INPUT_PDU (MS-RDPBCGR 2.2.8.1.2) and TS_FP_UPDATE_PDU (2.2.9.1.2). They stand on the
// stream beside TPKT units; decode() takes one whole PDU. A PDU that claims fast-path encryption is `unsupported`.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

// A unit of the decrypted stream is fast-path when the low two bits of its first byte are 0 (TPKT: 3).
constexpr bool is_fast_path(std::uint8_t first_byte) {
    return (first_byte & 3) == 0;
}
inline constexpr std::size_t max_fast_path_pdu = 0x7FFF;

// Input events (2.2.8.1.2.2). Flags are the five bits eventFlags, or pointerFlags where there is a word for them.
struct ScancodeEvent {
    std::uint8_t flags = 0;  // 1 release, 2 extended, 4 extended1
    std::uint8_t code = 0;
    bool operator==(const ScancodeEvent&) const = default;
};
struct UnicodeEvent {
    std::uint8_t flags = 0;  // 1 release
    std::uint16_t code = 0;
    bool operator==(const UnicodeEvent&) const = default;
};
struct MouseEvent {
    std::uint16_t pointer_flags = 0;  // 0x0800 move, 0x8000 down, 0x1000 / 0x2000 / 0x4000 button 1 / 2 / 3
    std::uint16_t x = 0, y = 0;
    bool operator==(const MouseEvent&) const = default;
};
struct ExtendedMouseEvent {
    std::uint16_t pointer_flags = 0;
    std::uint16_t x = 0, y = 0;
    bool operator==(const ExtendedMouseEvent&) const = default;
};
struct RelativeMouseEvent {
    std::uint16_t pointer_flags = 0;
    std::int16_t dx = 0, dy = 0;
    bool operator==(const RelativeMouseEvent&) const = default;
};
struct SyncEvent {
    std::uint8_t flags = 0;  // 1 scroll lock, 2 num lock, 4 caps lock, 8 kana lock
    bool operator==(const SyncEvent&) const = default;
};
struct QoeTimestampEvent {
    std::uint32_t timestamp = 0;  // milliseconds
    bool operator==(const QoeTimestampEvent&) const = default;
};
using FastPathInputEvent = std::variant<ScancodeEvent, MouseEvent, ExtendedMouseEvent, SyncEvent, UnicodeEvent,
                                        RelativeMouseEvent, QoeTimestampEvent>;

// 1 to 255 events; encode() throws std::length_error for another number.
struct FastPathInput {
    std::vector<FastPathInputEvent> events{};

    static Result<FastPathInput> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const FastPathInput&) const = default;
};

enum class UpdateCode : std::uint8_t {
    orders = 0x0,
    bitmap = 0x1,
    palette = 0x2,
    synchronize = 0x3,
    surface_commands = 0x4,
    pointer_hidden = 0x5,
    pointer_default = 0x6,
    pointer_position = 0x8,
    pointer_color = 0x9,
    pointer_cached = 0xA,
    pointer_new = 0xB,
    pointer_large = 0xC,
};
enum class Fragmentation : std::uint8_t { single = 0, last = 1, first = 2, next = 3 };

// TS_FP_UPDATE (2.2.9.1.2.1). `data` is as on the wire: compressed when compression_flags says so (0x20).
struct FastPathUpdate {
    UpdateCode code{};  // any value of four bits
    Fragmentation fragmentation = Fragmentation::single;
    std::optional<std::uint8_t> compression_flags{};
    Bytes data{};
    bool operator==(const FastPathUpdate&) const = default;
};

// encode() throws std::length_error above max_fast_path_pdu.
struct FastPathOutput {
    std::vector<FastPathUpdate> updates{};

    static Result<FastPathOutput> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const FastPathOutput&) const = default;
};

// One update as fast-path PDUs of at most `max_pdu` bytes each (8 to max_fast_path_pdu), fragmented where needed. The
// receiver's Multifragment Update capability bounds data.size().
std::vector<Bytes> fast_path_update(UpdateCode code, ByteView data, std::size_t max_pdu = max_fast_path_pdu);

}  // namespace rdpfault::protocol
