// The auto-reconnect cookie: ARC_SC_PRIVATE_PACKET from the server (MS-RDPBCGR 2.2.4.2) and ARC_CS_PRIVATE_PACKET from
// the client (2.2.4.3) have one layout.
#pragma once

#include <array>

#include "protocol/reader.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

struct AutoReconnectCookie {
    static constexpr std::size_t size = 28;
    std::uint32_t logon_id = 0;
    std::array<std::uint8_t, 16> bits{};  // server: ArcRandomBits; client: SecurityVerifier

    static Result<AutoReconnectCookie> decode(ByteView bytes);
    static AutoReconnectCookie read(Reader& reader);
    void encode(Writer& writer) const;
    bool operator==(const AutoReconnectCookie&) const = default;
};

}  // namespace rdpfault::protocol
