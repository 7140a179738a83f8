#include "proxy/faults/mutate.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace rdpfault::proxy {

namespace {

// A field of the TPKT, of the fixed part of the X.224 header, or of the 8 bytes of negotiation data at the unit's end
// (MS-RDPBCGR 2.2.1.1, 2.2.1.2).
struct Field {
    MutationInfo info;
    bool negotiation;  // counted from the negotiation data, not from the unit's start
    std::size_t offset;
    std::size_t size;
    bool big_endian;
};

constexpr std::array fields{
    Field{{"request.tpkt_version", Stage::x224_request, "TPKT version of the request (3)"}, false, 0, 1, true},
    Field{{"request.tpkt_length", Stage::x224_request, "TPKT length of the request"}, false, 2, 2, true},
    Field{
        {"request.length_indicator", Stage::x224_request, "X.224 length indicator of the request"}, false, 4, 1, true},
    Field{{"request.code", Stage::x224_request, "X.224 TPDU code of the request (0xE0)"}, false, 5, 1, true},
    Field{{"request.negotiation_type", Stage::x224_request, "type of RDP_NEG_REQ (1)"}, true, 0, 1, false},
    Field{{"request.negotiation_flags", Stage::x224_request, "flags of RDP_NEG_REQ"}, true, 1, 1, false},
    Field{{"request.negotiation_length", Stage::x224_request, "length of RDP_NEG_REQ (8)"}, true, 2, 2, false},
    Field{
        {"request.requested_protocols", Stage::x224_request, "requestedProtocols: 1 TLS, 2 CredSSP, 8 with early auth"},
        true,
        4,
        4,
        false},
    Field{{"confirm.tpkt_version", Stage::x224_confirm, "TPKT version of the confirm (3)"}, false, 0, 1, true},
    Field{{"confirm.tpkt_length", Stage::x224_confirm, "TPKT length of the confirm"}, false, 2, 2, true},
    Field{
        {"confirm.length_indicator", Stage::x224_confirm, "X.224 length indicator of the confirm"}, false, 4, 1, true},
    Field{{"confirm.code", Stage::x224_confirm, "X.224 TPDU code of the confirm (0xD0)"}, false, 5, 1, true},
    Field{{"confirm.negotiation_type", Stage::x224_confirm, "2 response, 3 failure"}, true, 0, 1, false},
    Field{{"confirm.negotiation_flags", Stage::x224_confirm, "flags of RDP_NEG_RSP"}, true, 1, 1, false},
    Field{{"confirm.negotiation_length", Stage::x224_confirm, "length of RDP_NEG_RSP (8)"}, true, 2, 2, false},
    Field{
        {"confirm.selected_protocol", Stage::x224_confirm, "selectedProtocol, or the failure code"}, true, 4, 4, false},
};

constexpr auto names = [] {
    std::array<MutationInfo, fields.size()> table{};
    for (std::size_t i = 0; i < fields.size(); ++i)
        table[i] = fields[i].info;
    return table;
}();

constexpr std::size_t negotiation_size = 8;
constexpr std::size_t smallest_unit = 11;  // TPKT (4) and the fixed part of CR or CC (7)

// Where the 8 bytes of negotiation data begin, if the unit has them. A request may carry correlation data behind them
// (type 6, 36 bytes), told by bit 8 of the flags (MS-RDPBCGR 2.2.1.1.2).
std::size_t negotiation_offset(const Bytes& unit) {
    constexpr std::size_t correlation_size = 36;
    for (const auto behind : {std::size_t{0}, correlation_size}) {
        if (unit.size() < smallest_unit + negotiation_size + behind) continue;
        const auto at = unit.size() - negotiation_size - behind;
        const bool known = unit[at] >= 1 && unit[at] <= 3 && unit[at + 2] == negotiation_size && unit[at + 3] == 0;
        if (known) return at;
    }
    return unit.size();
}

bool set(Bytes& unit, const Field& field, std::uint64_t value, std::size_t negotiation) {
    const auto at = (field.negotiation ? negotiation : 0) + field.offset;
    if (at + field.size > unit.size()) return false;
    for (std::size_t i = 0; i < field.size; ++i) {
        const auto shift = 8 * (field.big_endian ? field.size - 1 - i : i);
        unit[at + i] = static_cast<std::uint8_t>(value >> shift);
    }
    return true;
}

}  // namespace

std::span<const MutationInfo> mutation_table() {
    return names;
}

std::size_t mutate(Bytes& unit, std::span<const action::Mutation> mutations) {
    const auto negotiation = negotiation_offset(unit);  // before a mutation can hide it
    std::size_t applied = 0;
    for (const auto& mutation : mutations)
        for (const auto& field : fields)
            if (field.info.name == mutation.field && set(unit, field, mutation.value, negotiation)) ++applied;
    return applied;
}

std::vector<std::uint64_t> corrupt(Bytes& unit, const action::Corrupt& how, Draws draws) {
    std::vector<std::uint64_t> positions;
    if (how.skip >= unit.size()) return positions;
    const std::uint64_t first = how.skip * 8;
    const std::uint64_t available = unit.size() * 8 - first;
    const auto wanted = std::min<std::uint64_t>({how.bits, available, max_corrupt_bits});
    while (positions.size() < wanted) {
        const auto position = first + draws.below(available);
        if (std::find(positions.begin(), positions.end(), position) != positions.end()) continue;
        positions.push_back(position);
        unit[position / 8] = static_cast<std::uint8_t>(unit[position / 8] ^ (0x80U >> (position % 8)));
    }
    return positions;
}

std::uint64_t drop_bytes(Bytes& unit, const action::DropBytes& how) {
    if (how.offset >= unit.size()) return 0;
    const auto count = std::min<std::uint64_t>(how.count, unit.size() - how.offset);
    const auto first = unit.begin() + static_cast<std::ptrdiff_t>(how.offset);
    unit.erase(first, first + static_cast<std::ptrdiff_t>(count));
    return count;
}

}  // namespace rdpfault::proxy
