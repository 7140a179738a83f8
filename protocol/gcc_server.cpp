#include "protocol/gcc_server.hpp"

namespace rdpfault::protocol {

ServerCoreData ServerCoreData::read(Reader& reader) {
    ServerCoreData data;
    data.version = reader.u32le("server version");
    if (reader.remaining() >= 4) data.client_requested_protocols = reader.u32le("clientRequestedProtocols");
    if (reader.remaining() >= 4) data.early_capability_flags = reader.u32le("server earlyCapabilityFlags");
    return data;
}

void ServerCoreData::encode(Writer& writer) const {
    writer.u32le(version);
    if (!client_requested_protocols) return;
    writer.u32le(*client_requested_protocols);
    if (early_capability_flags) writer.u32le(*early_capability_flags);
}

ServerSecurityData ServerSecurityData::read(Reader& reader) {
    ServerSecurityData data;
    data.encryption_method = reader.u32le("encryptionMethod");
    data.encryption_level = reader.u32le("encryptionLevel");
    if (reader.at_end()) return data;
    const auto random_size = reader.u32le("serverRandomLen");
    const auto certificate_size = reader.u32le("serverCertLen");
    const auto random = reader.take(random_size, "serverRandom");
    const auto certificate = reader.take(certificate_size, "serverCertificate");
    data.server_random.assign(random.begin(), random.end());
    data.server_certificate.assign(certificate.begin(), certificate.end());
    return data;
}

void ServerSecurityData::encode(Writer& writer) const {
    writer.u32le(encryption_method);
    writer.u32le(encryption_level);
    if (server_random.empty() && server_certificate.empty()) return;
    writer.u32le(server_random.size());
    writer.u32le(server_certificate.size());
    writer.bytes(server_random);
    writer.bytes(server_certificate);
}

ServerNetworkData ServerNetworkData::read(Reader& reader) {
    constexpr std::uint16_t max_channels = 31;
    ServerNetworkData data;
    data.io_channel = reader.u16le("MCSChannelId");
    const auto count_at = reader.offset();
    const auto count = reader.u16le("server channelCount");
    if (count > max_channels) reader.fail_at(count_at, Errc::bad_value, "server channelCount");
    for (std::uint16_t i = 0; i < count && reader.ok(); ++i)
        data.channels.push_back(reader.u16le("channelId"));
    return data;
}

void ServerNetworkData::encode(Writer& writer) const {
    writer.u16le(io_channel);
    writer.u16le(channels.size());
    for (const auto channel : channels)
        writer.u16le(channel);
    if (channels.size() % 2 == 1) writer.u16le(0);  // the block is a multiple of four bytes
}

ServerMessageChannelData ServerMessageChannelData::read(Reader& reader) {
    return {reader.u16le("message channel id")};
}

void ServerMessageChannelData::encode(Writer& writer) const {
    writer.u16le(channel);
}

ServerMultitransportData ServerMultitransportData::read(Reader& reader) {
    return {reader.u32le("server multitransport flags")};
}

void ServerMultitransportData::encode(Writer& writer) const {
    writer.u32le(flags);
}

Result<ServerDataBlocks> ServerDataBlocks::decode(ByteView bytes) {
    Reader reader(bytes);
    ServerDataBlocks blocks;
    while (reader.ok() && !reader.at_end()) {
        auto block = read_data_block(reader);
        const auto take = [&](auto& into) { return take_data_block(reader, block, into); };
        const bool known = take(blocks.core) || take(blocks.security) || take(blocks.network) ||
                           take(blocks.message_channel) || take(blocks.multitransport);
        if (!known) {
            const auto body = block.body.rest();
            blocks.others.push_back({block.type, {body.begin(), body.end()}});
        }
    }
    return finish(reader, std::move(blocks));
}

void ServerDataBlocks::encode(Writer& writer) const {
    write_data_block(writer, core);
    write_data_block(writer, security);
    write_data_block(writer, network);
    write_data_block(writer, message_channel);
    write_data_block(writer, multitransport);
    for (const auto& block : others)
        write_data_block(writer, block);
}

}  // namespace rdpfault::protocol
