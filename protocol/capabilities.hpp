// Capability sets (MS-RDPBCGR 2.2.7), the lists in Demand Active and Confirm Active. A set is typed only when its body
// is exactly as long as its specification says; any other one, of known or unknown type, stays a RawCapability, so that
// what was decoded encodes to the same set and no peer is refused for a capability.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/reader.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

// Each type below has its capabilitySetType, and read() and encode() of the body (after type and length).

// 2.2.7.1.1
struct GeneralCapability {
    static constexpr std::uint16_t type = 0x01;
    std::uint16_t os_major = 1;  // Windows
    std::uint16_t os_minor = 3;  // NT
    std::uint16_t protocol_version = 0x0200;
    std::uint16_t compression_types = 0;
    // 0x0001 fast-path output, 0x0400 no bitmap compression header, 0x0004 long credentials, 0x0008 auto-reconnect
    std::uint16_t extra_flags = 0x0001 | 0x0400;
    std::uint16_t update_capability = 0;
    std::uint16_t remote_unshare = 0;
    std::uint16_t compression_level = 0;
    std::uint8_t refresh_rect = 0;
    std::uint8_t suppress_output = 0;

    static GeneralCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const GeneralCapability&) const = default;
};

// 2.2.7.1.2
struct BitmapCapability {
    static constexpr std::uint16_t type = 0x02;
    std::uint16_t preferred_bits_per_pixel = 32;
    std::uint16_t receive_1_bit = 1;
    std::uint16_t receive_4_bits = 1;
    std::uint16_t receive_8_bits = 1;
    std::uint16_t desktop_width = 1024;
    std::uint16_t desktop_height = 768;
    std::uint16_t desktop_resize = 1;
    std::uint16_t bitmap_compression = 1;  // must be 1
    std::uint8_t high_color_flags = 0;
    std::uint8_t drawing_flags = 0;
    std::uint16_t multiple_rectangles = 1;  // must be 1

    static BitmapCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const BitmapCapability&) const = default;
};

// 2.2.7.1.3
struct OrderCapability {
    static constexpr std::uint16_t type = 0x03;
    std::array<std::uint8_t, 16> terminal_descriptor{};
    std::uint16_t desktop_save_x = 1;
    std::uint16_t desktop_save_y = 20;
    std::uint16_t maximum_order_level = 1;
    std::uint16_t number_fonts = 0;
    std::uint16_t order_flags = 0x0002 | 0x0008;  // negotiate order support, zero bounds deltas: both required
    std::array<std::uint8_t, 32> order_support{};
    std::uint16_t text_flags = 0;
    std::uint16_t order_support_ex_flags = 0;
    std::uint32_t desktop_save_size = 480 * 480;
    std::uint16_t text_ansi_code_page = 0;

    static OrderCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const OrderCapability&) const = default;
};

// 2.2.7.1.4.1
struct BitmapCacheCapability {
    static constexpr std::uint16_t type = 0x04;
    struct Cache {
        std::uint16_t entries = 0;
        std::uint16_t maximum_cell_size = 0;
        bool operator==(const Cache&) const = default;
    };
    std::array<Cache, 3> caches{};

    static BitmapCacheCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const BitmapCacheCapability&) const = default;
};

// 2.2.7.2.2
struct ControlCapability {
    static constexpr std::uint16_t type = 0x05;
    std::uint16_t control_flags = 0;
    std::uint16_t remote_detach = 0;
    std::uint16_t control_interest = 2;
    std::uint16_t detach_interest = 2;

    static ControlCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ControlCapability&) const = default;
};

// 2.2.7.2.3
struct ActivationCapability {
    static constexpr std::uint16_t type = 0x07;
    std::uint16_t help_key = 0, help_index_key = 0, help_extended_key = 0, window_manager_key = 0;

    static ActivationCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ActivationCapability&) const = default;
};

// 2.2.7.1.5
struct PointerCapability {
    static constexpr std::uint16_t type = 0x08;
    std::uint16_t color_pointer = 1;
    std::uint16_t color_pointer_cache_size = 20;
    std::optional<std::uint16_t> pointer_cache_size = 20;

    static PointerCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const PointerCapability&) const = default;
};

// 2.2.7.2.4
struct ShareCapability {
    static constexpr std::uint16_t type = 0x09;
    std::uint16_t node_id = 0;  // server: 0x03EA

    static ShareCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ShareCapability&) const = default;
};

// MS-RDPEGDI 2.2.1.1
struct ColorCacheCapability {
    static constexpr std::uint16_t type = 0x0A;
    std::uint16_t cache_size = 6;

    static ColorCacheCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ColorCacheCapability&) const = default;
};

// 2.2.7.1.11
struct SoundCapability {
    static constexpr std::uint16_t type = 0x0C;
    std::uint16_t flags = 0;  // 1 beeps

    static SoundCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const SoundCapability&) const = default;
};

// 2.2.7.1.6
struct InputCapability {
    static constexpr std::uint16_t type = 0x0D;
    // 0x0001 scancodes, 0x0004 extended mouse, 0x0008 fast path, 0x0010 unicode, 0x0020 fast path 2
    std::uint16_t flags = 0x0001 | 0x0004 | 0x0010 | 0x0020;
    std::uint32_t keyboard_layout = 0;
    std::uint32_t keyboard_type = 0;
    std::uint32_t keyboard_subtype = 0;
    std::uint32_t keyboard_function_keys = 0;
    std::string ime_file_name{};

    static InputCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const InputCapability&) const = default;
};

// 2.2.7.2.5; xrdp's has no body.
struct FontCapability {
    static constexpr std::uint16_t type = 0x0E;
    std::optional<std::uint16_t> flags = 1;

    static FontCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const FontCapability&) const = default;
};

// 2.2.7.1.7
struct BrushCapability {
    static constexpr std::uint16_t type = 0x0F;
    std::uint32_t support_level = 0;

    static BrushCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const BrushCapability&) const = default;
};

// 2.2.7.1.8
struct GlyphCacheCapability {
    static constexpr std::uint16_t type = 0x10;
    struct Cache {
        std::uint16_t entries = 0;
        std::uint16_t maximum_cell_size = 0;
        bool operator==(const Cache&) const = default;
    };
    std::array<Cache, 10> caches{};
    Cache fragments{};
    std::uint16_t support_level = 0;

    static GlyphCacheCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const GlyphCacheCapability&) const = default;
};

// 2.2.7.1.9
struct OffscreenCapability {
    static constexpr std::uint16_t type = 0x11;
    std::uint32_t support_level = 0;
    std::uint16_t cache_size = 0;
    std::uint16_t cache_entries = 0;

    static OffscreenCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const OffscreenCapability&) const = default;
};

// 2.2.7.1.10
struct VirtualChannelCapability {
    static constexpr std::uint16_t type = 0x14;
    std::uint32_t flags = 0;
    std::optional<std::uint32_t> chunk_size = 1600;

    static VirtualChannelCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const VirtualChannelCapability&) const = default;
};

// 2.2.7.2.6
struct MultifragmentCapability {
    static constexpr std::uint16_t type = 0x1A;
    std::uint32_t maximum_request_size = 0;

    static MultifragmentCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const MultifragmentCapability&) const = default;
};

// 2.2.7.2.7
struct LargePointerCapability {
    static constexpr std::uint16_t type = 0x1B;
    std::uint16_t flags = 0;

    static LargePointerCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const LargePointerCapability&) const = default;
};

// 2.2.7.2.9
struct SurfaceCommandsCapability {
    static constexpr std::uint16_t type = 0x1C;
    std::uint32_t flags = 0;

    static SurfaceCommandsCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const SurfaceCommandsCapability&) const = default;
};

// 2.2.7.2.10
struct BitmapCodecsCapability {
    static constexpr std::uint16_t type = 0x1D;
    struct Codec {
        std::array<std::uint8_t, 16> guid{};
        std::uint8_t id = 0;
        Bytes properties;
        bool operator==(const Codec&) const = default;
    };
    std::vector<Codec> codecs{};  // at most 255

    static BitmapCodecsCapability read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const BitmapCodecsCapability&) const = default;
};

struct RawCapability {
    std::uint16_t type = 0;
    Bytes body{};
    bool operator==(const RawCapability&) const = default;
};

using Capability =
    std::variant<RawCapability, GeneralCapability, BitmapCapability, OrderCapability, BitmapCacheCapability,
                 ControlCapability, ActivationCapability, PointerCapability, ShareCapability, ColorCacheCapability,
                 SoundCapability, InputCapability, FontCapability, BrushCapability, GlyphCacheCapability,
                 OffscreenCapability, VirtualChannelCapability, MultifragmentCapability, LargePointerCapability,
                 SurfaceCommandsCapability, BitmapCodecsCapability>;
using Capabilities = std::vector<Capability>;

// The first of this type, or null.
template <class T>
const T* find(const Capabilities& capabilities) {
    for (const auto& capability : capabilities) {
        if (const auto* found = std::get_if<T>(&capability)) return found;
    }
    return nullptr;
}

std::uint16_t capability_type(const Capability& capability);

// numberCapabilities, two bytes of padding, and the sets, as they stand in Demand and Confirm Active.
Capabilities read_capabilities(Reader& reader);
void write_capabilities(Writer& writer, const Capabilities& capabilities);

}  // namespace rdpfault::protocol
