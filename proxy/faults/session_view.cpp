#include "proxy/faults/session_view.hpp"

#include "protocol/activation.hpp"
#include "protocol/ber.hpp"
#include "protocol/gcc.hpp"
#include "protocol/licensing.hpp"
#include "protocol/mcs_connect.hpp"
#include "protocol/mcs_domain.hpp"
#include "proxy/faults/unit_walk.hpp"

namespace rdpfault::proxy {

using namespace protocol;

void SessionView::negotiated(std::optional<std::uint32_t> requested, std::optional<std::uint32_t> selected) {
    facts_.requested_protocols = requested;
    facts_.selected_protocol = selected;
}

void SessionView::saw(Direction direction, ByteView unit) {
    const auto mcs = data_payload(unit);
    if (!mcs) return;  // fast-path, CredSSP, or nothing at all
    const bool from_server = direction == Direction::server_to_client;
    const auto tag = ber::peek_tag(Reader(*mcs));
    if (tag == ber::application(101) && !from_server) return saw_connect_initial(*mcs);
    if (tag == ber::application(102) && from_server) return saw_connect_response(*mcs);
    const auto kind = domain_pdu_kind(*mcs);
    if (!kind) return;
    if (*kind == DomainPduKind::attach_user_confirm && from_server) {
        const auto confirm = AttachUserConfirm::decode(*mcs);
        if (confirm && confirm->initiator) facts_.user = confirm->initiator;
    }
    const auto data_kind = from_server ? DomainPduKind::send_data_indication : DomainPduKind::send_data_request;
    if (*kind == data_kind) saw_send_data(direction, unit);
}

void SessionView::saw_connect_initial(ByteView mcs) {
    const auto initial = ConnectInitial::decode(mcs);
    if (!initial) return;
    const auto conference = ConferenceCreateRequest::decode(initial->user_data);
    if (!conference || !conference->blocks.network) return;
    requested_channels_.clear();
    for (const auto& channel : conference->blocks.network->channels)
        requested_channels_.push_back(channel.name);
}

void SessionView::saw_connect_response(ByteView mcs) {
    const auto response = ConnectResponse::decode(mcs);
    if (!response) return;
    const auto conference = ConferenceCreateResponse::decode(response->user_data);
    if (!conference) return;
    const auto& blocks = conference->blocks;
    if (blocks.message_channel) facts_.message_channel = blocks.message_channel->channel;
    if (!blocks.network) return;
    facts_.io_channel = blocks.network->io_channel;
    facts_.static_channels.clear();
    for (const auto id : blocks.network->channels) {
        const auto i = facts_.static_channels.size();
        facts_.static_channels.push_back({i < requested_channels_.size() ? requested_channels_[i] : "", id});
    }
}

void SessionView::saw_send_data(Direction direction, ByteView unit) {
    const auto data = walk_send_data(unit);
    if (!data) return;
    const bool from_server = direction == Direction::server_to_client;
    if (from_server) facts_.server_user = data->initiator;
    if (data->channel != facts_.io_channel) return;
    if (is_licensing(data->payload)) facts_.licensing_seen = true;
    if (!from_server) return;
    for_each_share_pdu(*data, [this](const SharePdu& pdu) {
        saw_server_share(pdu.unit);
        return true;
    });
}

void SessionView::saw_server_share(const ShareUnit& unit) {
    if (unit.control.type == SharePduType::demand_active) {
        const auto demand = open_share_pdu(unit.bytes, SharePduType::demand_active, "Demand Active");
        auto body = demand.body;
        const auto share_id = body.u32le("shareId");
        if (!body.ok()) return;
        facts_.share_id = share_id;
        facts_.share_source = unit.control.source;
        facts_.active = false;
    } else if (unit.control.type == SharePduType::deactivate_all) {
        facts_.active = false;
    } else if (unit.is(DataPduType::font_map)) {
        facts_.active = true;
    }
}

}  // namespace rdpfault::proxy
