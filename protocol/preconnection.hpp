// RDP_PRECONNECTION_PDU, which may come before the X.224 Connection Request to say which of several machines behind one
// address is meant (MS-RDPEPS 2.2.1).
#pragma once

#include <optional>
#include <string>

#include "protocol/error.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

inline constexpr std::size_t preconnection_v1_size = 16;
inline constexpr std::size_t preconnection_v2_min_size = 18;
// Our bound: the specification allows twice as much, and nobody sends more than a name.
inline constexpr std::size_t preconnection_max_size = 65534;

struct PreconnectionPdu {
    std::uint32_t flags = 0;
    std::uint32_t id = 0;
    // The string of version 2, without its terminating NUL; none: version 1.
    std::optional<std::u16string> payload;

    static Result<PreconnectionPdu> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const PreconnectionPdu&) const = default;
};

}  // namespace rdpfault::protocol
