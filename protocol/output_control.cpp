#include "protocol/output_control.hpp"

#include <algorithm>

namespace rdpfault::protocol {

InclusiveRectangle InclusiveRectangle::read(Reader& reader) {
    InclusiveRectangle out;
    out.left = reader.u16le("TS_RECTANGLE16 left");
    out.top = reader.u16le("TS_RECTANGLE16 top");
    out.right = reader.u16le("TS_RECTANGLE16 right");
    out.bottom = reader.u16le("TS_RECTANGLE16 bottom");
    return out;
}

void InclusiveRectangle::encode(Writer& writer) const {
    writer.u16le(left);
    writer.u16le(top);
    writer.u16le(right);
    writer.u16le(bottom);
}

Result<RefreshRect> RefreshRect::decode(ByteView pdu) {
    auto [origin, body] = open_share_data(pdu, DataPduType::refresh_rect, "Refresh Rect");
    RefreshRect out{origin, {}};
    const auto count = body.u8("numberOfAreas");
    body.skip(3, "pad3Octets");
    for (int i = 0; i < count && body.ok(); ++i)
        out.areas.push_back(InclusiveRectangle::read(body));
    return finish(body, std::move(out));
}

void RefreshRect::encode(Writer& writer) const {
    write_share_data(writer, DataPduType::refresh_rect, origin, [&] {
        const auto count = std::min<std::size_t>(areas.size(), 255);
        writer.u8(count);
        writer.zeros(3);
        for (std::size_t i = 0; i < count; ++i)
            areas[i].encode(writer);
    });
}

Result<SuppressOutput> SuppressOutput::decode(ByteView pdu) {
    auto [origin, body] = open_share_data(pdu, DataPduType::suppress_output, "Suppress Output");
    SuppressOutput out{origin, {}};
    const auto allow = body.u8("allowDisplayUpdates");
    body.skip(3, "pad3Octets");
    if (allow != 0) out.desktop = InclusiveRectangle::read(body);
    return finish(body, out);
}

void SuppressOutput::encode(Writer& writer) const {
    write_share_data(writer, DataPduType::suppress_output, origin, [&] {
        writer.u8(desktop ? 1 : 0);
        writer.zeros(3);
        if (desktop) desktop->encode(writer);
    });
}

}  // namespace rdpfault::protocol
