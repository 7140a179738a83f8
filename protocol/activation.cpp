#include "protocol/activation.hpp"

namespace rdpfault::protocol {

namespace {

// Both PDUs count their parts before they come: source descriptor, then capability sets. As clients do, the decoder
// goes by numberCapabilities and does not believe lengthCombinedCapabilities, which some servers get wrong.
struct Parts {
    std::string source_descriptor;
    Capabilities capabilities;
};

Parts read_parts(Reader& reader) {
    Parts parts;
    const auto source_size = reader.u16le("lengthSourceDescriptor");
    reader.skip(2, "lengthCombinedCapabilities");
    const auto source = reader.take(source_size, "sourceDescriptor");
    parts.source_descriptor.assign(source.begin(), source.end());
    parts.capabilities = read_capabilities(reader);
    return parts;
}

void write_parts(Writer& writer, const std::string& source_descriptor, const Capabilities& capabilities) {
    Writer sets;
    write_capabilities(sets, capabilities);
    writer.u16le(source_descriptor.size());
    writer.u16le(sets.size());
    writer.text(source_descriptor);
    writer.bytes(sets.view());
}

}  // namespace

Result<DemandActive> DemandActive::decode(ByteView pdu) {
    auto share = open_share_pdu(pdu, SharePduType::demand_active, "Demand Active");
    DemandActive demand;
    demand.origin = share.origin;
    demand.origin.share_id = share.body.u32le("shareId");
    auto parts = read_parts(share.body);
    demand.source_descriptor = std::move(parts.source_descriptor);
    demand.capabilities = std::move(parts.capabilities);
    demand.session_id.reset();
    if (share.body.remaining() >= 4) demand.session_id = share.body.u32le("sessionId");
    return finish(share.body, std::move(demand));
}

void DemandActive::encode(Writer& writer) const {
    write_share_pdu(writer, SharePduType::demand_active, origin.source, [&] {
        writer.u32le(origin.share_id);
        write_parts(writer, source_descriptor, capabilities);
        if (session_id) writer.u32le(*session_id);
    });
}

Result<ConfirmActive> ConfirmActive::decode(ByteView pdu) {
    auto share = open_share_pdu(pdu, SharePduType::confirm_active, "Confirm Active");
    ConfirmActive confirm;
    confirm.origin = share.origin;
    confirm.origin.share_id = share.body.u32le("shareId");
    confirm.originator_id = share.body.u16le("originatorId");
    auto parts = read_parts(share.body);
    confirm.source_descriptor = std::move(parts.source_descriptor);
    confirm.capabilities = std::move(parts.capabilities);
    return finish(share.body, std::move(confirm));
}

void ConfirmActive::encode(Writer& writer) const {
    write_share_pdu(writer, SharePduType::confirm_active, origin.source, [&] {
        writer.u32le(origin.share_id);
        writer.u16le(originator_id);
        write_parts(writer, source_descriptor, capabilities);
    });
}

}  // namespace rdpfault::protocol
