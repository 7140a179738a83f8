// GCC Conference Create Request and Response (MS-RDPBCGR 2.2.1.3, 2.2.1.4; T.124 8.7): the PER envelope of the client's
// and the server's data blocks, which is the user data of the MCS Connect PDUs.
#pragma once

#include "protocol/gcc_client.hpp"
#include "protocol/gcc_server.hpp"

namespace rdpfault::protocol {

struct ConferenceCreateRequest {
    ClientDataBlocks blocks{};

    static Result<ConferenceCreateRequest> decode(ByteView user_data);
    void encode(Writer& writer) const;
    bool operator==(const ConferenceCreateRequest&) const = default;
};

struct ConferenceCreateResponse {
    std::uint16_t node_id = 0x79F3;  // 1001 or more
    std::uint32_t tag = 1;
    std::uint8_t result = 0;  // T.124 ConferenceCreateResponse.result: 0 success
    ServerDataBlocks blocks{};

    static Result<ConferenceCreateResponse> decode(ByteView user_data);
    void encode(Writer& writer) const;
    bool operator==(const ConferenceCreateResponse&) const = default;
};

}  // namespace rdpfault::protocol
