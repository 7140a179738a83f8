#include "proxy/faults/unit_walk.hpp"

#include "protocol/ber.hpp"
#include "protocol/per.hpp"

namespace rdpfault::proxy {

using protocol::Reader;
namespace ber = protocol::ber;
namespace per = protocol::per;

namespace {

constexpr auto connect_initial_tag = ber::application(101);
constexpr auto connect_response_tag = ber::application(102);
constexpr std::size_t application_tag_size = 2;
constexpr std::size_t h221_key_size = 4;

void skip_domain_parameters(Reader& reader) {
    ber::enter(reader, ber::sequence, "DomainParameters");
}

// The octet string with the GCC PDU, up to the choice of the connect PDU.
Reader open_connect_data(Reader& reader, ConferenceUnit& found) {
    found.user_data_length_at = reader.offset() + 1;
    auto gcc = ber::enter(reader, ber::octet_string, "MCS userData");
    gcc.skip(1, "T.124 key choice");
    gcc.skip(per::read_length(gcc, "T.124 key"), "T.124 key");
    found.connect_pdu_length_at = gcc.offset();
    per::read_length(gcc, "connectPDU length");
    gcc.skip(1, "connectPDU choice");
    return gcc;
}

// The one set of user data: key and blocks.
std::optional<ConferenceUnit> finish_user_data(Reader& gcc, ConferenceUnit& found) {
    gcc.skip(1, "userData count");
    gcc.skip(1, "userData key choice");
    const auto longer = per::read_length(gcc, "H.221 key");
    found.key_at = gcc.offset();
    gcc.skip(h221_key_size + longer, "H.221 key");
    found.blocks_length_at = gcc.offset();
    const auto size = per::read_length(gcc, "userData");
    found.blocks = gcc.sub(size, "userData");
    if (!gcc.ok()) return std::nullopt;
    return found;
}

}  // namespace

std::optional<Reader> open_mcs(ByteView unit) {
    const auto mcs = protocol::data_payload(unit);
    if (!mcs) return std::nullopt;
    return Reader(*mcs, static_cast<std::size_t>(mcs->data() - unit.data()));
}

std::optional<ConferenceUnit> walk_connect_initial(ByteView unit) {
    auto mcs = open_mcs(unit);
    if (!mcs || ber::peek_tag(*mcs) != connect_initial_tag) return std::nullopt;
    ConferenceUnit found;
    found.length_at = mcs->offset() + application_tag_size;
    auto reader = ber::enter(*mcs, connect_initial_tag, "MCS Connect Initial");
    ber::read_octet_string(reader, "callingDomainSelector");
    ber::read_octet_string(reader, "calledDomainSelector");
    ber::read_boolean(reader, "upwardFlag");
    for (int i = 0; i < 3; ++i)
        skip_domain_parameters(reader);
    auto gcc = open_connect_data(reader, found);
    gcc.skip(1, "ConferenceCreateRequest options");
    per::skip_numeric_string(gcc, 1, "conferenceName");
    gcc.skip(1, "conference flags");
    return finish_user_data(gcc, found);
}

std::optional<ConferenceUnit> walk_connect_response(ByteView unit) {
    auto mcs = open_mcs(unit);
    if (!mcs || ber::peek_tag(*mcs) != connect_response_tag) return std::nullopt;
    ConferenceUnit found;
    found.length_at = mcs->offset() + application_tag_size;
    auto reader = ber::enter(*mcs, connect_response_tag, "MCS Connect Response");
    auto result = ber::enter(reader, ber::enumerated, "MCS result");
    found.result_at = result.offset();
    result.skip(1, "MCS result");
    if (!result.ok()) return std::nullopt;
    ber::enter(reader, ber::integer, "calledConnectId");
    skip_domain_parameters(reader);
    auto gcc = open_connect_data(reader, found);
    gcc.skip(2, "nodeID");
    gcc.skip(per::read_length(gcc, "conference tag"), "conference tag");
    found.conference_result_at = gcc.offset();
    gcc.skip(1, "conference result");
    return finish_user_data(gcc, found);
}

std::optional<Reader> find_block(const ConferenceUnit& conference, std::uint16_t type) {
    auto blocks = conference.blocks;
    while (blocks.ok() && !blocks.at_end()) {
        const auto block = protocol::read_data_block(blocks);
        if (blocks.ok() && block.type == type) return block.body;
    }
    return std::nullopt;
}

std::optional<SendDataUnit> walk_send_data(ByteView unit) {
    constexpr std::uint16_t first_user_id = 1001;
    auto mcs = open_mcs(unit);
    if (!mcs) return std::nullopt;
    const auto kind = protocol::domain_pdu_kind(mcs->rest());
    const bool fits = kind && (*kind == protocol::DomainPduKind::send_data_request ||
                               *kind == protocol::DomainPduKind::send_data_indication);
    if (!fits) return std::nullopt;
    SendDataUnit found;
    found.kind = *kind;
    mcs->skip(1, "Send Data");
    found.initiator = per::read_integer16(*mcs, first_user_id, "initiator");
    found.channel_at = mcs->offset();
    found.channel = per::read_integer16(*mcs, 0, "channelId");
    mcs->skip(1, "dataPriority and segmentation");
    found.length_at = mcs->offset();
    const auto size = per::read_length(*mcs, "MCS userData");
    found.payload_at = mcs->offset();
    found.payload = mcs->take(size, "MCS userData");
    if (!mcs->ok()) return std::nullopt;
    return found;
}

}  // namespace rdpfault::proxy
