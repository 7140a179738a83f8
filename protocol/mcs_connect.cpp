#include "protocol/mcs_connect.hpp"

#include "protocol/ber.hpp"

namespace rdpfault::protocol {

namespace {

constexpr auto connect_initial_tag = ber::application(101);
constexpr auto connect_response_tag = ber::application(102);

Bytes to_owned(ByteView view) {
    return {view.begin(), view.end()};
}

DomainParameters read_parameters(Reader& reader, std::string_view what) {
    auto sequence = ber::enter(reader, ber::sequence, what);
    DomainParameters p;
    p.max_channel_ids = ber::read_integer(sequence, "maxChannelIds");
    p.max_user_ids = ber::read_integer(sequence, "maxUserIds");
    p.max_token_ids = ber::read_integer(sequence, "maxTokenIds");
    p.num_priorities = ber::read_integer(sequence, "numPriorities");
    p.min_throughput = ber::read_integer(sequence, "minThroughput");
    p.max_height = ber::read_integer(sequence, "maxHeight");
    p.max_mcs_pdu_size = ber::read_integer(sequence, "maxMCSPDUsize");
    p.protocol_version = ber::read_integer(sequence, "protocolVersion");
    if (!sequence.ok()) reader.adopt(sequence.error());
    return p;
}

void write_parameters(Writer& writer, const DomainParameters& p) {
    Writer content;
    for (const auto value : {p.max_channel_ids, p.max_user_ids, p.max_token_ids, p.num_priorities, p.min_throughput,
                             p.max_height, p.max_mcs_pdu_size, p.protocol_version}) {
        ber::write_integer(content, value);
    }
    ber::write(writer, ber::sequence, content.view());
}

}  // namespace

Result<ConnectInitial> ConnectInitial::decode(ByteView mcs) {
    Reader outer(mcs);
    auto reader = ber::enter(outer, connect_initial_tag, "MCS Connect Initial");
    ConnectInitial pdu;
    pdu.calling_domain = to_owned(ber::read_octet_string(reader, "callingDomainSelector"));
    pdu.called_domain = to_owned(ber::read_octet_string(reader, "calledDomainSelector"));
    pdu.upward = ber::read_boolean(reader, "upwardFlag");
    pdu.target = read_parameters(reader, "targetParameters");
    pdu.minimum = read_parameters(reader, "minimumParameters");
    pdu.maximum = read_parameters(reader, "maximumParameters");
    pdu.user_data = to_owned(ber::read_octet_string(reader, "MCS userData"));
    return finish(reader, std::move(pdu));
}

void ConnectInitial::encode(Writer& writer) const {
    Writer content;
    ber::write_octet_string(content, calling_domain);
    ber::write_octet_string(content, called_domain);
    ber::write_boolean(content, upward);
    write_parameters(content, target);
    write_parameters(content, minimum);
    write_parameters(content, maximum);
    ber::write_octet_string(content, user_data);
    ber::write(writer, connect_initial_tag, content.view());
}

Result<ConnectResponse> ConnectResponse::decode(ByteView mcs) {
    Reader outer(mcs);
    auto reader = ber::enter(outer, connect_response_tag, "MCS Connect Response");
    ConnectResponse pdu;
    const auto result_at = reader.offset();
    const auto number = ber::read_enumerated(reader, "MCS result");
    if (number > 15) reader.fail_at(result_at, Errc::bad_value, "MCS result");
    pdu.result = static_cast<std::uint8_t>(number);
    pdu.called_connect_id = ber::read_integer(reader, "calledConnectId");
    pdu.parameters = read_parameters(reader, "domainParameters");
    pdu.user_data = to_owned(ber::read_octet_string(reader, "MCS userData"));
    return finish(reader, std::move(pdu));
}

void ConnectResponse::encode(Writer& writer) const {
    Writer content;
    ber::write_enumerated(content, result);
    ber::write_integer(content, called_connect_id);
    write_parameters(content, parameters);
    ber::write_octet_string(content, user_data);
    ber::write(writer, connect_response_tag, content.view());
}

}  // namespace rdpfault::protocol
