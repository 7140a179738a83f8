// Where the next unit of a stream ends, from its first bytes: how every reader of RDP cuts a stream into units.
#pragma once

#include "protocol/bytes.hpp"

namespace rdpfault::protocol {

enum class Framing : std::uint8_t {
    tpkt,           // slow path only: before and during the connection sequence
    session,        // TPKT or fast-path (MS-RDPBCGR 2.2.8.1.2, 2.2.9.1.2)
    tls_record,     // RFC 8446 5.1
    ts_request,     // DER, definite length (MS-CSSP 2.2.1)
    preconnection,  // MS-RDPEPS 2.2.1
};

struct FrameLength {
    enum class Status : std::uint8_t { need_more, known, wrong };

    Status status = Status::need_more;
    std::size_t size = 0;   // known: bytes of the whole unit, at most max_frame(); more than were given: wait for them
    std::string_view what;  // wrong: the field that cannot be, in the specification's words

    bool operator==(const FrameLength&) const = default;
};

// Looks at the unit's header only, and says `wrong` at the first byte that rules the framing out: the answer for a
// longer `head` never takes back what was said for a shorter one, except need_more.
FrameLength frame_length(Framing framing, ByteView head);

// No unit is longer than this; a header that says so is `wrong`.
std::size_t max_frame(Framing framing);

}  // namespace rdpfault::protocol
