#include "client/capabilities.hpp"

namespace rdpfault::client {

using namespace protocol;

Capabilities capabilities(const ProbeConfig& config) {
    BitmapCapability bitmap;
    bitmap.desktop_width = config.width;
    bitmap.desktop_height = config.height;
    InputCapability input;
    input.keyboard_layout = 0x0409;
    input.keyboard_type = 4;
    input.keyboard_function_keys = 12;
    return {GeneralCapability{},       bitmap,
            OrderCapability{},  // no order supported: everything comes as bitmaps
            BitmapCacheCapability{},   ControlCapability{},
            ActivationCapability{},    PointerCapability{},
            ShareCapability{},         ColorCacheCapability{},
            SoundCapability{},         input,
            FontCapability{},          BrushCapability{},
            GlyphCacheCapability{},    OffscreenCapability{},
            VirtualChannelCapability{}};
}

}  // namespace rdpfault::client
