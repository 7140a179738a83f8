#include "protocol/bitmap_update.hpp"

#include <stdexcept>

namespace rdpfault::protocol {

namespace {

constexpr std::uint16_t update_type_bitmap = 1;

BitmapRectangle read_rectangle(Reader& reader) {
    BitmapRectangle r;
    for (auto* field : {&r.left, &r.top, &r.right, &r.bottom, &r.width, &r.height, &r.bits_per_pixel, &r.flags})
        *field = reader.u16le("TS_BITMAP_DATA");
    const auto data = reader.take(reader.u16le("bitmapLength"), "bitmapDataStream");
    r.data.assign(data.begin(), data.end());
    return r;
}

void write_rectangle(Writer& writer, const BitmapRectangle& r) {
    if (r.data.size() > 0xFFFF) throw std::length_error("a bitmap rectangle is too long");
    for (const auto field : {r.left, r.top, r.right, r.bottom, r.width, r.height, r.bits_per_pixel, r.flags})
        writer.u16le(field);
    writer.u16le(r.data.size());
    writer.bytes(r.data);
}

BitmapUpdate read_update(Reader& reader) {
    const auto type_at = reader.offset();
    if (reader.u16le("updateType") != update_type_bitmap) reader.fail_at(type_at, Errc::bad_value, "updateType");
    BitmapUpdate update;
    const auto count = reader.u16le("numberRectangles");
    for (std::uint16_t i = 0; i < count && reader.ok(); ++i)
        update.rectangles.push_back(read_rectangle(reader));
    return update;
}

std::size_t bytes_per_pixel(std::uint16_t bits) {
    switch (bits) {
        case 8: return 1;
        case 15:
        case 16: return 2;
        case 24: return 3;
        case 32: return 4;
        default: throw std::invalid_argument("no such colour depth");
    }
}

}  // namespace

BitmapRectangle uncompressed_rectangle(std::uint16_t left, std::uint16_t top, std::uint16_t width, std::uint16_t height,
                                       std::uint16_t bits_per_pixel, ByteView pixels) {
    const std::size_t row = width * bytes_per_pixel(bits_per_pixel);
    if (row * height != pixels.size() || pixels.empty())
        throw std::invalid_argument("pixels do not fill the rectangle");
    BitmapRectangle r{left,
                      top,
                      static_cast<std::uint16_t>(left + width - 1),
                      static_cast<std::uint16_t>(top + height - 1),
                      width,
                      height,
                      bits_per_pixel,
                      0,
                      {}};
    const auto padded_row = (row + 3) / 4 * 4;
    r.data.reserve(padded_row * height);
    for (std::size_t y = height; y-- > 0;) {
        append(r.data, pixels.subspan(y * row, row));
        r.data.resize((height - y) * padded_row);
    }
    return r;
}

Result<BitmapUpdate> BitmapUpdate::decode(ByteView data) {
    Reader reader(data);
    auto update = read_update(reader);
    return finish(reader, std::move(update));
}

void BitmapUpdate::encode(Writer& writer) const {
    writer.u16le(update_type_bitmap);
    writer.u16le(rectangles.size());
    for (const auto& rectangle : rectangles)
        write_rectangle(writer, rectangle);
}

Result<SlowPathBitmapUpdate> SlowPathBitmapUpdate::decode(ByteView pdu) {
    auto share = open_share_data(pdu, DataPduType::update, "bitmap update");
    auto update = read_update(share.body);
    return finish(share.body, SlowPathBitmapUpdate{share.origin, std::move(update)});
}

void SlowPathBitmapUpdate::encode(Writer& writer) const {
    write_share_data(writer, DataPduType::update, origin, [&] { update.encode(writer); });
}

}  // namespace rdpfault::protocol
