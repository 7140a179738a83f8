#include "protocol/input.hpp"

namespace rdpfault::protocol {

namespace {

enum MessageType : std::uint16_t {
    message_sync = 0x0000,
    message_unused = 0x0002,
    message_scancode = 0x0004,
    message_unicode = 0x0005,
    message_mouse = 0x8001,
    message_extended_mouse = 0x8002,
};

// In the order of the alternatives of InputEvent::event.
constexpr MessageType message_types[] = {message_sync, message_scancode, message_unicode, message_mouse,
                                         message_extended_mouse};

template <class Event>
Event read_key(Reader& body) {
    const auto flags = body.u16le("keyboardFlags");
    return {flags, body.u16le("keyCode")};
}

template <class Event>
Event read_pointer(Reader& body) {
    Event event;
    event.pointer_flags = body.u16le("pointerFlags");
    event.x = body.u16le("xPos");
    event.y = body.u16le("yPos");
    return event;
}

// Every body is six bytes, padded where it has less to say.
void read_event(Reader& reader, std::vector<InputEvent>& to) {
    const auto time = reader.u32le("eventTime");
    const auto type_at = reader.offset();
    const auto type = reader.u16le("messageType");
    auto body = reader.sub(6, "slowPathInputData");
    if (!reader.ok()) return;
    switch (type) {
        case message_sync: body.skip(2, "input pad"); return to.push_back({time, SlowSync{body.u32le("toggleFlags")}});
        case message_unused: return;
        case message_scancode: return to.push_back({time, read_key<SlowScancode>(body)});
        case message_unicode: return to.push_back({time, read_key<SlowUnicode>(body)});
        case message_mouse: return to.push_back({time, read_pointer<SlowMouse>(body)});
        case message_extended_mouse: return to.push_back({time, read_pointer<SlowExtendedMouse>(body)});
        default: reader.fail_at(type_at, Errc::unsupported, "messageType");
    }
}

struct BodyWriter {
    Writer& writer;

    void words(std::uint16_t a, std::uint16_t b, std::uint16_t c) const {
        writer.u16le(a);
        writer.u16le(b);
        writer.u16le(c);
    }
    void operator()(const SlowSync& event) const {
        writer.u16le(0);
        writer.u32le(event.toggle_flags);
    }
    void operator()(const SlowScancode& event) const { words(event.flags, event.code, 0); }
    void operator()(const SlowUnicode& event) const { words(event.flags, event.code, 0); }
    void operator()(const SlowMouse& event) const { words(event.pointer_flags, event.x, event.y); }
    void operator()(const SlowExtendedMouse& event) const { words(event.pointer_flags, event.x, event.y); }
};

}  // namespace

Result<InputPdu> InputPdu::decode(ByteView pdu) {
    auto share = open_share_data(pdu, DataPduType::input, "input");
    InputPdu input;
    input.origin = share.origin;
    const auto count = share.body.u16le("numEvents");
    share.body.skip(2, "input pad");
    for (std::uint16_t i = 0; i < count && share.body.ok(); ++i)
        read_event(share.body, input.events);
    return finish(share.body, std::move(input));
}

void InputPdu::encode(Writer& writer) const {
    write_share_data(writer, DataPduType::input, origin, [&] {
        writer.u16le(events.size());
        writer.u16le(0);
        for (const auto& event : events) {
            writer.u32le(event.time);
            writer.u16le(message_types[event.event.index()]);
            std::visit(BodyWriter{writer}, event.event);
        }
    });
}

}  // namespace rdpfault::protocol
