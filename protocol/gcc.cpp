#include "protocol/gcc.hpp"

#include <algorithm>
#include <stdexcept>

#include "protocol/per.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::string_view client_key = "Duca";
constexpr std::string_view server_key = "McDn";
constexpr std::uint8_t create_request_choice = 0x00;
constexpr std::uint8_t create_response_choice = 0x14;
constexpr std::uint8_t user_data_present = 0x08;
constexpr std::uint8_t h221_key_choice = 0xC0;
constexpr std::uint16_t first_user_id = 1001;
constexpr std::size_t max_data_blocks = 0x7F00;   // leaves room for the envelope below per::max_length
constexpr std::uint8_t key_choice_object = 0x00;  // T.124 Key: an object identifier, not an H.221 string

// ConnectData up to the choice of the connect PDU. The length of the PDU is read and not believed: Windows servers
// write 2A whatever follows (MS-RDPBCGR 4.1.4).
void open_connect_data(Reader& reader, std::uint8_t choice, std::string_view what) {
    reader.expect(reader.u8("T.124 key choice") == key_choice_object, Errc::bad_value, "T.124 key choice");
    per::expect_object_identifier(reader, per::t124_identifier, "T.124 key");
    per::read_length(reader, "connectPDU length");
    reader.expect((reader.u8(what) & 0xFC) == (choice & 0xFC), Errc::bad_value, what);
}

// UserData: one set, whose key is an H.221 non-standard identifier, and the octet string with the blocks.
ByteView read_user_data(Reader& reader, std::string_view key) {
    reader.expect(reader.u8("userData count") == 1, Errc::bad_value, "userData count");
    reader.expect((reader.u8("userData key choice") & h221_key_choice) == h221_key_choice, Errc::bad_value,
                  "userData key choice");
    const auto found = per::read_octet_string(reader, key.size(), "H.221 key");
    reader.expect(std::ranges::equal(found, key), Errc::bad_value, "H.221 key");
    const auto blocks_at = reader.offset();
    const auto blocks = per::read_octet_string(reader, 0, "userData");
    if (blocks.size() > max_data_blocks) reader.fail_at(blocks_at, Errc::too_long, "userData");
    return blocks;
}

void write_user_data(Writer& writer, std::string_view key, ByteView blocks) {
    writer.u8(1);
    writer.u8(h221_key_choice);
    per::write_octet_string(writer, to_bytes(key), key.size());
    per::write_octet_string(writer, blocks, 0);
}

void write_connect_data(Writer& writer, ByteView connect_pdu) {
    if (connect_pdu.size() > per::max_length) throw std::length_error("GCC data blocks are too long");
    writer.u8(key_choice_object);
    per::write_object_identifier(writer, per::t124_identifier);
    per::write_length(writer, connect_pdu.size());
    writer.bytes(connect_pdu);
}

}  // namespace

Result<ConferenceCreateRequest> ConferenceCreateRequest::decode(ByteView user_data) {
    Reader reader(user_data);
    open_connect_data(reader, create_request_choice, "ConferenceCreateRequest");
    reader.expect((reader.u8("ConferenceCreateRequest options") & user_data_present) != 0, Errc::bad_value,
                  "ConferenceCreateRequest options");
    per::skip_numeric_string(reader, 1, "conferenceName");
    reader.skip(1, "conference flags");
    const auto content = read_user_data(reader, client_key);
    if (!reader.ok()) return reader.error();
    auto blocks = ClientDataBlocks::decode(content);
    if (!blocks) {
        auto error = blocks.error();
        error.offset += static_cast<std::size_t>(content.data() - user_data.data());
        return error;
    }
    return ConferenceCreateRequest{std::move(*blocks)};
}

void ConferenceCreateRequest::encode(Writer& writer) const {
    Writer pdu;
    pdu.u8(create_request_choice);
    pdu.u8(user_data_present);
    per::write_numeric_string(pdu, "1", 1);
    pdu.u8(0);  // not locked, listed, conductible; automatic termination
    write_user_data(pdu, client_key, encoded(blocks));
    write_connect_data(writer, pdu.view());
}

Result<ConferenceCreateResponse> ConferenceCreateResponse::decode(ByteView user_data) {
    Reader reader(user_data);
    open_connect_data(reader, create_response_choice, "ConferenceCreateResponse");
    ConferenceCreateResponse response;
    response.node_id = per::read_integer16(reader, first_user_id, "nodeID");
    response.tag = per::read_integer(reader, "conference tag");
    response.result = per::read_enumerated(reader, 16, "conference result");
    const auto content = read_user_data(reader, server_key);
    if (!reader.ok()) return reader.error();
    auto blocks = ServerDataBlocks::decode(content);
    if (!blocks) {
        auto error = blocks.error();
        error.offset += static_cast<std::size_t>(content.data() - user_data.data());
        return error;
    }
    response.blocks = std::move(*blocks);
    return response;
}

void ConferenceCreateResponse::encode(Writer& writer) const {
    Writer pdu;
    pdu.u8(create_response_choice);
    per::write_integer16(pdu, node_id, first_user_id);
    per::write_integer(pdu, tag);
    pdu.u8(result);
    write_user_data(pdu, server_key, encoded(blocks));
    write_connect_data(writer, pdu.view());
}

}  // namespace rdpfault::protocol
