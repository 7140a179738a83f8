// Fields of MCS Connect Initial and Connect Response (MS-RDPBCGR 2.2.1.3, 2.2.1.4) and of the GCC blocks in them.
#include <array>

#include "protocol/gcc_client.hpp"
#include "protocol/gcc_server.hpp"
#include "proxy/faults/mutate.hpp"
#include "proxy/faults/mutation_rows.hpp"
#include "proxy/faults/unit_walk.hpp"

namespace rdpfault::proxy {

namespace {

using Walk = std::optional<ConferenceUnit> (*)(ByteView);
constexpr Walk initial_unit = walk_connect_initial;
constexpr Walk response_unit = walk_connect_response;

// In TS_UD_CS_CORE, from behind the block header: the fields in front of them have fixed sizes (2.2.1.3.2).
constexpr std::size_t client_early_flags_at = 140;
constexpr std::size_t server_selected_protocol_at = 208;

template <Walk walk>
bool is(ByteView unit) {
    return walk(unit).has_value();
}

template <Walk walk>
FieldPath connect_length(ByteView unit) {
    const auto found = walk(unit);
    return found ? FieldPath{{found->length_at, Form::ber_length}} : FieldPath{};
}
template <Walk walk>
FieldPath user_data_length(ByteView unit) {
    const auto found = walk(unit);
    if (!found) return {};
    return {{found->length_at, Form::ber_length}, {found->user_data_length_at, Form::ber_length}};
}
template <Walk walk>
FieldPath connect_pdu_length(ByteView unit) {
    const auto found = walk(unit);
    if (!found) return {};
    return {{found->length_at, Form::ber_length},
            {found->user_data_length_at, Form::ber_length},
            {found->connect_pdu_length_at, Form::per_length}};
}
template <Walk walk>
FieldPath blocks_length(ByteView unit) {
    const auto found = walk(unit);
    if (!found) return {};
    return {{found->length_at, Form::ber_length},
            {found->user_data_length_at, Form::ber_length},
            {found->connect_pdu_length_at, Form::per_length},
            {found->blocks_length_at, Form::per_length}};
}
template <std::size_t ConferenceUnit::*place, Form form>
FieldPath of_response(ByteView unit) {
    const auto found = walk_connect_response(unit);
    return found ? FieldPath{{(*found).*place, form}} : FieldPath{};
}
// A field of `size` bytes, `offset` bytes into the body of a data block that is long enough to have it.
template <Walk walk, std::uint16_t type, std::size_t offset, Form form>
FieldPath in_block(ByteView unit) {
    constexpr std::size_t size = form == Form::le16 ? 2 : 4;
    const auto found = walk(unit);
    const auto body = found ? find_block(*found, type) : std::nullopt;
    if (!body || body->remaining() < offset + size) return {};
    return {{body->offset() + offset, form}};
}

constexpr auto core = protocol::ServerCoreData::type;
constexpr auto security = protocol::ServerSecurityData::type;
constexpr auto network = protocol::ServerNetworkData::type;
constexpr auto message = protocol::ServerMessageChannelData::type;
constexpr auto client_core = protocol::ClientCoreData::type;

constexpr auto selected_protocol = in_block<initial_unit, client_core, server_selected_protocol_at, Form::le32>;
constexpr auto requested_protocols = in_block<response_unit, core, 4, Form::le32>;

constexpr auto initial = Stage::mcs_connect_initial;
constexpr auto response = Stage::mcs_connect_response;
constexpr std::array rows{
    MutationRow{{"connect_initial.tpkt_length", initial, "TPKT length"}, tpkt_length<is<initial_unit>>},
    MutationRow{{"connect_initial.encoded_length", initial, "BER length of the Connect Initial"},
                connect_length<initial_unit>},
    MutationRow{{"connect_initial.user_data_length", initial, "BER length of the MCS user data"},
                user_data_length<initial_unit>},
    MutationRow{{"connect_initial.blocks_length", initial, "PER length of the client's data blocks"},
                blocks_length<initial_unit>},
    MutationRow{{"connect_initial.early_capability_flags", initial, "earlyCapabilityFlags of TS_UD_CS_CORE"},
                in_block<initial_unit, client_core, client_early_flags_at, Form::le16>},
    MutationRow{{"connect_initial.selected_protocol", initial,
                 "serverSelectedProtocol of TS_UD_CS_CORE: the echo of the Connection Confirm"},
                selected_protocol},
    MutationRow{{"connect_response.tpkt_length", response, "TPKT length"}, tpkt_length<is<response_unit>>},
    MutationRow{{"connect_response.encoded_length", response, "BER length of the Connect Response"},
                connect_length<response_unit>},
    MutationRow{{"connect_response.result", response, "MCS result (0), 0 to 15"},
                of_response<&ConferenceUnit::result_at, Form::u8>},
    MutationRow{{"connect_response.user_data_length", response, "BER length of the MCS user data"},
                user_data_length<response_unit>},
    MutationRow{{"connect_response.connect_pdu_length", response,
                 "PER length of the GCC Create Response; Windows writes 0x2A whatever follows"},
                connect_pdu_length<response_unit>},
    MutationRow{{"connect_response.conference_result", response, "GCC result (0)"},
                of_response<&ConferenceUnit::conference_result_at, Form::u8>},
    MutationRow{{"connect_response.h221_key", response, "H.221 key: 0x4D63446E is \"McDn\""},
                of_response<&ConferenceUnit::key_at, Form::be32>},
    MutationRow{{"connect_response.blocks_length", response, "PER length of the server's data blocks"},
                blocks_length<response_unit>},
    MutationRow{{"connect_response.version", response, "version of TS_UD_SC_CORE"},
                in_block<response_unit, core, 0, Form::le32>},
    MutationRow{{"connect_response.requested_protocols", response,
                 "clientRequestedProtocols of TS_UD_SC_CORE: the echo of the Connection Request"},
                requested_protocols},
    MutationRow{{"connect_response.early_capability_flags", response, "earlyCapabilityFlags of TS_UD_SC_CORE"},
                in_block<response_unit, core, 8, Form::le32>},
    MutationRow{{"connect_response.encryption_method", response, "encryptionMethod of TS_UD_SC_SEC1 (0 under TLS)"},
                in_block<response_unit, security, 0, Form::le32>},
    MutationRow{{"connect_response.encryption_level", response, "encryptionLevel of TS_UD_SC_SEC1 (0 under TLS)"},
                in_block<response_unit, security, 4, Form::le32>},
    MutationRow{{"connect_response.io_channel", response, "MCSChannelId of TS_UD_SC_NET, mostly 1003"},
                in_block<response_unit, network, 0, Form::le16>},
    MutationRow{{"connect_response.channel_count", response, "channelCount of TS_UD_SC_NET"},
                in_block<response_unit, network, 2, Form::le16>},
    MutationRow{{"connect_response.message_channel", response, "MCSChannelID of TS_UD_SC_MCS_MSGCHANNEL"},
                in_block<response_unit, message, 0, Form::le16>},
};

bool write(Bytes& unit, const FieldPath& path, std::uint64_t value) {
    return !path.empty() && write_field(unit, path.back(), value);
}

}  // namespace

std::span<const MutationRow> conference_rows() {
    return rows;
}

bool set_client_selected_protocol(Bytes& connect_initial, std::uint32_t protocol) {
    return write(connect_initial, selected_protocol(connect_initial), protocol);
}

bool set_server_requested_protocols(Bytes& connect_response, std::uint32_t protocols) {
    return write(connect_response, requested_protocols(connect_response), protocols);
}

}  // namespace rdpfault::proxy
