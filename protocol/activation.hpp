// Demand Active and Confirm Active (MS-RDPBCGR 2.2.1.13.1, 2.2.1.13.2), from the share control header on.
#pragma once

#include <optional>
#include <string>

#include "protocol/capabilities.hpp"
#include "protocol/share.hpp"

namespace rdpfault::protocol {

struct DemandActive {
    ShareOrigin origin{};                                   // share_id: the server's choice, often 0x10000 + user id
    std::string source_descriptor = {'R', 'D', 'P', '\0'};  // with its NUL
    Capabilities capabilities{};
    std::optional<std::uint32_t> session_id = 0;

    static Result<DemandActive> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const DemandActive&) const = default;
};

struct ConfirmActive {
    ShareOrigin origin{};                  // share_id: the server's; source: the client's user id
    std::uint16_t originator_id = 0x03EA;  // the server's channel
    std::string source_descriptor = {'M', 'S', 'T', 'S', 'C', '\0'};
    Capabilities capabilities{};

    static Result<ConfirmActive> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const ConfirmActive&) const = default;
};

}  // namespace rdpfault::protocol
