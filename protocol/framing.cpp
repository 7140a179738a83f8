#include "protocol/framing.hpp"

#include "protocol/preconnection.hpp"
#include "protocol/tls_record.hpp"
#include "protocol/tpkt.hpp"

namespace rdpfault::protocol {

namespace {

using Status = FrameLength::Status;

constexpr std::size_t fast_path_max_size = 0x7fff;
// Kerberos tickets with many groups reach tens of kilobytes; nothing real reaches this.
constexpr std::size_t ts_request_max_size = 65535;

FrameLength need_more() {
    return {};
}
FrameLength known(std::size_t size) {
    return {Status::known, size, {}};
}
FrameLength wrong(std::string_view what) {
    return {Status::wrong, 0, what};
}

std::uint32_t u32le(ByteView bytes, std::size_t at) {
    return Reader(bytes.subspan(at)).u32le("");
}

FrameLength tpkt_length(ByteView head) {
    if (head[0] != tpkt_version) return wrong("TPKT version");
    if (head.size() < tpkt_header_size) return need_more();
    const auto length = static_cast<std::size_t>(head[2]) << 8 | head[3];
    return length < tpkt_min_size ? wrong("TPKT length") : known(length);
}

FrameLength fast_path_length(ByteView head) {
    constexpr std::uint8_t action_mask = 3;
    constexpr std::uint8_t two_bytes = 0x80;
    if (head[0] & action_mask) return wrong("fast-path action");
    if (head.size() < 2) return need_more();
    const bool is_long = head[1] & two_bytes;
    const std::size_t header = is_long ? 3 : 2;
    if (head.size() < header) return need_more();
    const auto length = is_long ? static_cast<std::size_t>(head[1] & 0x7f) << 8 | head[2] : std::size_t{head[1]};
    return length < header ? wrong("fast-path length") : known(length);
}

FrameLength record_length(ByteView head) {
    if (head[0] < 20 || head[0] > 24) return wrong("TLS content type");
    if (head.size() > 1 && head[1] != 3) return wrong("TLS record version");
    if (head.size() < tls_record_header_size) return need_more();
    const auto header = TlsRecordHeader::decode(head);
    return header ? known(tls_record_header_size + header->length) : wrong(header.error().what);
}

FrameLength ts_request_length(ByteView head) {
    constexpr std::uint8_t sequence = 0x30;
    if (head[0] != sequence) return wrong("TSRequest");
    if (head.size() < 2) return need_more();
    if (head[1] < 0x80) return known(std::size_t{2} + head[1]);
    const std::size_t count = head[1] & 0x7f;
    if (count == 0 || count > 4) return wrong("TSRequest length");
    if (head.size() < 2 + count) return need_more();
    std::size_t length = 0;
    for (const auto byte : head.subspan(2, count))
        length = length << 8 | byte;
    const auto size = 2 + count + length;
    return size > ts_request_max_size ? wrong("TSRequest length") : known(size);
}

FrameLength preconnection_length(ByteView head) {
    if (head[0] & 1) return wrong("cbSize");  // 16, or 18 and two bytes a character
    if (head.size() < 4) return need_more();
    const std::size_t size = u32le(head, 0);
    const bool possible = size == preconnection_v1_size || size >= preconnection_v2_min_size;
    if (!possible || size > preconnection_max_size) return wrong("cbSize");
    if (head.size() < 12) return need_more();
    const std::uint32_t expected_version = size == preconnection_v1_size ? 1 : 2;
    if (u32le(head, 8) != expected_version) return wrong("preconnection version");
    return known(size);
}

}  // namespace

FrameLength frame_length(Framing framing, ByteView head) {
    if (head.empty()) return need_more();
    switch (framing) {
        case Framing::tpkt: return tpkt_length(head);
        case Framing::session: return head[0] == tpkt_version ? tpkt_length(head) : fast_path_length(head);
        case Framing::tls_record: return record_length(head);
        case Framing::ts_request: return ts_request_length(head);
        case Framing::preconnection: return preconnection_length(head);
    }
    return wrong("framing");
}

std::size_t max_frame(Framing framing) {
    switch (framing) {
        case Framing::tpkt:
        case Framing::session: return tpkt_max_size;
        case Framing::tls_record: return tls_record_header_size + tls_max_fragment;
        case Framing::ts_request: return ts_request_max_size;
        case Framing::preconnection: return preconnection_max_size;
    }
    return 0;
}
static_assert(fast_path_max_size < tpkt_max_size);

}  // namespace rdpfault::protocol
