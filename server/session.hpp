// The RDP session inside TLS, server side: whole units of the decrypted stream in, plaintext out (MS-RDPBCGR 1.3.1.1
// from the MCS Connect Initial on). It does not know the time; the acceptor does.
#pragma once

#include <optional>

#include "protocol/error.hpp"
#include "protocol/share.hpp"
#include "server/activation.hpp"
#include "server/channel_setup.hpp"
#include "server/config.hpp"
#include "server/display.hpp"
#include "server/outlet.hpp"

namespace rdpfault::server {

class Session {
  public:
    Session(const Config& config, std::uint32_t requested_protocols)
        : config_(config), channels_(requested_protocols) {}

    // A whole TPKT or fast-path unit; gives back what is wrong with it, offsets counted from its first byte.
    using Fault = std::optional<protocol::DecodeError>;
    Fault receive(ByteView unit, Outlet& out);

    // The next piece of the picture, when the session is up and the client wants it.
    void draw(Outlet& out);

    // The ends a server makes. Each says what the client understands at this point, and departs.
    void end_with_error_info(std::uint32_t code, Outlet& out);
    void end_with_disconnect(std::uint8_t reason, Outlet& out);
    void end_in_order(Outlet& out);

    bool up() const { return phase_ == Phase::active; }
    // The server is silent on purpose: the client is not to blame for the time that passes.
    bool silent() const { return phase_ == Phase::silence; }
    const protocol::ClientCoreData& client() const { return channels_.client(); }
    const Desktop& desktop() const { return desktop_; }  // zeros before the Demand Active
    std::uint32_t inputs() const { return inputs_; }

  private:
    enum class Phase : std::uint8_t { channels, silence, confirm, finalization, active };

    Fault on_domain_pdu(ByteView mcs, Outlet& out);
    Fault on_data(ByteView payload, Outlet& out);
    Fault on_client_info(ByteView payload, Outlet& out);
    Fault on_share(const protocol::ShareUnit& unit, Outlet& out);
    Fault on_confirm_active(const protocol::ShareUnit& unit, Outlet& out);
    Fault on_active(const protocol::ShareUnit& unit, Outlet& out);
    Fault on_fast_path(ByteView unit);
    Fault on_slow_input(ByteView pdu);
    Fault on_refresh_rect(ByteView pdu);
    Fault on_suppress_output(ByteView pdu);
    void license(Outlet& out);
    void demand_active(Outlet& out);
    void mouse(std::uint16_t flags, std::uint16_t x, std::uint16_t y);
    void key(bool release);
    void disconnect(std::uint8_t reason, Outlet& out);
    protocol::ShareOrigin origin() const { return {0x10000u + channels_.user(), server_channel}; }

    const Config& config_;
    ChannelSetup channels_;
    Phase phase_ = Phase::channels;
    bool logon_notify_ = false;
    bool fast_path_output_ = false;
    Desktop desktop_;
    std::optional<Display> display_;
    std::uint32_t inputs_ = 0;
};

}  // namespace rdpfault::server
