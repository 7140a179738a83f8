#include "protocol/stage.hpp"

#include <array>

namespace rdpfault {

namespace {

constexpr auto client = Direction::client_to_server;
constexpr auto server = Direction::server_to_client;
constexpr std::optional<Direction> both = std::nullopt;

constexpr std::array table{
    StageInfo{Stage::tcp_connect, "tcp.connect", both, true, "the accepted TCP connection, before any byte",
              "RFC 9293 3.5"},
    StageInfo{Stage::rdp_preconnection, "rdp.preconnection", client, true, "RDP_PRECONNECTION_PDU", "MS-RDPEPS 2.2.1"},
    StageInfo{Stage::x224_request, "x224.request", client, true, "X.224 Connection Request", "MS-RDPBCGR 2.2.1.1"},
    StageInfo{Stage::x224_confirm, "x224.confirm", server, true,
              "X.224 Connection Confirm, with RDP_NEG_RSP or RDP_NEG_FAILURE", "MS-RDPBCGR 2.2.1.2"},
    StageInfo{Stage::tls_client_hello, "tls.client_hello", client, true, "ClientHello", "RFC 8446 4.1.2"},
    StageInfo{Stage::tls_server_hello, "tls.server_hello", server, true, "ServerHello (or HelloRetryRequest)",
              "RFC 8446 4.1.3"},
    StageInfo{Stage::tls_certificate, "tls.certificate", server, true,
              "Certificate in plain text, TLS 1.2 and older; hidden in TLS 1.3", "RFC 5246 7.4.2"},
    StageInfo{Stage::tls_server_hello_done, "tls.server_hello_done", server, true,
              "ServerHelloDone, TLS 1.2 and older; hidden in TLS 1.3", "RFC 5246 7.4.5"},
    StageInfo{Stage::tls_client_flight, "tls.client_flight", client, true,
              "the client's first record after the ServerHello: proof that the server's whole flight arrived",
              "RFC 8446 2"},
    StageInfo{Stage::tls_finished, "tls.finished", both, true,
              "Finished: the first encrypted handshake record of a side; the server's is hidden in TLS 1.3",
              "RFC 8446 4.4.4"},
    StageInfo{Stage::tls_established, "tls.established", both, true,
              "the record that completes the handshake: the second Finished in TLS 1.2, the client's in TLS 1.3",
              "RFC 8446 2"},
    StageInfo{Stage::tls_application_data, "tls.application_data", both, true,
              "an application-data record after the handshake, counted for each direction", "RFC 8446 5.1"},
    StageInfo{Stage::nla_negotiate, "nla.negotiate", client, false, "TSRequest with the first token", "MS-CSSP 3.1.5"},
    StageInfo{Stage::nla_challenge, "nla.challenge", server, false, "TSRequest with the server's token",
              "MS-CSSP 3.1.5"},
    StageInfo{Stage::nla_authenticate, "nla.authenticate", client, false,
              "TSRequest with the last token and pubKeyAuth", "MS-CSSP 3.1.5"},
    StageInfo{Stage::nla_public_key, "nla.public_key", server, false, "TSRequest with the server's pubKeyAuth",
              "MS-CSSP 3.1.5"},
    StageInfo{Stage::nla_credentials, "nla.credentials", client, false, "TSRequest with authInfo", "MS-CSSP 3.1.5"},
    StageInfo{Stage::nla_early_auth, "nla.early_auth", server, false, "Early User Authorization Result PDU",
              "MS-RDPBCGR 2.2.10.2"},
    StageInfo{Stage::mcs_connect_initial, "mcs.connect_initial", client, false,
              "MCS Connect Initial with GCC Create Request", "MS-RDPBCGR 2.2.1.3"},
    StageInfo{Stage::mcs_connect_response, "mcs.connect_response", server, false,
              "MCS Connect Response with GCC Create Response", "MS-RDPBCGR 2.2.1.4"},
    StageInfo{Stage::mcs_erect_domain, "mcs.erect_domain", client, false, "MCS Erect Domain Request",
              "MS-RDPBCGR 2.2.1.5"},
    StageInfo{Stage::mcs_attach_user, "mcs.attach_user", client, false, "MCS Attach User Request",
              "MS-RDPBCGR 2.2.1.6"},
    StageInfo{Stage::mcs_attach_user_confirm, "mcs.attach_user_confirm", server, false, "MCS Attach User Confirm",
              "MS-RDPBCGR 2.2.1.7"},
    StageInfo{Stage::mcs_channel_join, "mcs.channel_join", both, false, "MCS Channel Join Request and Confirm",
              "MS-RDPBCGR 2.2.1.8"},
    StageInfo{Stage::rdp_client_info, "rdp.client_info", client, false, "Client Info PDU", "MS-RDPBCGR 2.2.1.11"},
    StageInfo{Stage::rdp_licensing, "rdp.licensing", both, false, "a licensing PDU", "MS-RDPBCGR 2.2.1.12"},
    StageInfo{Stage::rdp_demand_active, "rdp.demand_active", server, false, "Demand Active PDU",
              "MS-RDPBCGR 2.2.1.13.1"},
    StageInfo{Stage::rdp_confirm_active, "rdp.confirm_active", client, false, "Confirm Active PDU",
              "MS-RDPBCGR 2.2.1.13.2"},
    StageInfo{Stage::rdp_finalization, "rdp.finalization", both, false, "Synchronize, Control, Font List, Font Map",
              "MS-RDPBCGR 2.2.1.14"},
    StageInfo{Stage::rdp_active, "rdp.active", both, false, "the first unit after the Font Map: the session is up",
              "MS-RDPBCGR 1.3.1.1"},
    StageInfo{Stage::rdp_data, "rdp.data", both, false,
              "slow path: share data PDUs on the I/O channel that no other stage is made of, whenever they come",
              "MS-RDPBCGR 2.2.8.1.1.1.2"},
    StageInfo{Stage::rdp_channel_data, "rdp.channel_data", both, false, "Virtual Channel PDU on a static channel",
              "MS-RDPBCGR 2.2.6.1"},
    StageInfo{Stage::rdp_disconnect, "rdp.disconnect", both, false,
              "Disconnect Provider Ultimatum, Shutdown Request or Deactivate All at the end", "MS-RDPBCGR 1.3.1.4"},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (static_cast<std::size_t>(table[i].stage) != i) return false;
    return table.size() == static_cast<std::size_t>(Stage::rdp_disconnect) + 1;
}
static_assert(in_order(), "one row a stage, in the order of the enum");

}  // namespace

std::span<const StageInfo> stages() {
    return table;
}

const StageInfo& info(Stage stage) {
    return table.at(static_cast<std::size_t>(stage));
}

std::string_view to_string(Stage stage) {
    return info(stage).name;
}

std::optional<Stage> stage_from_string(std::string_view name) {
    for (const auto& row : table)
        if (row.name == name) return row.stage;
    return std::nullopt;
}

}  // namespace rdpfault
