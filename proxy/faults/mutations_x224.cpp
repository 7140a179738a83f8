// Fields of the TPKT, of the fixed part of the X.224 header, and of the 8 bytes of negotiation data at the unit's end
// (MS-RDPBCGR 2.2.1.1, 2.2.1.2).
#include <array>

#include "proxy/faults/mutation_rows.hpp"

namespace rdpfault::proxy {

namespace {

constexpr std::size_t negotiation_size = 8;
constexpr std::size_t smallest_unit = 11;  // TPKT (4) and the fixed part of CR or CC (7)

// Where the 8 bytes of negotiation data begin, if the unit has them. A request may carry correlation data behind them
// (type 6, 36 bytes), told by bit 8 of the flags (MS-RDPBCGR 2.2.1.1.2).
std::optional<std::size_t> negotiation_offset(ByteView unit) {
    constexpr std::size_t correlation_size = 36;
    for (const auto behind : {std::size_t{0}, correlation_size}) {
        if (unit.size() < smallest_unit + negotiation_size + behind) continue;
        const auto at = unit.size() - negotiation_size - behind;
        const bool known = unit[at] >= 1 && unit[at] <= 3 && unit[at + 2] == negotiation_size && unit[at + 3] == 0;
        if (known) return at;
    }
    return std::nullopt;
}

template <std::size_t offset, Form form>
FieldPath header(ByteView unit) {
    return offset < unit.size() ? FieldPath{{offset, form}} : FieldPath{};
}
template <std::size_t offset, Form form>
FieldPath negotiation(ByteView unit) {
    const auto start = negotiation_offset(unit);
    return start ? FieldPath{{*start + offset, form}} : FieldPath{};
}

constexpr auto version = header<0, Form::u8>;
constexpr auto length = header<2, Form::be16>;
constexpr auto indicator = header<4, Form::u8>;
constexpr auto code = header<5, Form::u8>;
constexpr auto type = negotiation<0, Form::u8>;
constexpr auto flags = negotiation<1, Form::u8>;
constexpr auto data_length = negotiation<2, Form::le16>;
constexpr auto protocols = negotiation<4, Form::le32>;

constexpr auto request = Stage::x224_request;
constexpr auto confirm = Stage::x224_confirm;
constexpr std::array rows{
    MutationRow{{"request.tpkt_version", request, "TPKT version of the request (3)"}, version},
    MutationRow{{"request.tpkt_length", request, "TPKT length of the request"}, length},
    MutationRow{{"request.length_indicator", request, "X.224 length indicator of the request"}, indicator},
    MutationRow{{"request.code", request, "X.224 TPDU code of the request (0xE0)"}, code},
    MutationRow{{"request.negotiation_type", request, "type of RDP_NEG_REQ (1)"}, type},
    MutationRow{{"request.negotiation_flags", request, "flags of RDP_NEG_REQ"}, flags},
    MutationRow{{"request.negotiation_length", request, "length of RDP_NEG_REQ (8)"}, data_length},
    MutationRow{{"request.requested_protocols", request, "requestedProtocols: 1 TLS, 2 CredSSP, 8 with early auth"},
                protocols},
    MutationRow{{"confirm.tpkt_version", confirm, "TPKT version of the confirm (3)"}, version},
    MutationRow{{"confirm.tpkt_length", confirm, "TPKT length of the confirm"}, length},
    MutationRow{{"confirm.length_indicator", confirm, "X.224 length indicator of the confirm"}, indicator},
    MutationRow{{"confirm.code", confirm, "X.224 TPDU code of the confirm (0xD0)"}, code},
    MutationRow{{"confirm.negotiation_type", confirm, "2 response, 3 failure"}, type},
    MutationRow{{"confirm.negotiation_flags", confirm, "flags of RDP_NEG_RSP"}, flags},
    MutationRow{{"confirm.negotiation_length", confirm, "length of RDP_NEG_RSP (8)"}, data_length},
    MutationRow{{"confirm.selected_protocol", confirm, "selectedProtocol, or the failure code"}, protocols},
};

}  // namespace

std::span<const MutationRow> x224_rows() {
    return rows;
}

}  // namespace rdpfault::proxy
