#include "protocol/preconnection.hpp"

#include "protocol/reader.hpp"

namespace rdpfault::protocol {

namespace {
std::u16string read_payload(Reader& reader) {
    const std::size_t units = reader.u16le("cchPCB");
    auto content = reader.sub(units * 2, "wszPCB");
    std::u16string text;
    text.reserve(content.remaining() / 2);
    while (content.ok() && !content.at_end())
        text += static_cast<char16_t>(content.u16le("wszPCB"));
    if (content.ok() && (text.empty() || text.back() != u'\0')) reader.fail(Errc::bad_value, "wszPCB without NUL");
    if (reader.ok()) text.pop_back();
    return text;
}
}  // namespace

Result<PreconnectionPdu> PreconnectionPdu::decode(ByteView bytes) {
    Reader reader(bytes);
    const auto size = reader.u32le("cbSize");
    PreconnectionPdu pdu;
    pdu.flags = reader.u32le("preconnection flags");
    const auto version = reader.u32le("preconnection version");
    if (version != 1 && version != 2) reader.fail_at(8, Errc::bad_value, "preconnection version");
    pdu.id = reader.u32le("preconnection id");
    if (version == 2) pdu.payload = read_payload(reader);
    reader.expect_end("bytes after the preconnection PDU");
    if (size != bytes.size()) reader.fail_at(0, Errc::bad_length, "cbSize");
    return finish(reader, std::move(pdu));
}

void PreconnectionPdu::encode(Writer& writer) const {
    const auto text_size = payload ? 2 + 2 * (payload->size() + 1) : 0;
    writer.u32le(preconnection_v1_size + text_size);
    writer.u32le(flags);
    writer.u32le(payload ? 2 : 1);
    writer.u32le(id);
    if (!payload) return;
    writer.u16le(payload->size() + 1);
    for (const auto unit : *payload)
        writer.u16le(unit);
    writer.u16le(0);
}

}  // namespace rdpfault::protocol
