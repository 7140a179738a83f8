// Set Error Info PDU (MS-RDPBCGR 2.2.5.1), server to client, from the share control header on. It may be sent only to a
// client that set client_early::error_info; the server disconnects after it.
#pragma once

#include "protocol/share.hpp"

namespace rdpfault::protocol {

struct SetErrorInfo {
    ShareOrigin origin{};  // source must be 0
    std::uint32_t error_info = 0;

    static Result<SetErrorInfo> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const SetErrorInfo&) const = default;
};

}  // namespace rdpfault::protocol
