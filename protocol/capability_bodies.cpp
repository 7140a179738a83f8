#include <algorithm>

#include "protocol/capabilities.hpp"
#include "protocol/utf16.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::size_t ime_file_name_size = 64;

template <std::size_t size>
void read_array(Reader& reader, std::array<std::uint8_t, size>& to, std::string_view what) {
    std::ranges::copy(reader.take(size, what), to.begin());
}

template <class Cache>
Cache read_cache(Reader& reader, std::string_view what) {
    const auto entries = reader.u16le(what);
    return {entries, reader.u16le(what)};
}

template <class Cache>
void write_cache(Writer& writer, const Cache& cache) {
    writer.u16le(cache.entries);
    writer.u16le(cache.maximum_cell_size);
}

}  // namespace

GeneralCapability GeneralCapability::read(Reader& reader) {
    GeneralCapability set;
    set.os_major = reader.u16le("osMajorType");
    set.os_minor = reader.u16le("osMinorType");
    set.protocol_version = reader.u16le("protocolVersion");
    reader.skip(2, "general pad");
    set.compression_types = reader.u16le("compressionTypes");
    set.extra_flags = reader.u16le("extraFlags");
    set.update_capability = reader.u16le("updateCapabilityFlag");
    set.remote_unshare = reader.u16le("remoteUnshareFlag");
    set.compression_level = reader.u16le("compressionLevel");
    set.refresh_rect = reader.u8("refreshRectSupport");
    set.suppress_output = reader.u8("suppressOutputSupport");
    return set;
}

void GeneralCapability::encode(Writer& writer) const {
    writer.u16le(os_major);
    writer.u16le(os_minor);
    writer.u16le(protocol_version);
    writer.u16le(0);
    writer.u16le(compression_types);
    writer.u16le(extra_flags);
    writer.u16le(update_capability);
    writer.u16le(remote_unshare);
    writer.u16le(compression_level);
    writer.u8(refresh_rect);
    writer.u8(suppress_output);
}

BitmapCapability BitmapCapability::read(Reader& reader) {
    BitmapCapability set;
    set.preferred_bits_per_pixel = reader.u16le("preferredBitsPerPixel");
    set.receive_1_bit = reader.u16le("receive1BitPerPixel");
    set.receive_4_bits = reader.u16le("receive4BitsPerPixel");
    set.receive_8_bits = reader.u16le("receive8BitsPerPixel");
    set.desktop_width = reader.u16le("desktopWidth");
    set.desktop_height = reader.u16le("desktopHeight");
    reader.skip(2, "bitmap pad");
    set.desktop_resize = reader.u16le("desktopResizeFlag");
    set.bitmap_compression = reader.u16le("bitmapCompressionFlag");
    set.high_color_flags = reader.u8("highColorFlags");
    set.drawing_flags = reader.u8("drawingFlags");
    set.multiple_rectangles = reader.u16le("multipleRectangleSupport");
    reader.skip(2, "bitmap pad");
    return set;
}

void BitmapCapability::encode(Writer& writer) const {
    writer.u16le(preferred_bits_per_pixel);
    writer.u16le(receive_1_bit);
    writer.u16le(receive_4_bits);
    writer.u16le(receive_8_bits);
    writer.u16le(desktop_width);
    writer.u16le(desktop_height);
    writer.u16le(0);
    writer.u16le(desktop_resize);
    writer.u16le(bitmap_compression);
    writer.u8(high_color_flags);
    writer.u8(drawing_flags);
    writer.u16le(multiple_rectangles);
    writer.u16le(0);
}

OrderCapability OrderCapability::read(Reader& reader) {
    OrderCapability set;
    read_array(reader, set.terminal_descriptor, "terminalDescriptor");
    reader.skip(4, "order pad");
    set.desktop_save_x = reader.u16le("desktopSaveXGranularity");
    set.desktop_save_y = reader.u16le("desktopSaveYGranularity");
    reader.skip(2, "order pad");
    set.maximum_order_level = reader.u16le("maximumOrderLevel");
    set.number_fonts = reader.u16le("numberFonts");
    set.order_flags = reader.u16le("orderFlags");
    read_array(reader, set.order_support, "orderSupport");
    set.text_flags = reader.u16le("textFlags");
    set.order_support_ex_flags = reader.u16le("orderSupportExFlags");
    reader.skip(4, "order pad");
    set.desktop_save_size = reader.u32le("desktopSaveSize");
    reader.skip(4, "order pad");
    set.text_ansi_code_page = reader.u16le("textANSICodePage");
    reader.skip(2, "order pad");
    return set;
}

void OrderCapability::encode(Writer& writer) const {
    writer.bytes(terminal_descriptor);
    writer.zeros(4);
    writer.u16le(desktop_save_x);
    writer.u16le(desktop_save_y);
    writer.zeros(2);
    writer.u16le(maximum_order_level);
    writer.u16le(number_fonts);
    writer.u16le(order_flags);
    writer.bytes(order_support);
    writer.u16le(text_flags);
    writer.u16le(order_support_ex_flags);
    writer.zeros(4);
    writer.u32le(desktop_save_size);
    writer.zeros(4);
    writer.u16le(text_ansi_code_page);
    writer.zeros(2);
}

BitmapCacheCapability BitmapCacheCapability::read(Reader& reader) {
    BitmapCacheCapability set;
    reader.skip(24, "bitmap cache pad");
    for (auto& cache : set.caches)
        cache = read_cache<Cache>(reader, "bitmap cache");
    return set;
}

void BitmapCacheCapability::encode(Writer& writer) const {
    writer.zeros(24);
    for (const auto& cache : caches)
        write_cache(writer, cache);
}

ControlCapability ControlCapability::read(Reader& reader) {
    ControlCapability set;
    set.control_flags = reader.u16le("controlFlags");
    set.remote_detach = reader.u16le("remoteDetachFlag");
    set.control_interest = reader.u16le("controlInterest");
    set.detach_interest = reader.u16le("detachInterest");
    return set;
}

void ControlCapability::encode(Writer& writer) const {
    writer.u16le(control_flags);
    writer.u16le(remote_detach);
    writer.u16le(control_interest);
    writer.u16le(detach_interest);
}

ActivationCapability ActivationCapability::read(Reader& reader) {
    ActivationCapability set;
    set.help_key = reader.u16le("helpKeyFlag");
    set.help_index_key = reader.u16le("helpKeyIndexFlag");
    set.help_extended_key = reader.u16le("helpExtendedKeyFlag");
    set.window_manager_key = reader.u16le("windowManagerKeyFlag");
    return set;
}

void ActivationCapability::encode(Writer& writer) const {
    writer.u16le(help_key);
    writer.u16le(help_index_key);
    writer.u16le(help_extended_key);
    writer.u16le(window_manager_key);
}

PointerCapability PointerCapability::read(Reader& reader) {
    PointerCapability set;
    set.color_pointer = reader.u16le("colorPointerFlag");
    set.color_pointer_cache_size = reader.u16le("colorPointerCacheSize");
    set.pointer_cache_size.reset();
    if (!reader.at_end()) set.pointer_cache_size = reader.u16le("pointerCacheSize");
    return set;
}

void PointerCapability::encode(Writer& writer) const {
    writer.u16le(color_pointer);
    writer.u16le(color_pointer_cache_size);
    if (pointer_cache_size) writer.u16le(*pointer_cache_size);
}

ShareCapability ShareCapability::read(Reader& reader) {
    ShareCapability set{reader.u16le("nodeId")};
    reader.skip(2, "share pad");
    return set;
}

void ShareCapability::encode(Writer& writer) const {
    writer.u16le(node_id);
    writer.u16le(0);
}

ColorCacheCapability ColorCacheCapability::read(Reader& reader) {
    ColorCacheCapability set{reader.u16le("colorTableCacheSize")};
    reader.skip(2, "color cache pad");
    return set;
}

void ColorCacheCapability::encode(Writer& writer) const {
    writer.u16le(cache_size);
    writer.u16le(0);
}

SoundCapability SoundCapability::read(Reader& reader) {
    SoundCapability set{reader.u16le("soundFlags")};
    reader.skip(2, "sound pad");
    return set;
}

void SoundCapability::encode(Writer& writer) const {
    writer.u16le(flags);
    writer.u16le(0);
}

InputCapability InputCapability::read(Reader& reader) {
    InputCapability set;
    set.flags = reader.u16le("inputFlags");
    reader.skip(2, "input pad");
    set.keyboard_layout = reader.u32le("keyboardLayout");
    set.keyboard_type = reader.u32le("keyboardType");
    set.keyboard_subtype = reader.u32le("keyboardSubType");
    set.keyboard_function_keys = reader.u32le("keyboardFunctionKey");
    set.ime_file_name = read_fixed_utf16(reader, ime_file_name_size, "imeFileName");
    return set;
}

void InputCapability::encode(Writer& writer) const {
    writer.u16le(flags);
    writer.u16le(0);
    writer.u32le(keyboard_layout);
    writer.u32le(keyboard_type);
    writer.u32le(keyboard_subtype);
    writer.u32le(keyboard_function_keys);
    write_fixed_utf16(writer, ime_file_name, ime_file_name_size);
}

FontCapability FontCapability::read(Reader& reader) {
    if (reader.at_end()) return {std::nullopt};
    FontCapability set{reader.u16le("fontSupportFlags")};
    reader.skip(2, "font pad");
    return set;
}

void FontCapability::encode(Writer& writer) const {
    if (!flags) return;
    writer.u16le(*flags);
    writer.u16le(0);
}

BrushCapability BrushCapability::read(Reader& reader) {
    return {reader.u32le("brushSupportLevel")};
}

void BrushCapability::encode(Writer& writer) const {
    writer.u32le(support_level);
}

GlyphCacheCapability GlyphCacheCapability::read(Reader& reader) {
    GlyphCacheCapability set;
    for (auto& cache : set.caches)
        cache = read_cache<Cache>(reader, "GlyphCache");
    set.fragments = read_cache<Cache>(reader, "FragCache");
    set.support_level = reader.u16le("GlyphSupportLevel");
    reader.skip(2, "glyph cache pad");
    return set;
}

void GlyphCacheCapability::encode(Writer& writer) const {
    for (const auto& cache : caches)
        write_cache(writer, cache);
    write_cache(writer, fragments);
    writer.u16le(support_level);
    writer.u16le(0);
}

OffscreenCapability OffscreenCapability::read(Reader& reader) {
    OffscreenCapability set;
    set.support_level = reader.u32le("offscreenSupportLevel");
    set.cache_size = reader.u16le("offscreenCacheSize");
    set.cache_entries = reader.u16le("offscreenCacheEntries");
    return set;
}

void OffscreenCapability::encode(Writer& writer) const {
    writer.u32le(support_level);
    writer.u16le(cache_size);
    writer.u16le(cache_entries);
}

VirtualChannelCapability VirtualChannelCapability::read(Reader& reader) {
    VirtualChannelCapability set{reader.u32le("virtual channel flags"), std::nullopt};
    if (!reader.at_end()) set.chunk_size = reader.u32le("VCChunkSize");
    return set;
}

void VirtualChannelCapability::encode(Writer& writer) const {
    writer.u32le(flags);
    if (chunk_size) writer.u32le(*chunk_size);
}

MultifragmentCapability MultifragmentCapability::read(Reader& reader) {
    return {reader.u32le("MaxRequestSize")};
}

void MultifragmentCapability::encode(Writer& writer) const {
    writer.u32le(maximum_request_size);
}

LargePointerCapability LargePointerCapability::read(Reader& reader) {
    return {reader.u16le("largePointerSupportFlags")};
}

void LargePointerCapability::encode(Writer& writer) const {
    writer.u16le(flags);
}

SurfaceCommandsCapability SurfaceCommandsCapability::read(Reader& reader) {
    SurfaceCommandsCapability set{reader.u32le("cmdFlags")};
    reader.skip(4, "surface commands reserved");
    return set;
}

void SurfaceCommandsCapability::encode(Writer& writer) const {
    writer.u32le(flags);
    writer.u32le(0);
}

BitmapCodecsCapability BitmapCodecsCapability::read(Reader& reader) {
    BitmapCodecsCapability set;
    const auto count = reader.u8("bitmapCodecCount");
    for (std::uint8_t i = 0; i < count && reader.ok(); ++i) {
        Codec codec;
        read_array(reader, codec.guid, "codecGUID");
        codec.id = reader.u8("codecID");
        const auto properties = reader.take(reader.u16le("codecPropertiesLength"), "codecProperties");
        codec.properties.assign(properties.begin(), properties.end());
        set.codecs.push_back(std::move(codec));
    }
    return set;
}

void BitmapCodecsCapability::encode(Writer& writer) const {
    writer.u8(codecs.size());
    for (const auto& codec : codecs) {
        writer.bytes(codec.guid);
        writer.u8(codec.id);
        writer.u16le(codec.properties.size());
        writer.bytes(codec.properties);
    }
}

}  // namespace rdpfault::protocol
