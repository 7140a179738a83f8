#include "tests/unit/server/scripted_client.hpp"

#include <algorithm>

#include "protocol/activation.hpp"
#include "protocol/finalization.hpp"
#include "protocol/framing.hpp"
#include "protocol/gcc.hpp"
#include "protocol/mcs_connect.hpp"
#include "protocol/tls/mint.hpp"
#include "protocol/x224.hpp"

namespace rdpfault::server::test {

std::shared_ptr<const tls::Credential> credential() {
    static const auto minted = [] {
        tls::CertificateSpec spec;
        spec.not_before = 1'700'000'000;
        spec.not_after = 1'800'000'000;
        return std::make_shared<const tls::Credential>(tls::mint(spec));
    }();
    return minted;
}

ScriptedClient::ScriptedClient(Config the_config, Traits the_traits)
    : config(std::move(the_config)),
      traits(std::move(the_traits)),
      acceptor(config, engine_config(config, credential())) {}

void ScriptedClient::wire(ByteView bytes) {
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        acceptor.receive(now, bytes.subspan(at, std::min(step, bytes.size() - at)));
        listen();
    }
}

void ScriptedClient::unit(ByteView bytes) {
    tls->write(bytes);
    wire(tls->take_output());
}

void ScriptedClient::listen() {
    for (auto& event : acceptor.take_events())
        events.push_back(std::move(event));
    for (auto bytes = acceptor.take_output(); !bytes.empty(); bytes = acceptor.take_output())
        hear(bytes);
}

void ScriptedClient::hear(ByteView bytes) {
    received += bytes.size();
    if (!tls) return append(clear, bytes);
    tls->feed(bytes, plain_);
    std::size_t at = 0;
    while (at < plain_.size()) {
        const auto rest = ByteView(plain_).subspan(at);
        const auto frame = protocol::frame_length(protocol::Framing::session, rest);
        if (frame.status != protocol::FrameLength::Status::known || frame.size > rest.size()) break;
        units.emplace_back(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(frame.size));
        at += frame.size;
    }
    plain_.erase(plain_.begin(), plain_.begin() + static_cast<std::ptrdiff_t>(at));
}

bool ScriptedClient::reached(Stage stage) const {
    return std::ranges::any_of(acceptor.report().stages, [&](const auto& row) { return row.stage == stage; });
}

std::vector<std::string> ScriptedClient::stages() const {
    std::vector<std::string> out;
    for (const auto& row : acceptor.report().stages)
        out.emplace_back(to_string(row.stage));
    return out;
}

void ScriptedClient::go_to(Stage stage) {
    if (stage >= Stage::x224_request) negotiate();
    if (stage >= Stage::tls_client_hello) shake_hands();
    if (stage >= Stage::mcs_connect_initial) connect();
    if (stage >= Stage::mcs_erect_domain) mcs(protocol::ErectDomainRequest{});
    if (stage >= Stage::mcs_attach_user) mcs(protocol::AttachUserRequest{});
    if (stage >= Stage::mcs_channel_join) join();
    if (stage >= Stage::rdp_client_info) inform();
    if (stage >= Stage::rdp_confirm_active) confirm();
    if (stage >= Stage::rdp_finalization) finalize();
}

void ScriptedClient::negotiate() {
    protocol::ConnectionRequest request;
    request.cookie = "scripted";
    request.negotiation = protocol::NegotiationRequest{0, traits.protocols};
    wire(protocol::encoded(request));
}

void ScriptedClient::shake_hands() {
    tls::EngineConfig engine;
    engine.min = tls::Version::tls1_0;
    tls = std::make_unique<tls::Engine>(engine);
    tls->start();
    for (auto bytes = tls->take_output(); !bytes.empty(); bytes = tls->take_output())
        wire(bytes);
}

void ScriptedClient::connect() {
    protocol::ConferenceCreateRequest request;
    request.blocks.core = traits.core;
    request.blocks.core->server_selected_protocol = 1;
    request.blocks.security.emplace();
    request.blocks.network = protocol::ClientNetworkData{traits.channels};
    protocol::ConnectInitial initial;
    initial.user_data = protocol::encoded(request);
    mcs(initial);
}

void ScriptedClient::join() {
    for (std::uint16_t channel = 1003; channel <= user(); ++channel)
        mcs(protocol::ChannelJoinRequest{user(), channel});
}

void ScriptedClient::inform() {
    protocol::ClientInfo info;
    info.user = "scripted";
    info.flags = traits.info_flags;
    pdu(info);
}

void ScriptedClient::confirm() {
    protocol::ConfirmActive active;
    active.origin = origin();
    protocol::GeneralCapability general;
    general.extra_flags = traits.extra_flags;
    active.capabilities = {general, protocol::BitmapCapability{}};
    pdu(active);
}

void ScriptedClient::finalize() {
    pdu(protocol::Synchronize{.origin = origin()});
    pdu(protocol::Control{.origin = origin()});
    pdu(protocol::Control{.origin = origin(), .action = protocol::ControlAction::request_control});
    pdu(protocol::FontList{.origin = origin()});
}

}  // namespace rdpfault::server::test
