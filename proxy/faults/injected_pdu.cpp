#include "proxy/faults/injected_pdu.hpp"

#include "protocol/ber.hpp"
#include "protocol/error_info.hpp"
#include "protocol/licensing.hpp"
#include "protocol/mcs_domain.hpp"
#include "protocol/security_header.hpp"
#include "protocol/session_end.hpp"
#include "protocol/utf16.hpp"
#include "proxy/faults/session_view.hpp"

namespace rdpfault::proxy {

namespace {

using namespace protocol;

struct Encoder {
    const SessionFacts& session;
    Side to;

    // Payloads travel on the I/O channel.
    Bytes in_send_data(ByteView payload) const {
        constexpr std::uint16_t usual_user = 1007;
        if (to == Side::server)
            return send_data_request(session.user.value_or(usual_user), session.io_channel, payload);
        return send_data_indication(session.server_user, session.io_channel, payload);
    }
    // Before the Demand Active there is no share, and servers write 0.
    ShareOrigin origin() const {
        const auto source = to == Side::server ? session.user.value_or(0) : session.share_source;
        return {session.share_id.value_or(0), source};
    }

    Bytes operator()(const injected::ErrorInfo& pdu) const {
        SetErrorInfo info;
        info.origin = {session.share_id.value_or(0), 0};  // pduSource must be 0
        info.error_info = pdu.code;
        return in_send_data(encoded(info));
    }
    Bytes operator()(const injected::Disconnect& pdu) const {
        return data_unit(encoded(DisconnectProviderUltimatum{pdu.reason}));
    }
    Bytes operator()(const injected::LicenseError& pdu) const {
        LicenseErrorAlert alert;
        alert.error_code = pdu.code;
        alert.state_transition = pdu.transition;
        return in_send_data(encoded(alert));
    }
    Bytes operator()(const injected::DeactivateAll& pdu) const {
        protocol::DeactivateAll all{origin().source, std::nullopt};
        if (pdu.whole) all.body.emplace().share_id = origin().share_id;
        return in_send_data(encoded(all));
    }
    // The packet within is RDP_SERVER_REDIRECTION_PACKET (2.2.13.1); the enhanced form puts it behind two bytes of
    // padding and not behind a security header.
    Bytes operator()(const injected::Redirection& pdu) const {
        constexpr std::uint32_t session_id = 1;
        constexpr std::uint32_t target_net_address = 0x00000001;  // LB_TARGET_NET_ADDRESS
        const auto target = pdu.target.substr(0, max_redirection_target);
        Writer packet;
        packet.u16le(security::redirection_packet);
        packet.u16le(0);
        packet.u32le(session_id);
        packet.u32le(target.empty() ? 0 : target_net_address);
        if (!target.empty()) {
            const auto text = to_utf16le(target + '\0');
            packet.u32le(text.size());
            packet.bytes(text);
        }
        packet.patch_u16le(2, packet.size());
        Writer writer;
        write_share_pdu(writer, SharePduType::server_redirect, origin().source, [&] {
            writer.zeros(2);
            writer.bytes(packet.view());
            writer.zeros(1);
        });
        return in_send_data(writer.view());
    }
    Bytes operator()(const injected::CredsspError& pdu) const {
        Writer version;
        ber::write_integer(version, pdu.version);
        Writer status;
        ber::write_integer32(status, pdu.status);
        Writer content;
        ber::write(content, ber::context(0), version.view());
        ber::write(content, ber::context(4), status.view());
        Writer writer;
        ber::write(writer, ber::sequence, content.view());
        return writer.take();
    }
    Bytes operator()(const injected::AutoReconnectStatus& pdu) const {
        Writer writer;
        write_share_data(writer, DataPduType::auto_reconnect_status, {origin().share_id, 0},
                         [&] { writer.u32le(pdu.status); });
        return in_send_data(writer.view());
    }
    Bytes operator()(const injected::ShutdownDenied&) const {
        return in_send_data(encoded(protocol::ShutdownDenied{origin()}));
    }
};

}  // namespace

Bytes encode(const InjectedPdu& pdu, const SessionView& session, Side to) {
    return std::visit(Encoder{session.facts(), to}, pdu);
}

}  // namespace rdpfault::proxy
