// Fields of the MCS domain PDUs that a server answers with, and of the Disconnect Provider Ultimatum (MS-RDPBCGR
// 2.2.1.7, 2.2.1.9, 2.2.2.3).
#include <array>

#include "proxy/faults/mutation_rows.hpp"
#include "proxy/faults/unit_walk.hpp"

namespace rdpfault::proxy {

namespace {

using protocol::DomainPduKind;

constexpr std::uint8_t optional_present = 0x02;  // of the first byte: the optional last field is there
constexpr std::size_t id_size = 2;

// Where a PDU of this kind begins, when it is whole up to `size` bytes.
template <DomainPduKind kind>
std::optional<std::size_t> pdu_at(ByteView unit, std::size_t size) {
    const auto mcs = open_mcs(unit);
    if (!mcs || mcs->remaining() < size) return std::nullopt;
    const auto found = protocol::domain_pdu_kind(mcs->rest());
    if (!found || *found != kind) return std::nullopt;
    return mcs->offset();
}

template <DomainPduKind kind>
bool is(ByteView unit) {
    return pdu_at<kind>(unit, 2).has_value();
}
template <DomainPduKind kind, std::size_t offset, Form form>
FieldPath in_pdu(ByteView unit) {
    const auto at = pdu_at<kind>(unit, offset + 2);
    return at ? FieldPath{{*at + offset, form}} : FieldPath{};
}
// The optional identifier that ends the PDU, `offset` bytes into it.
template <DomainPduKind kind, std::size_t offset>
FieldPath optional_id(ByteView unit) {
    const auto at = pdu_at<kind>(unit, offset + id_size);
    if (!at || (unit[*at] & optional_present) == 0) return {};
    return {{*at + offset, Form::be16}};
}
// 0 removes it. What is not there cannot be made up.
template <DomainPduKind kind, std::size_t offset>
bool keep_optional_id(Bytes& unit, std::uint64_t present) {
    const auto path = optional_id<kind, offset>(unit);
    if (path.empty()) return present == 0 && is<kind>(unit);
    if (present != 0) return true;
    const auto first = path.back().offset - offset;
    if (!remove_bytes(unit, path.back().offset, id_size)) return false;
    unit[first] = static_cast<std::uint8_t>(unit[first] & ~optional_present);
    return true;
}

constexpr auto attach_kind = DomainPduKind::attach_user_confirm;
constexpr auto join_kind = DomainPduKind::channel_join_confirm;
constexpr auto end_kind = DomainPduKind::disconnect_provider_ultimatum;
constexpr auto server = Direction::server_to_client;

constexpr auto attach = Stage::mcs_attach_user_confirm;
constexpr auto join = Stage::mcs_channel_join;
constexpr auto disconnect = Stage::rdp_disconnect;
constexpr std::array rows{
    MutationRow{{"attach_user_confirm.tpkt_length", attach, "TPKT length"}, tpkt_length<is<attach_kind>>},
    MutationRow{{"attach_user_confirm.result", attach, "MCS result (0), 0 to 15"},
                in_pdu<attach_kind, 0, Form::outcome>},
    MutationRow{{"attach_user_confirm.initiator", attach, "the user id, less 1001"}, optional_id<attach_kind, 2>},
    MutationRow{{"attach_user_confirm.initiator_present", attach, "0 takes the user id away"},
                nullptr,
                keep_optional_id<attach_kind, 2>},
    MutationRow{{"channel_join_confirm.tpkt_length", join, "TPKT length", server}, tpkt_length<is<join_kind>>},
    MutationRow{{"channel_join_confirm.result", join, "MCS result (0), 0 to 15", server},
                in_pdu<join_kind, 0, Form::outcome>},
    MutationRow{{"channel_join_confirm.initiator", join, "the user id, less 1001", server},
                in_pdu<join_kind, 2, Form::be16>},
    MutationRow{{"channel_join_confirm.requested", join, "the channel that was asked for", server},
                in_pdu<join_kind, 4, Form::be16>},
    MutationRow{{"channel_join_confirm.channel", join, "the channel that was joined", server},
                optional_id<join_kind, 6>},
    MutationRow{{"channel_join_confirm.channel_present", join, "0 takes the channel that was joined away", server},
                nullptr,
                keep_optional_id<join_kind, 6>},
    MutationRow{{"disconnect.tpkt_length", disconnect, "TPKT length of a Disconnect Provider Ultimatum"},
                tpkt_length<is<end_kind>>},
    MutationRow{{"disconnect.reason", disconnect, "reason of a Disconnect Provider Ultimatum: 0 to 7"},
                in_pdu<end_kind, 0, Form::reason>},
};

}  // namespace

std::span<const MutationRow> domain_rows() {
    return rows;
}

}  // namespace rdpfault::proxy
