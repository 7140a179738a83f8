#include "protocol/finalization.hpp"

namespace rdpfault::protocol {

namespace {

// PDUs whose fields are all words.
template <class Pdu, class... Field>
Result<Pdu> decode_words(ByteView bytes, DataPduType type, std::string_view what, Field Pdu::*... field) {
    auto share = open_share_data(bytes, type, what);
    Pdu pdu;
    pdu.origin = share.origin;
    ((pdu.*field = share.body.u16le(what)), ...);
    return finish(share.body, pdu);
}

template <class... Word>
void encode_words(Writer& writer, DataPduType type, const ShareOrigin& origin, Word... word) {
    write_share_data(writer, type, origin, [&] { (writer.u16le(word), ...); });
}

}  // namespace

Result<Synchronize> Synchronize::decode(ByteView pdu) {
    return decode_words<Synchronize>(pdu, DataPduType::synchronize, "Synchronize", &Synchronize::message_type,
                                     &Synchronize::target_user);
}

void Synchronize::encode(Writer& writer) const {
    encode_words(writer, DataPduType::synchronize, origin, message_type, target_user);
}

Result<Control> Control::decode(ByteView bytes) {
    auto share = open_share_data(bytes, DataPduType::control, "Control");
    Control pdu;
    pdu.origin = share.origin;
    const auto action_at = share.body.offset();
    pdu.action = static_cast<ControlAction>(share.body.u16le("control action"));
    if (pdu.action < ControlAction::request_control || pdu.action > ControlAction::cooperate)
        share.body.fail_at(action_at, Errc::bad_value, "control action");
    pdu.grant_id = share.body.u16le("grantId");
    pdu.control_id = share.body.u32le("controlId");
    return finish(share.body, pdu);
}

void Control::encode(Writer& writer) const {
    write_share_data(writer, DataPduType::control, origin, [&] {
        writer.u16le(static_cast<std::uint16_t>(action));
        writer.u16le(grant_id);
        writer.u32le(control_id);
    });
}

Result<FontList> FontList::decode(ByteView pdu) {
    return decode_words<FontList>(pdu, DataPduType::font_list, "Font List", &FontList::number_fonts,
                                  &FontList::total_fonts, &FontList::flags, &FontList::entry_size);
}

void FontList::encode(Writer& writer) const {
    encode_words(writer, DataPduType::font_list, origin, number_fonts, total_fonts, flags, entry_size);
}

Result<FontMap> FontMap::decode(ByteView pdu) {
    return decode_words<FontMap>(pdu, DataPduType::font_map, "Font Map", &FontMap::number_entries,
                                 &FontMap::total_entries, &FontMap::flags, &FontMap::entry_size);
}

void FontMap::encode(Writer& writer) const {
    encode_words(writer, DataPduType::font_map, origin, number_entries, total_entries, flags, entry_size);
}

Result<PersistentKeyList> PersistentKeyList::decode(ByteView bytes) {
    auto share = open_share_data(bytes, DataPduType::bitmap_cache_persistent_list, "Persistent Key List");
    const auto rest = share.body.rest();
    return finish(share.body, PersistentKeyList{share.origin, {rest.begin(), rest.end()}});
}

void PersistentKeyList::encode(Writer& writer) const {
    write_share_data(writer, DataPduType::bitmap_cache_persistent_list, origin, [&] { writer.bytes(body); });
}

}  // namespace rdpfault::protocol
