// The PDUs of an orderly end: Deactivate All (MS-RDPBCGR 2.2.3.1), Shutdown Request and Shutdown Request Denied
// (2.2.2.1, 2.2.2.2), from the share control header on. The Disconnect Provider Ultimatum is in mcs_domain.hpp.
#pragma once

#include <optional>
#include <string>

#include "protocol/share.hpp"

namespace rdpfault::protocol {

// The fields after the share control header.
struct DeactivateAllBody {
    std::uint32_t share_id = 0;
    std::string source_descriptor{"\0", 1};
    bool operator==(const DeactivateAllBody&) const = default;
};

struct DeactivateAll {
    std::uint16_t source = 0;
    // Absent: some servers (xrdp, old Windows) send the header alone.
    std::optional<DeactivateAllBody> body = DeactivateAllBody{};

    static Result<DeactivateAll> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const DeactivateAll&) const = default;
};

struct ShutdownRequest {
    ShareOrigin origin{};

    static Result<ShutdownRequest> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const ShutdownRequest&) const = default;
};

struct ShutdownDenied {
    ShareOrigin origin{};

    static Result<ShutdownDenied> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const ShutdownDenied&) const = default;
};

}  // namespace rdpfault::protocol
