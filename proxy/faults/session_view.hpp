// What one session has made known so far: the identifiers that a PDU of our own must carry to be taken for a part of
// it. Learnt from the decrypted units that pass; whatever cannot be read is passed over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/bytes.hpp"
#include "protocol/share.hpp"

namespace rdpfault::proxy {

struct SessionFacts {
    struct Channel {
        std::string name;  // as the client asked for it: "cliprdr"; empty: the request was not seen
        std::uint16_t id = 0;
        bool operator==(const Channel&) const = default;
    };

    std::optional<std::uint32_t> requested_protocols;
    std::optional<std::uint32_t> selected_protocol;
    std::optional<std::uint16_t> user;  // the initiator of the Attach User Confirm, which is the user's channel too
    std::uint16_t server_user = 1002;   // the initiator of what the server sends
    std::uint16_t io_channel = 1003;    // until the Connect Response says otherwise: what every server uses
    std::optional<std::uint16_t> message_channel;
    std::vector<Channel> static_channels;   // in the order of the request
    std::optional<std::uint32_t> share_id;  // of the last Demand Active
    std::uint16_t share_source = 0;         // its pduSource
    bool licensing_seen = false;
    bool active = false;  // between Font Map and Deactivate All

    bool operator==(const SessionFacts&) const = default;
};

class SessionView {
  public:
    // What the negotiation said, which lies before TLS.
    void negotiated(std::optional<std::uint32_t> requested, std::optional<std::uint32_t> selected);
    // A whole decrypted unit has passed. Any bytes will do.
    void saw(Direction direction, ByteView unit);

    const SessionFacts& facts() const { return facts_; }

  private:
    void saw_connect_initial(ByteView mcs);
    void saw_connect_response(ByteView mcs);
    void saw_send_data(Direction direction, ByteView unit);
    void saw_server_share(const protocol::ShareUnit& unit);

    SessionFacts facts_;
    std::vector<std::string> requested_channels_;
};

}  // namespace rdpfault::proxy
