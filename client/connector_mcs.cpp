// The MCS half of a connection: conference, user, channels (MS-RDPBCGR 1.3.1.1 basic settings exchange and channel
// connection), and the frame of everything after them.
#include "client/connector.hpp"
#include "protocol/fast_path.hpp"
#include "protocol/gcc.hpp"
#include "protocol/mcs_connect.hpp"

namespace rdpfault::client {

using namespace protocol;

void Connector::send_connect_initial() {
    ClientCoreData core;
    core.desktop_width = config_.width;
    core.desktop_height = config_.height;
    core.client_name = "rdpfault";
    core.server_selected_protocol = report_.selected_protocol;
    ClientDataBlocks blocks;
    if (config_.auto_detect) {
        core.early_capability_flags =
            static_cast<std::uint16_t>(*core.early_capability_flags | client_early::network_autodetect);
        blocks.message_channel = ClientMessageChannelData{};
    }
    blocks.core = core;
    blocks.security = ClientSecurityData{};
    blocks.network = ClientNetworkData{};
    for (const auto& name : config_.channels) {
        blocks.network->channels.push_back({name.substr(0, 7), 0x80000000});  // CHANNEL_OPTION_INITIALIZED
    }
    ConnectInitial initial;
    initial.user_data = encoded(ConferenceCreateRequest{blocks});
    enter(State::conference);
    send_plain(data_unit(encoded(initial)));
    mark(Stage::mcs_connect_initial);
}

void Connector::on_unit(const Unit& unit) {
    if (is_fast_path(unit.bytes.front())) return on_fast_path(unit);
    const auto payload = accept(data_payload(unit.bytes));
    if (!payload) return;
    if (state_ == State::conference) return on_connect_response(*payload);
    on_domain_pdu(*payload);
}

void Connector::on_connect_response(ByteView mcs) {
    const auto response = accept(ConnectResponse::decode(mcs));
    if (!response) return;
    if (response->result != 0) return refuse("Connect Response: result");
    const auto conference = accept(ConferenceCreateResponse::decode(response->user_data));
    if (!conference) return;
    const auto& blocks = conference->blocks;
    if (!blocks.network) return refuse("no server network data");
    // The echo of our request: a client drops a server that was told something else (a downgrade in the middle).
    if (blocks.core &&
        blocks.core->client_requested_protocols.value_or(config_.requested_protocols) != config_.requested_protocols) {
        return refuse("clientRequestedProtocols is not what was requested");
    }
    mark(Stage::mcs_connect_response);
    io_channel_ = blocks.network->io_channel;
    to_join_ = {io_channel_};
    if (config_.auto_detect && blocks.message_channel) {
        message_channel_ = blocks.message_channel->channel;
        to_join_.push_back(*message_channel_);
    }
    to_join_.insert(to_join_.end(), blocks.network->channels.begin(), blocks.network->channels.end());

    send_plain(data_unit(encoded(ErectDomainRequest{})));
    mark(Stage::mcs_erect_domain);
    send_plain(data_unit(encoded(AttachUserRequest{})));
    mark(Stage::mcs_attach_user);
    enter(State::attaching);
}

void Connector::on_domain_pdu(ByteView mcs) {
    const auto kind = accept(domain_pdu_kind(mcs));
    if (!kind) return;
    switch (*kind) {
        case DomainPduKind::disconnect_provider_ultimatum:
            if (const auto pdu = accept(DisconnectProviderUltimatum::decode(mcs))) on_ultimatum(pdu->reason);
            return;
        case DomainPduKind::attach_user_confirm:
            if (state_ == State::attaching) return on_attach_confirm(mcs);
            break;
        case DomainPduKind::channel_join_confirm:
            if (state_ == State::joining) return on_join_confirm(mcs);
            break;
        case DomainPduKind::send_data_indication:
            if (state_ < State::licensing) break;
            if (const auto data = accept(SendDataIndication::decode(mcs))) on_channel_data(*data);
            return;
        default: break;
    }
    refuse("an MCS PDU that has no place here");
}

void Connector::on_attach_confirm(ByteView mcs) {
    const auto confirm = accept(AttachUserConfirm::decode(mcs));
    if (!confirm) return;
    if (confirm->result != 0 || !confirm->initiator) return refuse("Attach User Confirm: result");
    mark(Stage::mcs_attach_user_confirm);
    user_ = *confirm->initiator;
    to_join_.insert(to_join_.begin(), user_);
    enter(State::joining);
    join_next();
}

// One by one, as the specification wants it (3.2.5.3.8); xrdp reads exactly as many as there are channels.
void Connector::join_next() {
    if (to_join_.empty()) return send_client_info();
    send_plain(data_unit(encoded(ChannelJoinRequest{user_, to_join_.front()})));
}

void Connector::on_join_confirm(ByteView mcs) {
    const auto confirm = accept(ChannelJoinConfirm::decode(mcs));
    if (!confirm) return;
    if (confirm->result != 0) return refuse("Channel Join Confirm: result");
    if (confirm->requested != to_join_.front()) {
        return refuse("Channel Join Confirm for another channel");
    }
    to_join_.erase(to_join_.begin());
    mark(Stage::mcs_channel_join);
    join_next();
}

void Connector::on_ultimatum(std::uint8_t reason) {
    mark(Stage::rdp_disconnect);
    const bool wanted = state_ == State::leaving;
    if (wanted) return depart({});
    end(EndKind::disconnect, reason);
}

}  // namespace rdpfault::client
