// Finds the parts of a decrypted unit by walking it: nothing is looked for at a fixed place where the place varies, and
// nothing is read beyond the unit. All offsets count from the unit's first byte.
#pragma once

#include <optional>

#include "protocol/gcc_block.hpp"
#include "protocol/mcs_domain.hpp"
#include "protocol/share.hpp"
#include "proxy/faults/field.hpp"

namespace rdpfault::proxy {

// The MCS PDU within a TPKT with an X.224 data header; nullopt for anything else.
std::optional<protocol::Reader> open_mcs(ByteView unit);

// Connect Initial or Connect Response (MS-RDPBCGR 2.2.1.3, 2.2.1.4), down to the GCC user data.
struct ConferenceUnit {
    std::size_t length_at = 0;            // BER length of the Connect PDU
    std::size_t result_at = 0;            // the response's result
    std::size_t user_data_length_at = 0;  // BER length of the MCS user data
    std::size_t connect_pdu_length_at = 0;
    std::size_t conference_result_at = 0;  // the response's GCC result
    std::size_t key_at = 0;                // the four bytes of the H.221 key
    std::size_t blocks_length_at = 0;      // PER length of the data blocks
    protocol::Reader blocks{{}};           // and they
};
std::optional<ConferenceUnit> walk_connect_initial(ByteView unit);
std::optional<ConferenceUnit> walk_connect_response(ByteView unit);
// The body of the first data block of this type.
std::optional<protocol::Reader> find_block(const ConferenceUnit& conference, std::uint16_t type);

// Send Data Request or Indication.
struct SendDataUnit {
    protocol::DomainPduKind kind{};
    std::uint16_t initiator = 0;  // as it is used: 1001 and above
    std::uint16_t channel = 0;
    std::size_t channel_at = 0;
    std::size_t length_at = 0;  // PER length of the payload
    std::size_t payload_at = 0;
    ByteView payload{};
};
std::optional<SendDataUnit> walk_send_data(ByteView unit);

// A share PDU within a Send Data unit that fits: PDUs in front of it are passed over. `at` is where it begins.
struct SharePdu {
    std::size_t at = 0;
    protocol::ShareUnit unit;
};
// The share PDUs of a payload in order, as long as they can be read. Calls `visit(pdu)` until it says false.
template <class Visit>
void for_each_share_pdu(const SendDataUnit& data, Visit visit) {
    // A security header has flagsHi, which is zero, where pduType has its version.
    if (data.payload.size() < protocol::ShareControlHeader::size || data.payload[2] >> 4 != 1) return;
    auto rest = data.payload;
    while (!rest.empty()) {
        const auto unit = protocol::peek_share_unit(rest);
        if (!unit || unit->bytes.empty()) return;
        if (!visit(SharePdu{data.payload_at + data.payload.size() - rest.size(), *unit})) return;
        rest = rest.subspan(unit->bytes.size());
    }
}

}  // namespace rdpfault::proxy
