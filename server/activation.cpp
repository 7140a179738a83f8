#include "server/activation.hpp"

#include <algorithm>

#include "protocol/finalization.hpp"

namespace rdpfault::server {

namespace {

constexpr int smallest_side = 64;
constexpr int largest_side = 8192;           // MS-RDPBCGR 2.2.1.3.2
constexpr std::uint16_t supports_32bpp = 8;  // supportedColorDepths

std::uint16_t old_color_depth(std::uint16_t value) {
    switch (value) {
        case 0xCA02: return 15;
        case 0xCA04: return 24;
        default: return 16;
    }
}

std::uint16_t choose_depth(const protocol::ClientCoreData& client) {
    if ((client.early_capability_flags.value_or(0) & protocol::client_early::want_32bpp) &&
        (client.supported_color_depths.value_or(0) & supports_32bpp))
        return 32;
    const auto high = client.high_color_depth.value_or(0);
    if (high == 24 || high == 16 || high == 15) return high;
    return old_color_depth(client.post_beta2_color_depth.value_or(client.color_depth));
}

std::uint16_t choose_side(std::uint16_t asked, std::uint16_t otherwise) {
    return static_cast<std::uint16_t>(std::clamp<int>(asked != 0 ? asked : otherwise, smallest_side, largest_side));
}

}  // namespace

Desktop choose_desktop(const protocol::ClientCoreData& client, std::uint16_t width, std::uint16_t height) {
    return {static_cast<std::uint16_t>(choose_side(client.desktop_width, width) & ~3),
            choose_side(client.desktop_height, height), choose_depth(client)};
}

protocol::Capabilities capabilities(const Desktop& desktop) {
    protocol::GeneralCapability general;
    general.refresh_rect = 1;
    general.suppress_output = 1;
    protocol::BitmapCapability bitmap;
    bitmap.preferred_bits_per_pixel = desktop.bits_per_pixel;
    bitmap.desktop_width = desktop.width;
    bitmap.desktop_height = desktop.height;
    return {protocol::ShareCapability{.node_id = server_channel},
            general,
            protocol::VirtualChannelCapability{},
            bitmap,
            protocol::FontCapability{},
            protocol::OrderCapability{},
            protocol::ColorCacheCapability{},
            protocol::PointerCapability{},
            protocol::InputCapability{},
            protocol::MultifragmentCapability{}};
}

bool finalize(const protocol::ShareUnit& unit, const protocol::ShareOrigin& origin, std::uint16_t user, Outlet& out) {
    if (unit.is(protocol::DataPduType::synchronize)) {
        out.send(protocol::Synchronize{.origin = origin, .target_user = user});
    } else if (unit.is(protocol::DataPduType::control)) {
        const auto control = protocol::Control::decode(unit.bytes);
        if (control && control->action == protocol::ControlAction::cooperate)
            out.send(protocol::Control{.origin = origin});
        else if (control && control->action == protocol::ControlAction::request_control)
            out.send(protocol::Control{origin, protocol::ControlAction::granted_control, user, server_channel});
    } else if (unit.is(protocol::DataPduType::font_list)) {
        out.send(protocol::FontMap{.origin = origin});
        return true;
    }
    return false;
}

}  // namespace rdpfault::server
