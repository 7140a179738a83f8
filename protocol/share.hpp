// The headers of share PDUs: TS_SHARECONTROLHEADER (MS-RDPBCGR 2.2.8.1.1.1.1) and TS_SHAREDATAHEADER (2.2.8.1.1.1.2).
// Under TLS a Send Data payload on the I/O channel, from the Demand Active on, is one or more share PDUs in a row;
// peek_share_unit() cuts the first. The types of PDUs read and write these headers themselves.
#pragma once

#include <optional>

#include "protocol/reader.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

enum class SharePduType : std::uint8_t {
    demand_active = 0x1,
    confirm_active = 0x3,
    deactivate_all = 0x6,
    data = 0x7,
    server_redirect = 0xA,
};

enum class DataPduType : std::uint8_t {
    update = 0x02,
    control = 0x14,
    pointer = 0x1B,
    input = 0x1C,
    synchronize = 0x1F,
    refresh_rect = 0x21,
    play_sound = 0x22,
    suppress_output = 0x23,
    shutdown_request = 0x24,
    shutdown_denied = 0x25,
    save_session_info = 0x26,
    font_list = 0x27,
    font_map = 0x28,
    set_keyboard_indicators = 0x29,
    bitmap_cache_persistent_list = 0x2B,
    set_error_info = 0x2F,
    set_keyboard_ime_status = 0x2D,
    auto_reconnect_status = 0x32,
    status_info = 0x36,
    monitor_layout = 0x37,
};

struct ShareControlHeader {
    static constexpr std::size_t size = 6;
    std::uint16_t total_length = 0;  // of the whole PDU, this header included
    SharePduType type{};             // any value of four bits
    std::uint16_t source = 0;        // pduSource: the sender's channel

    // The length has been held against the bytes that are there.
    static ShareControlHeader read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ShareControlHeader&) const = default;
};

struct ShareDataHeader {
    static constexpr std::size_t size = 12;
    std::uint32_t share_id = 0;
    std::uint8_t stream_id = 1;  // 1 low priority
    std::uint16_t uncompressed_length = 0;
    DataPduType type{};  // any value
    std::uint8_t compressed_type = 0;
    std::uint16_t compressed_length = 0;

    bool compressed() const { return (compressed_type & 0x20) != 0; }
    static ShareDataHeader read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const ShareDataHeader&) const = default;
};

// The first share PDU of a payload. `bytes` is the whole PDU (what the decode() of its type takes); the rest of the
// payload begins at bytes.size(). `data` is there when control.type is SharePduType::data.
struct ShareUnit {
    ShareControlHeader control;
    std::optional<ShareDataHeader> data{};
    ByteView bytes;
    bool is(DataPduType type) const { return data && data->type == type; }
};
Result<ShareUnit> peek_share_unit(ByteView payload);

// Which share, and who sends: the fields of the headers that a sender chooses.
struct ShareOrigin {
    std::uint32_t share_id = 0;
    std::uint16_t source = 0;
    bool operator==(const ShareOrigin&) const = default;
};

// For encoders: header, body, then the lengths are patched. Throws std::length_error above max_share_pdu.
inline constexpr std::size_t max_share_pdu = 0x7FFF;
void finish_share_pdu(Writer& writer, std::size_t start);

template <class Body>
void write_share_pdu(Writer& writer, SharePduType type, std::uint16_t source, Body body) {
    const auto start = writer.size();
    ShareControlHeader{0, type, source}.encode(writer);
    body();
    finish_share_pdu(writer, start);
}
template <class Body>
void write_share_data(Writer& writer, DataPduType type, const ShareOrigin& origin, Body body) {
    write_share_pdu(writer, SharePduType::data, origin.source, [&] {
        const auto start = writer.size();
        ShareDataHeader{.share_id = origin.share_id, .type = type}.encode(writer);
        body();
        // uncompressedLength counts from pduType2 on.
        writer.patch_u16le(start + 6, writer.size() - start - 8);
    });
}

// For decoders: reads the headers of a PDU that must be of this type (bad_value otherwise; `unsupported` if it is
// compressed) and leaves the reader at the body, bounded by totalLength.
struct ShareBody {
    ShareOrigin origin{};
    Reader body{{}};
};
ShareBody open_share_pdu(ByteView pdu, SharePduType type, std::string_view what);
ShareBody open_share_data(ByteView pdu, DataPduType type, std::string_view what);

}  // namespace rdpfault::protocol
