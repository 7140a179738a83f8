// MCS Connect Initial and Connect Response (MS-RDPBCGR 2.2.1.3, 2.2.1.4; T.125 7): BER around the GCC user data.
// Bytes here are those after the X.224 data header; data_unit() in mcs_domain.hpp makes the whole TPKT unit.
#pragma once

#include "protocol/error.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

// T.125 DomainParameters. The defaults are the target parameters that every RDP client sends.
struct DomainParameters {
    std::uint32_t max_channel_ids = 34;
    std::uint32_t max_user_ids = 2;
    std::uint32_t max_token_ids = 0;
    std::uint32_t num_priorities = 1;
    std::uint32_t min_throughput = 0;
    std::uint32_t max_height = 1;
    std::uint32_t max_mcs_pdu_size = 65535;
    std::uint32_t protocol_version = 2;

    static DomainParameters minimum() { return {1, 1, 1, 1, 0, 1, 1056, 2}; }
    static DomainParameters maximum() { return {65535, 64535, 65535, 1, 0, 1, 65535, 2}; }
    bool operator==(const DomainParameters&) const = default;
};

struct ConnectInitial {
    Bytes calling_domain = {1};
    Bytes called_domain = {1};
    bool upward = true;
    DomainParameters target{};
    DomainParameters minimum = DomainParameters::minimum();
    DomainParameters maximum = DomainParameters::maximum();
    Bytes user_data{};  // encoded(ConferenceCreateRequest)

    static Result<ConnectInitial> decode(ByteView mcs);
    void encode(Writer& writer) const;
    bool operator==(const ConnectInitial&) const = default;
};

struct ConnectResponse {
    std::uint8_t result = 0;  // T.125 Result: 0 rt-successful .. 15
    std::uint32_t called_connect_id = 0;
    DomainParameters parameters{.max_user_ids = 3};
    Bytes user_data{};  // encoded(ConferenceCreateResponse)

    static Result<ConnectResponse> decode(ByteView mcs);
    void encode(Writer& writer) const;
    bool operator==(const ConnectResponse&) const = default;
};

}  // namespace rdpfault::protocol
