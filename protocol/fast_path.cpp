#include "protocol/fast_path.hpp"

#include <algorithm>
#include <stdexcept>

#include "protocol/reader.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::uint8_t encrypted_flag = 0x80;  // of the first byte
constexpr std::uint8_t compression_used = 0x2;

// Header byte and length; the length must be that of the span.
std::uint8_t open(Reader& reader, ByteView pdu, std::string_view what) {
    const auto first = reader.u8(what);
    if (!is_fast_path(first)) reader.fail_at(0, Errc::bad_value, what);
    if ((first & encrypted_flag) != 0) reader.fail_at(0, Errc::unsupported, "fast-path encryption");
    std::size_t length = reader.u8("fast-path length");
    if ((length & 0x80) != 0) length = (length & 0x7F) << 8 | reader.u8("fast-path length");
    if (length > pdu.size()) reader.fail_at(pdu.size(), Errc::truncated, "fast-path PDU");
    if (length < reader.offset()) reader.fail_at(1, Errc::bad_length, "fast-path length");
    if (length < pdu.size()) reader.fail_at(length, Errc::trailing, "bytes after the fast-path PDU");
    return first;
}

void write_pdu(Writer& writer, std::uint8_t first, ByteView body) {
    const auto total = body.size() + 2 < 0x80 ? body.size() + 2 : body.size() + 3;
    if (total > max_fast_path_pdu) throw std::length_error("a fast-path PDU is too long");
    writer.u8(first);
    if (total < 0x80) {
        writer.u8(total);
    } else {
        writer.u16be(0x8000 | total);
    }
    writer.bytes(body);
}

template <class Event>
Event read_pointer(Reader& reader) {
    Event event;
    event.pointer_flags = reader.u16le("pointerFlags");
    event.x = reader.u16le("xPos");
    event.y = reader.u16le("yPos");
    return event;
}

// The order of the alternatives of FastPathInputEvent is that of the event codes.
FastPathInputEvent read_event(Reader& reader) {
    const auto at = reader.offset();
    const auto header = reader.u8("eventHeader");
    const auto flags = static_cast<std::uint8_t>(header & 0x1F);
    switch (header >> 5) {
        case 0: return ScancodeEvent{flags, reader.u8("keyCode")};
        case 1: return read_pointer<MouseEvent>(reader);
        case 2: return read_pointer<ExtendedMouseEvent>(reader);
        case 3: return SyncEvent{flags};
        case 4: return UnicodeEvent{flags, reader.u16le("unicodeCode")};
        case 5: {
            RelativeMouseEvent event{reader.u16le("pointerFlags")};
            event.dx = static_cast<std::int16_t>(reader.u16le("xDelta"));
            event.dy = static_cast<std::int16_t>(reader.u16le("yDelta"));
            return event;
        }
        case 6: return QoeTimestampEvent{reader.u32le("timestamp")};
        default: reader.fail_at(at, Errc::bad_value, "fast-path event code"); return {};
    }
}

void write_words(Writer& writer, std::initializer_list<int> words) {
    for (const auto word : words)
        writer.u16le(static_cast<std::uint16_t>(word));
}

struct EventWriter {
    Writer& writer;
    std::size_t code;

    void header(unsigned flags) const { writer.u8(code << 5 | (flags & 0x1F)); }
    void operator()(const ScancodeEvent& event) const {
        header(event.flags);
        writer.u8(event.code);
    }
    void operator()(const MouseEvent& event) const {
        header(0);
        write_words(writer, {event.pointer_flags, event.x, event.y});
    }
    void operator()(const ExtendedMouseEvent& event) const {
        header(0);
        write_words(writer, {event.pointer_flags, event.x, event.y});
    }
    void operator()(const SyncEvent& event) const { header(event.flags); }
    void operator()(const UnicodeEvent& event) const {
        header(event.flags);
        writer.u16le(event.code);
    }
    void operator()(const RelativeMouseEvent& event) const {
        header(0);
        write_words(writer, {event.pointer_flags, event.dx, event.dy});
    }
    void operator()(const QoeTimestampEvent& event) const {
        header(0);
        writer.u32le(event.timestamp);
    }
};

FastPathUpdate read_update(Reader& reader) {
    const auto header = reader.u8("updateHeader");
    FastPathUpdate update;
    update.code = static_cast<UpdateCode>(header & 0x0F);
    update.fragmentation = static_cast<Fragmentation>(header >> 4 & 3);
    if ((header >> 6 & compression_used) != 0) update.compression_flags = reader.u8("compressionFlags");
    const auto data = reader.take(reader.u16le("update size"), "updateData");
    update.data.assign(data.begin(), data.end());
    return update;
}

void write_update(Writer& writer, const FastPathUpdate& update) {
    if (update.data.size() > max_fast_path_pdu) throw std::length_error("a fast-path update is too long");
    const unsigned compression = update.compression_flags ? compression_used : 0u;
    writer.u8(static_cast<unsigned>(update.code) | static_cast<unsigned>(update.fragmentation) << 4 | compression << 6);
    if (update.compression_flags) writer.u8(*update.compression_flags);
    writer.u16le(update.data.size());
    writer.bytes(update.data);
}

}  // namespace

Result<FastPathInput> FastPathInput::decode(ByteView pdu) {
    Reader reader(pdu);
    unsigned count = open(reader, pdu, "fpInputHeader") >> 2 & 0x0F;
    if (count == 0) count = reader.u8("numEvents");
    reader.expect(count > 0, Errc::bad_value, "numEvents");
    FastPathInput input;
    for (unsigned i = 0; i < count && reader.ok(); ++i)
        input.events.push_back(read_event(reader));
    return finish(reader, std::move(input));
}

void FastPathInput::encode(Writer& writer) const {
    if (events.empty() || events.size() > 255) throw std::length_error("a fast-path input PDU has 1 to 255 events");
    const bool in_header = events.size() < 16;
    Writer body;
    if (!in_header) body.u8(events.size());
    for (const auto& event : events)
        std::visit(EventWriter{body, event.index()}, event);
    write_pdu(writer, in_header ? static_cast<std::uint8_t>(events.size() << 2) : std::uint8_t{0}, body.view());
}

Result<FastPathOutput> FastPathOutput::decode(ByteView pdu) {
    Reader reader(pdu);
    open(reader, pdu, "fpOutputHeader");
    FastPathOutput output;
    while (reader.ok() && !reader.at_end())
        output.updates.push_back(read_update(reader));
    return finish(reader, std::move(output));
}

void FastPathOutput::encode(Writer& writer) const {
    Writer body;
    for (const auto& update : updates)
        write_update(body, update);
    write_pdu(writer, 0, body.view());
}

std::vector<Bytes> fast_path_update(UpdateCode code, ByteView data, std::size_t max_pdu) {
    constexpr std::size_t overhead = 6;  // header and length of the PDU, header and size of the update
    if (max_pdu <= overhead || max_pdu > max_fast_path_pdu) throw std::length_error("no such fast-path PDU size");
    const auto chunk = max_pdu - overhead;
    std::vector<Bytes> pdus;
    std::size_t at = 0;
    do {
        const auto part = data.subspan(at, std::min(chunk, data.size() - at));
        const bool first = at == 0;
        at += part.size();
        const bool last = at == data.size();
        FastPathUpdate update{code, Fragmentation::next, std::nullopt, {part.begin(), part.end()}};
        if (last)
            update.fragmentation = first ? Fragmentation::single : Fragmentation::last;
        else if (first)
            update.fragmentation = Fragmentation::first;
        pdus.push_back(encoded(FastPathOutput{{std::move(update)}}));
    } while (at < data.size());
    return pdus;
}

}  // namespace rdpfault::protocol
