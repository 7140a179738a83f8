// A server made of scripted bytes, in memory, under a clock that the test moves. It answers nothing by itself: a test
// says what comes, and sees everything that the connector sends.
#pragma once

#include <gmock/gmock.h>

#include <deque>

#include "client/connector.hpp"
#include "protocol/activation.hpp"
#include "protocol/error_info.hpp"
#include "protocol/finalization.hpp"
#include "protocol/gcc.hpp"
#include "protocol/licensing.hpp"
#include "protocol/mcs_connect.hpp"
#include "protocol/session_end.hpp"
#include "protocol/tls/mint.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::client {

using namespace protocol;
using namespace std::chrono_literals;

inline constexpr std::uint16_t user_id = 1007;
inline constexpr std::uint16_t io_id = 1003;
inline constexpr ShareOrigin share{0x103EA, 0x03EA};

inline std::shared_ptr<const tls::Credential> credential() {
    static const auto minted = [] {
        tls::CertificateSpec spec;
        spec.not_after = 4'000'000'000;
        return std::make_shared<const tls::Credential>(tls::mint(spec));
    }();
    return minted;
}

inline tls::EngineConfig server_tls(tls::Version version = tls::Version::tls1_3) {
    tls::EngineConfig config;
    config.role = tls::Role::server;
    config.min = config.max = version;
    config.credential = credential();
    return config;
}

class Playbook {
  public:
    using Time = Connector::Time;

    explicit Playbook(ProbeConfig probe = {}, tls::EngineConfig tls = server_tls())
        : config(std::move(probe)), connector(config, Time{}), engine(tls) {}

    // --- what comes from the network
    void wire(ByteView bytes) {
        if (!byte_by_byte) connector.received(bytes, now);
        for (std::size_t i = 0; byte_by_byte && i < bytes.size(); ++i)
            connector.received(bytes.subspan(i, 1), now);
        pump();
    }
    void plain(ByteView bytes) {
        engine.write(bytes);
        wire(engine.take_output());
    }
    void mcs(const Bytes& pdu) { plain(data_unit(pdu)); }
    void channel(const Bytes& payload, std::uint16_t id = io_id) { plain(send_data_indication(1002, id, payload)); }
    void fin() { connector.closed(now); }
    void rst() { connector.failed({.kind = EndKind::reset, .system_error = ECONNRESET, .detail = {}}, now); }
    void after(std::chrono::milliseconds time) {
        now += time;
        connector.woken(now);
        pump();
    }

    // --- what the connector sends: the X.224 request, then whole units inside TLS, in order
    void pump() {
        const auto out = connector.take_output();
        if (out.empty()) return;
        if (!secured) return append(request, out);
        Bytes plaintext;
        engine.feed(out, plaintext);
        units_.append(plaintext);
        // Not fast-path: the connector sends no input.
        const auto framing = [&] { return units_.peek() == 0x30 ? Framing::ts_request : Framing::session; };
        while (auto unit = units_.next(framing()).value())
            sent.push_back(unit->bytes);
        const auto answer = engine.take_output();
        if (!answer.empty()) wire(answer);
    }
    // The next unit the connector sent; fails the test when there is none.
    Bytes next() {
        EXPECT_FALSE(sent.empty()) << "the connector has sent nothing more";
        if (sent.empty()) return {};
        auto unit = sent.front();
        sent.pop_front();
        return unit;
    }
    Bytes next_mcs() {
        const auto unit = next();
        const auto payload = data_payload(unit);
        return payload ? Bytes(payload->begin(), payload->end()) : Bytes{};
    }
    SendDataRequest next_data() { return SendDataRequest::decode(next_mcs()).value(); }
    // The next share PDU, as the type its test expects.
    template <class Pdu>
    Pdu next_share() {
        const auto data = next_data();
        EXPECT_EQ(data.channel, io_id);
        return Pdu::decode(data.payload).value();
    }

    // --- the steps of a connection, each of which plays the server's half and checks the client's
    void connect() {
        connector.connected(now);
        pump();
        requested = ConnectionRequest::decode(request).value();
        request.clear();
    }
    void confirm() { confirm_with(protocol_ssl); }
    void confirm_with(std::uint32_t selected) {
        secured = true;  // what the connector sends from here on is TLS
        ConnectionConfirm pdu;
        pdu.response = NegotiationResponse{0, selected};
        wire(encoded(pdu));
    }
    void conference() {
        const auto initial = ConnectInitial::decode(next_mcs()).value();
        offered = ConferenceCreateRequest::decode(initial.user_data).value().blocks;
        ConferenceCreateResponse response;
        response.blocks.core = ServerCoreData{0x00080004, requested.negotiation->protocols, {}};
        response.blocks.security = ServerSecurityData{};
        response.blocks.network = ServerNetworkData{io_id, {}};
        for (std::size_t i = 0; i < offered.network->channels.size(); ++i) {
            response.blocks.network->channels.push_back(static_cast<std::uint16_t>(io_id + 1 + i));
        }
        if (offered.message_channel) response.blocks.message_channel = ServerMessageChannelData{message_id};
        ConnectResponse pdu;
        pdu.user_data = encoded(response);
        mcs(encoded(pdu));
        EXPECT_TRUE(ErectDomainRequest::decode(next_mcs()));
        EXPECT_TRUE(AttachUserRequest::decode(next_mcs()));
    }
    void attach() { mcs(encoded(AttachUserConfirm{0, user_id})); }
    void join() {
        while (!sent.empty()) {
            const auto wanted = ChannelJoinRequest::decode(next_mcs());
            ASSERT_TRUE(wanted);
            EXPECT_TRUE(sent.empty()) << "joins go one by one";
            joined.push_back(wanted->channel);
            mcs(encoded(ChannelJoinConfirm{0, user_id, wanted->channel, wanted->channel}));
            if (connector.report().furthest == Stage::rdp_client_info) break;
        }
        client_info = next_data().payload;
    }
    void license() { channel(encoded(LicenseErrorAlert{})); }
    void demand() {
        DemandActive pdu;
        pdu.origin = share;
        pdu.capabilities = {GeneralCapability{}};
        channel(encoded(pdu));
        const auto confirmed = next_share<ConfirmActive>();
        EXPECT_EQ(confirmed.origin, (ShareOrigin{share.share_id, user_id}));
        EXPECT_EQ(next_share<Synchronize>().target_user, 0x03EA);
        EXPECT_EQ(next_share<Control>().action, ControlAction::cooperate);
        EXPECT_EQ(next_share<Control>().action, ControlAction::request_control);
        EXPECT_EQ(next_share<FontList>().flags, 3);
    }
    void finalize() {
        Synchronize synchronize;
        synchronize.origin = share;
        FontMap map;
        map.origin = share;
        channel(encoded(synchronize));
        channel(encoded(map));
    }

    // As many of these steps as `count` says.
    static constexpr int all_steps = 8;
    void play(int count) {
        void (Playbook::*const steps[])() = {&Playbook::connect, &Playbook::confirm, &Playbook::conference,
                                             &Playbook::attach,  &Playbook::join,    &Playbook::license,
                                             &Playbook::demand,  &Playbook::finalize};
        for (int i = 0; i < count; ++i) {
            const auto step = steps[i];
            (this->*step)();
        }
    }
    void error_info(std::uint32_t code) { channel(encoded(SetErrorInfo{{share.share_id, 0}, code})); }
    void ultimatum(std::uint8_t reason) { mcs(encoded(DisconnectProviderUltimatum{reason})); }

    const ConnectionReport& report() const { return connector.report(); }
    const Ending& ending() const { return connector.report().ending; }

    static constexpr std::uint16_t message_id = 1050;
    ProbeConfig config;
    Connector connector;
    tls::Engine engine;
    Time now{};
    bool byte_by_byte = false;
    bool secured = false;
    Bytes request;
    std::deque<Bytes> sent;
    ConnectionRequest requested;
    ClientDataBlocks offered;
    std::vector<std::uint16_t> joined;
    Bytes client_info;

  private:
    UnitStream units_;
};

}  // namespace rdpfault::client
