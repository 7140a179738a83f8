// Decrypted units of one session, made with the project's own encoders.
#pragma once

#include "protocol/activation.hpp"
#include "protocol/client_info.hpp"
#include "protocol/error_info.hpp"
#include "protocol/finalization.hpp"
#include "protocol/gcc.hpp"
#include "protocol/licensing.hpp"
#include "protocol/mcs_connect.hpp"
#include "protocol/mcs_domain.hpp"
#include "protocol/session_end.hpp"

namespace rdpfault::proxy::units {

using namespace protocol;

inline constexpr std::uint16_t user = 1007;
inline constexpr std::uint16_t server_user = 1002;
inline constexpr std::uint16_t io_channel = 1004;  // not the usual 1003: it must be learnt
inline constexpr std::uint16_t message_channel = 1008;
inline constexpr std::uint16_t clipboard = 1005;
inline constexpr std::uint32_t share_id = 0x000103ea;

inline Bytes connect_initial() {
    ConferenceCreateRequest conference;
    auto& core = conference.blocks.core.emplace();
    core.client_name = "lab";
    core.server_selected_protocol = 1;
    conference.blocks.security.emplace();
    conference.blocks.network.emplace().channels = {{"cliprdr", 0x80000000}};
    ConnectInitial initial;
    initial.user_data = encoded(conference);
    return data_unit(encoded(initial));
}
inline Bytes connect_response(bool message = true) {
    ConferenceCreateResponse conference;
    conference.blocks.core.emplace().client_requested_protocols = 1;
    conference.blocks.core->early_capability_flags = 0;
    conference.blocks.security.emplace();
    conference.blocks.network.emplace().io_channel = io_channel;
    conference.blocks.network->channels = {clipboard};
    if (message) conference.blocks.message_channel.emplace().channel = message_channel;
    ConnectResponse response;
    response.user_data = encoded(conference);
    return data_unit(encoded(response));
}
inline Bytes attach_user_confirm() {
    return data_unit(encoded(AttachUserConfirm{0, user}));
}
inline Bytes channel_join_confirm() {
    return data_unit(encoded(ChannelJoinConfirm{0, user, io_channel, io_channel}));
}
template <class Pdu>
Bytes from_server(const Pdu& pdu) {
    return send_data_indication(server_user, io_channel, encoded(pdu));
}
template <class Pdu>
Bytes from_client(const Pdu& pdu) {
    return send_data_request(user, io_channel, encoded(pdu));
}
inline Bytes licensing() {
    return from_server(LicenseErrorAlert{});
}
inline Bytes demand_active() {
    DemandActive pdu;
    pdu.origin = {share_id, server_user};
    return from_server(pdu);
}
inline Bytes font_map() {
    return from_server(FontMap{});
}
inline Bytes error_info(std::uint32_t code = 7) {
    return from_server(SetErrorInfo{{share_id, 0}, code});
}
inline Bytes auto_reconnect_status() {
    Writer writer;
    write_share_data(writer, DataPduType::auto_reconnect_status, {share_id, 0}, [&] { writer.u32le(0); });
    return send_data_indication(server_user, io_channel, writer.view());
}
inline Bytes disconnect() {
    return data_unit(encoded(DisconnectProviderUltimatum{3}));
}
// CHANNEL_PDU_HEADER and four bytes of it (MS-RDPBCGR 2.2.6.1).
inline Bytes channel_data() {
    Writer writer;
    writer.u32le(4);
    writer.u32le(3);
    writer.u32le(0xddccbbaa);
    return send_data_indication(server_user, clipboard, writer.view());
}

struct Passed {
    Direction direction;
    Bytes unit;
};
// The whole session, up to the end.
inline std::vector<Passed> session() {
    constexpr auto client = Direction::client_to_server;
    constexpr auto server = Direction::server_to_client;
    return {{client, connect_initial()},
            {server, connect_response()},
            {client, data_unit(encoded(ErectDomainRequest{}))},
            {client, data_unit(encoded(AttachUserRequest{}))},
            {server, attach_user_confirm()},
            {client, data_unit(encoded(ChannelJoinRequest{user, io_channel}))},
            {server, channel_join_confirm()},
            {client, from_client(ClientInfo{})},
            {server, licensing()},
            {server, demand_active()},
            {client, from_client(ConfirmActive{})},
            {client, from_client(FontList{})},
            {server, font_map()},
            {server, channel_data()},
            {server, auto_reconnect_status()},
            {server, error_info()},
            {server, from_server(DeactivateAll{})},
            {server, disconnect()}};
}

}  // namespace rdpfault::proxy::units
