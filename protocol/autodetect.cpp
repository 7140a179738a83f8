#include "protocol/autodetect.hpp"

#include <stdexcept>

#include "protocol/security_header.hpp"

namespace rdpfault::protocol {

namespace {

constexpr std::uint8_t type_request = 0x00;
constexpr std::uint8_t type_response = 0x01;
constexpr std::uint16_t network_rtt = 0x0840;        // baseRTT, averageRTT
constexpr std::uint16_t network_bandwidth = 0x0880;  // bandwidth, averageRTT
constexpr std::uint16_t network_all = 0x08C0;
constexpr std::uint16_t network_sync = 0x0018;

struct Header {
    std::uint16_t sequence;
    std::uint16_t type;
    std::size_t type_at;
};

Header read_header(Reader& reader, std::uint16_t security_flag, std::uint8_t type_id, std::string_view what) {
    expect_security_header(reader, security_flag, what);
    // headerLength says no more than the type does.
    reader.skip(1, "headerLength");
    const auto id_at = reader.offset();
    if (reader.u8("headerTypeId") != type_id) reader.fail_at(id_at, Errc::bad_value, "headerTypeId");
    const auto sequence = reader.u16le("sequenceNumber");
    const auto type_at = reader.offset();
    return {sequence, reader.u16le("auto-detect type"), type_at};
}

void write_header(Writer& writer, std::uint16_t security_flag, std::uint8_t type_id, std::size_t length,
                  std::uint16_t sequence, std::uint16_t type) {
    SecurityHeader{security_flag}.encode(writer);
    writer.u8(length);
    writer.u8(type_id);
    writer.u16le(sequence);
    writer.u16le(type);
}

Bytes read_payload(Reader& reader) {
    const auto payload = reader.take(reader.u16le("payloadLength"), "payload");
    return {payload.begin(), payload.end()};
}

NetworkCharacteristics read_characteristics(Reader& reader, std::uint16_t type) {
    NetworkCharacteristics result{type};
    if (type != network_bandwidth) result.base_rtt = reader.u32le("baseRTT");
    if (type != network_rtt) result.bandwidth = reader.u32le("bandwidth");
    result.average_rtt = reader.u32le("averageRTT");
    return result;
}

struct RequestWriter {
    Writer& writer;
    std::uint16_t sequence;

    void header(std::size_t length, std::uint16_t type) const {
        write_header(writer, security::autodetect_request, type_request, length, sequence, type);
    }
    void with_payload(std::uint16_t type, const Bytes& payload) const {
        if (payload.size() > 0xFFFF) throw std::length_error("an auto-detect payload is too long");
        header(8, type);
        writer.u16le(payload.size());
        writer.bytes(payload);
    }
    void operator()(const RttRequest& request) const { header(6, request.type); }
    void operator()(const BandwidthStart& request) const { header(6, request.type); }
    void operator()(const BandwidthPayload& request) const {
        with_payload(autodetect::bandwidth_payload, request.payload);
    }
    void operator()(const BandwidthStop& request) const {
        if (request.type == autodetect::bandwidth_stop_connect_time) return with_payload(request.type, request.payload);
        header(6, request.type);
    }
    void operator()(const NetworkCharacteristics& result) const {
        header(result.type == network_all ? 18 : 14, result.type);
        if (result.type != network_bandwidth) writer.u32le(result.base_rtt);
        if (result.type != network_rtt) writer.u32le(result.bandwidth);
        writer.u32le(result.average_rtt);
    }
};

struct ResponseWriter {
    Writer& writer;
    std::uint16_t sequence;

    void header(std::size_t length, std::uint16_t type) const {
        write_header(writer, security::autodetect_response, type_response, length, sequence, type);
    }
    void operator()(const RttResponse&) const { header(6, autodetect::rtt_response); }
    void operator()(const BandwidthResults& results) const {
        header(14, results.type);
        writer.u32le(results.time_delta);
        writer.u32le(results.byte_count);
    }
    void operator()(const NetworkCharacteristicsSync& sync) const {
        header(14, network_sync);
        writer.u32le(sync.bandwidth);
        writer.u32le(sync.rtt);
    }
};

}  // namespace

Result<AutoDetectRequest> AutoDetectRequest::decode(ByteView payload) {
    Reader reader(payload);
    const auto header = read_header(reader, security::autodetect_request, type_request, "auto-detect request");
    AutoDetectRequest request{header.sequence, {}};
    switch (header.type) {
        case autodetect::rtt_connect_time:
        case autodetect::rtt_continuous: request.body = RttRequest{header.type}; break;
        case autodetect::bandwidth_start_connect_time:
        case autodetect::bandwidth_start_udp:
        case autodetect::bandwidth_start_continuous: request.body = BandwidthStart{header.type}; break;
        case autodetect::bandwidth_payload: request.body = BandwidthPayload{read_payload(reader)}; break;
        case autodetect::bandwidth_stop_connect_time:
            request.body = BandwidthStop{header.type, read_payload(reader)};
            break;
        case autodetect::bandwidth_stop_continuous:
        case autodetect::bandwidth_stop_udp: request.body = BandwidthStop{header.type, {}}; break;
        case network_rtt:
        case network_bandwidth:
        case network_all: request.body = read_characteristics(reader, header.type); break;
        default: reader.fail_at(header.type_at, Errc::unsupported, "auto-detect requestType");
    }
    return finish(reader, std::move(request));
}

void AutoDetectRequest::encode(Writer& writer) const {
    std::visit(RequestWriter{writer, sequence}, body);
}

Result<AutoDetectResponse> AutoDetectResponse::decode(ByteView payload) {
    Reader reader(payload);
    const auto header = read_header(reader, security::autodetect_response, type_response, "auto-detect response");
    AutoDetectResponse response{header.sequence, {}};
    const auto numbers = [&reader] {
        const auto first = reader.u32le("auto-detect response");
        return std::pair{first, reader.u32le("auto-detect response")};
    };
    switch (header.type) {
        case autodetect::rtt_response: break;
        case autodetect::bandwidth_results_connect_time:
        case autodetect::bandwidth_results_continuous: {
            const auto [time_delta, byte_count] = numbers();
            response.body = BandwidthResults{header.type, time_delta, byte_count};
            break;
        }
        case network_sync: {
            const auto [bandwidth, rtt] = numbers();
            response.body = NetworkCharacteristicsSync{bandwidth, rtt};
            break;
        }
        default: reader.fail_at(header.type_at, Errc::unsupported, "auto-detect responseType");
    }
    return finish(reader, response);
}

void AutoDetectResponse::encode(Writer& writer) const {
    std::visit(ResponseWriter{writer, sequence}, body);
}

}  // namespace rdpfault::protocol
