#include "protocol/mcs_domain.hpp"
#include "tests/fuzz/pdu_round_trip.hpp"

using namespace rdpfault;
using namespace rdpfault::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    round_trip_each<ErectDomainRequest, AttachUserRequest, AttachUserConfirm, ChannelJoinRequest, ChannelJoinConfirm,
                    SendDataRequest, SendDataIndication, DisconnectProviderUltimatum>(data, size);
    const Bytes bytes(data, data + size);
    domain_pdu_kind(bytes);
    data_payload(bytes);
    return 0;
}
