#include "protocol/gcc_client.hpp"

#include <algorithm>

namespace rdpfault::protocol {

namespace {
constexpr std::uint32_t max_channels = 31;
constexpr std::uint32_t max_monitors = 16;
constexpr std::size_t channel_name_size = 8;
constexpr std::uint32_t monitor_attribute_size = 20;

std::uint32_t read_count(Reader& reader, std::uint32_t maximum, std::string_view what) {
    const auto at = reader.offset();
    const auto count = reader.u32le(what);
    if (count > maximum) reader.fail_at(at, Errc::bad_value, what);
    return count;
}
}  // namespace

ClientSecurityData ClientSecurityData::read(Reader& reader) {
    ClientSecurityData data;
    data.encryption_methods = reader.u32le("encryptionMethods");
    data.ext_encryption_methods = reader.u32le("extEncryptionMethods");
    return data;
}

void ClientSecurityData::encode(Writer& writer) const {
    writer.u32le(encryption_methods);
    writer.u32le(ext_encryption_methods);
}

ClientNetworkData ClientNetworkData::read(Reader& reader) {
    ClientNetworkData data;
    const auto count = read_count(reader, max_channels, "channelCount");
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
        const auto name = reader.take(channel_name_size, "channel name");
        ChannelDefinition channel;
        channel.name.assign(name.begin(), std::ranges::find(name, 0));
        channel.options = reader.u32le("channel options");
        data.channels.push_back(std::move(channel));
    }
    return data;
}

void ClientNetworkData::encode(Writer& writer) const {
    writer.u32le(channels.size());
    for (const auto& channel : channels) {
        const auto name = std::string_view(channel.name).substr(0, channel_name_size);
        writer.text(name);
        writer.zeros(channel_name_size - name.size());
        writer.u32le(channel.options);
    }
}

ClientClusterData ClientClusterData::read(Reader& reader) {
    ClientClusterData data;
    data.flags = reader.u32le("cluster flags");
    data.redirected_session_id = reader.u32le("RedirectedSessionID");
    return data;
}

void ClientClusterData::encode(Writer& writer) const {
    writer.u32le(flags);
    writer.u32le(redirected_session_id);
}

ClientMonitorData ClientMonitorData::read(Reader& reader) {
    ClientMonitorData data;
    data.flags = reader.u32le("monitor flags");
    const auto count = read_count(reader, max_monitors, "monitorCount");
    const auto coordinate = [&] { return static_cast<std::int32_t>(reader.u32le("monitor")); };
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
        MonitorDefinition monitor;
        monitor.left = coordinate();
        monitor.top = coordinate();
        monitor.right = coordinate();
        monitor.bottom = coordinate();
        monitor.flags = reader.u32le("monitor flags");
        data.monitors.push_back(monitor);
    }
    return data;
}

void ClientMonitorData::encode(Writer& writer) const {
    writer.u32le(flags);
    writer.u32le(monitors.size());
    for (const auto& monitor : monitors) {
        for (const auto coordinate : {monitor.left, monitor.top, monitor.right, monitor.bottom}) {
            writer.u32le(static_cast<std::uint32_t>(coordinate));
        }
        writer.u32le(monitor.flags);
    }
}

ClientMessageChannelData ClientMessageChannelData::read(Reader& reader) {
    return {reader.u32le("message channel flags")};
}

void ClientMessageChannelData::encode(Writer& writer) const {
    writer.u32le(flags);
}

ClientMultitransportData ClientMultitransportData::read(Reader& reader) {
    return {reader.u32le("multitransport flags")};
}

void ClientMultitransportData::encode(Writer& writer) const {
    writer.u32le(flags);
}

ClientMonitorExtendedData ClientMonitorExtendedData::read(Reader& reader) {
    ClientMonitorExtendedData data;
    data.flags = reader.u32le("extended monitor flags");
    const auto size_at = reader.offset();
    const auto size = reader.u32le("monitorAttributeSize");
    if (size != monitor_attribute_size) reader.fail_at(size_at, Errc::bad_value, "monitorAttributeSize");
    const auto count = read_count(reader, max_monitors, "extended monitorCount");
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
        MonitorAttributes monitor;
        monitor.physical_width = reader.u32le("physicalWidth");
        monitor.physical_height = reader.u32le("physicalHeight");
        monitor.orientation = reader.u32le("monitor orientation");
        monitor.desktop_scale_factor = reader.u32le("desktopScaleFactor");
        monitor.device_scale_factor = reader.u32le("deviceScaleFactor");
        data.monitors.push_back(monitor);
    }
    return data;
}

void ClientMonitorExtendedData::encode(Writer& writer) const {
    writer.u32le(flags);
    writer.u32le(monitor_attribute_size);
    writer.u32le(monitors.size());
    for (const auto& monitor : monitors) {
        writer.u32le(monitor.physical_width);
        writer.u32le(monitor.physical_height);
        writer.u32le(monitor.orientation);
        writer.u32le(monitor.desktop_scale_factor);
        writer.u32le(monitor.device_scale_factor);
    }
}

Result<ClientDataBlocks> ClientDataBlocks::decode(ByteView bytes) {
    Reader reader(bytes);
    ClientDataBlocks blocks;
    while (reader.ok() && !reader.at_end()) {
        auto block = read_data_block(reader);
        const auto take = [&](auto& into) { return take_data_block(reader, block, into); };
        const bool known = take(blocks.core) || take(blocks.cluster) || take(blocks.security) || take(blocks.network) ||
                           take(blocks.monitor) || take(blocks.monitor_extended) || take(blocks.message_channel) ||
                           take(blocks.multitransport);
        if (!known) {
            const auto body = block.body.rest();
            blocks.others.push_back({block.type, {body.begin(), body.end()}});
        }
    }
    return finish(reader, std::move(blocks));
}

void ClientDataBlocks::encode(Writer& writer) const {
    write_data_block(writer, core);
    write_data_block(writer, cluster);
    write_data_block(writer, security);
    write_data_block(writer, network);
    write_data_block(writer, monitor);
    write_data_block(writer, message_channel);
    write_data_block(writer, multitransport);
    write_data_block(writer, monitor_extended);
    for (const auto& block : others)
        write_data_block(writer, block);
}

}  // namespace rdpfault::protocol
