#include "server/channel_setup.hpp"

#include <algorithm>

#include "protocol/mcs_connect.hpp"

namespace rdpfault::server {

namespace {
constexpr std::uint8_t no_such_channel = 3;  // T.125 Result
}

// Ids are given out in a row: the I/O channel, the static channels in the client's order, the client itself.
std::uint16_t ChannelSetup::user() const {
    return static_cast<std::uint16_t>(io_channel + 1 + static_channels_);
}

bool ChannelSetup::complete() const {
    return attached_ && std::find(joined_.begin(), joined_.end(), false) == joined_.end();
}

ChannelSetup::Fault ChannelSetup::connect_initial(ByteView mcs, Outlet& out) {
    const auto initial = protocol::ConnectInitial::decode(mcs);
    if (!initial) return initial.error();
    auto request = protocol::ConferenceCreateRequest::decode(initial->user_data);
    if (!request) {
        auto error = request.error();
        error.offset += mcs.size() - initial->user_data.size();  // the user data comes last
        return error;
    }
    auto& blocks = request->blocks;
    if (!blocks.core) return protocol::DecodeError{protocol::Errc::bad_value, 0, "TS_UD_CS_CORE is missing"};
    client_ = std::move(*blocks.core);
    if (blocks.network) static_channels_ = blocks.network->channels.size();
    joined_.assign(static_channels_ + 2, false);
    connected_ = true;
    out.reached.push_back(Stage::mcs_connect_initial);

    protocol::ConferenceCreateResponse response;
    response.blocks.core.emplace().client_requested_protocols = requested_protocols_;
    response.blocks.security.emplace();
    auto& network = response.blocks.network.emplace();
    network.io_channel = io_channel;
    for (std::size_t i = 0; i < static_channels_; ++i)
        network.channels.push_back(static_cast<std::uint16_t>(io_channel + 1 + i));
    protocol::ConnectResponse reply;
    reply.user_data = protocol::encoded(response);
    out.send_mcs(reply);
    out.reached.push_back(Stage::mcs_connect_response);
    return std::nullopt;
}

// The heights in it matter to nobody, and rdesktop writes them in a way of its own (04 00 01 00 01).
void ChannelSetup::erect_domain(Outlet& out) {
    out.reached.push_back(Stage::mcs_erect_domain);
}

ChannelSetup::Fault ChannelSetup::attach_user(ByteView mcs, Outlet& out) {
    const auto request = protocol::AttachUserRequest::decode(mcs);
    if (!request) return request.error();
    attached_ = true;
    out.reached.push_back(Stage::mcs_attach_user);
    out.send_mcs(protocol::AttachUserConfirm{.initiator = user()});
    out.reached.push_back(Stage::mcs_attach_user_confirm);
    return std::nullopt;
}

ChannelSetup::Fault ChannelSetup::channel_join(ByteView mcs, Outlet& out) {
    const auto request = protocol::ChannelJoinRequest::decode(mcs);
    if (!request) return request.error();
    if (!attached_) return protocol::DecodeError{protocol::Errc::bad_value, 0, "Channel Join before Attach User"};
    protocol::ChannelJoinConfirm confirm{0, user(), request->channel, std::nullopt};
    if (known(request->channel)) {
        joined_[static_cast<std::size_t>(request->channel - io_channel)] = true;
        confirm.channel = request->channel;
    } else {
        confirm.result = no_such_channel;
    }
    out.send_mcs(confirm);
    out.reached.push_back(Stage::mcs_channel_join);
    return std::nullopt;
}

}  // namespace rdpfault::server
