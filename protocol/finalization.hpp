// The PDUs of connection finalization (MS-RDPBCGR 2.2.1.14 to 2.2.1.22), from the share control header on.
// Client: Synchronize, Control (cooperate), Control (request), [Persistent Key List], Font List.
// Server: Synchronize, Control (cooperate), Control (granted), Font Map.
#pragma once

#include "protocol/share.hpp"

namespace rdpfault::protocol {

struct Synchronize {
    ShareOrigin origin{};
    std::uint16_t message_type = 1;
    std::uint16_t target_user = 0x03EA;

    static Result<Synchronize> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const Synchronize&) const = default;
};

enum class ControlAction : std::uint16_t { request_control = 1, granted_control = 2, detach = 3, cooperate = 4 };

struct Control {
    ShareOrigin origin{};
    ControlAction action = ControlAction::cooperate;
    std::uint16_t grant_id = 0;    // granted: the client's user id
    std::uint32_t control_id = 0;  // granted: 0x03EA

    static Result<Control> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const Control&) const = default;
};

struct FontList {
    ShareOrigin origin{};
    std::uint16_t number_fonts = 0;
    std::uint16_t total_fonts = 0;
    std::uint16_t flags = 3;  // first and last
    std::uint16_t entry_size = 50;

    static Result<FontList> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const FontList&) const = default;
};

struct FontMap {
    ShareOrigin origin{};
    std::uint16_t number_entries = 0;
    std::uint16_t total_entries = 0;
    std::uint16_t flags = 3;
    std::uint16_t entry_size = 4;

    static Result<FontMap> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const FontMap&) const = default;
};

// TS_BITMAPCACHE_PERSISTENT_LIST (2.2.1.17), kept as it came.
struct PersistentKeyList {
    ShareOrigin origin{};
    Bytes body{};

    static Result<PersistentKeyList> decode(ByteView pdu);
    void encode(Writer& writer) const;
    bool operator==(const PersistentKeyList&) const = default;
};

}  // namespace rdpfault::protocol
