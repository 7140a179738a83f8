#include "protocol/session_end.hpp"

namespace rdpfault::protocol {

Result<DeactivateAll> DeactivateAll::decode(ByteView pdu) {
    auto share = open_share_pdu(pdu, SharePduType::deactivate_all, "Deactivate All");
    DeactivateAll all{share.origin.source, std::nullopt};
    if (share.body.at_end()) return finish(share.body, std::move(all));
    auto& body = all.body.emplace();
    body.share_id = share.body.u32le("shareId");
    const auto source = share.body.take(share.body.u16le("lengthSourceDescriptor"), "sourceDescriptor");
    body.source_descriptor.assign(source.begin(), source.end());
    return finish(share.body, std::move(all));
}

void DeactivateAll::encode(Writer& writer) const {
    write_share_pdu(writer, SharePduType::deactivate_all, source, [&] {
        if (!body) return;
        writer.u32le(body->share_id);
        writer.u16le(body->source_descriptor.size());
        writer.text(body->source_descriptor);
    });
}

Result<ShutdownRequest> ShutdownRequest::decode(ByteView pdu) {
    const auto share = open_share_data(pdu, DataPduType::shutdown_request, "Shutdown Request");
    return finish(share.body, ShutdownRequest{share.origin});
}

void ShutdownRequest::encode(Writer& writer) const {
    write_share_data(writer, DataPduType::shutdown_request, origin, [] {});
}

Result<ShutdownDenied> ShutdownDenied::decode(ByteView pdu) {
    const auto share = open_share_data(pdu, DataPduType::shutdown_denied, "Shutdown Request Denied");
    return finish(share.body, ShutdownDenied{share.origin});
}

void ShutdownDenied::encode(Writer& writer) const {
    write_share_data(writer, DataPduType::shutdown_denied, origin, [] {});
}

}  // namespace rdpfault::protocol
