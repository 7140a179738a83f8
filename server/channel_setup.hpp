// The MCS part of a session: from the Connect Initial to the last channel join (MS-RDPBCGR 1.3.1.1, phases 2 and 3).
#pragma once

#include <cstdint>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/gcc.hpp"
#include "server/outlet.hpp"

namespace rdpfault::server {

class ChannelSetup {
  public:
    explicit ChannelSetup(std::uint32_t requested_protocols) : requested_protocols_(requested_protocols) {}

    // MCS bytes, from the X.224 data header on; gives back what is wrong with them.
    using Fault = std::optional<protocol::DecodeError>;
    Fault connect_initial(ByteView mcs, Outlet& out);
    void erect_domain(Outlet& out);
    Fault attach_user(ByteView mcs, Outlet& out);
    Fault channel_join(ByteView mcs, Outlet& out);

    bool connected() const { return connected_; }
    bool attached() const { return attached_; }
    // Every channel is joined: the client, the I/O channel, and each static channel.
    bool complete() const;
    std::uint16_t user() const;
    const protocol::ClientCoreData& client() const { return client_; }

  private:
    bool known(std::uint16_t channel) const { return channel >= io_channel && channel <= user(); }

    std::uint32_t requested_protocols_;
    protocol::ClientCoreData client_;
    std::size_t static_channels_ = 0;
    std::vector<bool> joined_;  // by channel - io_channel
    bool connected_ = false;
    bool attached_ = false;
};

}  // namespace rdpfault::server
