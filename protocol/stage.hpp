// The stages of an RDP connection: the vocabulary of triggers, reports, docs and metrics. The order is the wire's.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "protocol/bytes.hpp"

namespace rdpfault {

enum class Stage : std::uint8_t {
    tcp_connect,
    rdp_preconnection,
    x224_request,
    x224_confirm,
    tls_client_hello,
    tls_server_hello,
    tls_certificate,
    tls_server_hello_done,
    tls_client_flight,
    tls_finished,
    tls_established,
    tls_application_data,
    nla_negotiate,
    nla_challenge,
    nla_authenticate,
    nla_public_key,
    nla_credentials,
    nla_early_auth,
    mcs_connect_initial,
    mcs_connect_response,
    mcs_erect_domain,
    mcs_attach_user,
    mcs_attach_user_confirm,
    mcs_channel_join,
    rdp_client_info,
    rdp_licensing,
    rdp_demand_active,
    rdp_confirm_active,
    rdp_finalization,
    rdp_active,
    rdp_data,
    rdp_channel_data,
    rdp_disconnect,
};

struct StageInfo {
    Stage stage;
    std::string_view name;  // "tls.client_hello"
    // Who sends the unit; nullopt: both do, and a trigger may say which (`from`).
    std::optional<Direction> direction;
    bool visible;                    // a pass-through box, without keys, can see it
    std::string_view unit;           // what is sent, in the specification's words
    std::string_view specification;  // "MS-RDPBCGR 2.2.1.1"
};

// One row a stage, in wire order; index = enum value.
std::span<const StageInfo> stages();

const StageInfo& info(Stage stage);
std::string_view to_string(Stage stage);
std::optional<Stage> stage_from_string(std::string_view name);

// Whether a unit of this stage says how far a connection got. The others are traffic, which comes before, during and
// after what the connection sequence orders.
constexpr bool is_milestone(Stage stage) {
    return stage != Stage::rdp_data && stage != Stage::rdp_channel_data;
}

}  // namespace rdpfault
