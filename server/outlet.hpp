// Where the parts of a session put what they have to say; the acceptor empties it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/bytes.hpp"
#include "protocol/ending.hpp"
#include "protocol/mcs_domain.hpp"
#include "protocol/stage.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::server {

// The sender of everything the server says in MCS; not a channel anybody joins (MS-RDPBCGR 3.3.5.1).
inline constexpr std::uint16_t server_channel = 1002;
inline constexpr std::uint16_t io_channel = 1003;

// The session is over, once all that was said before is sent.
struct Departure {
    Ending ending;
    Side by = Side::server;
};

struct Outlet {
    Bytes plaintext;  // for the client, to go through TLS
    std::vector<Stage> reached;
    std::vector<std::string> notes;
    std::optional<Departure> departure;  // the first one counts

    template <class McsPdu>
    void send_mcs(const McsPdu& pdu) {
        append(plaintext, protocol::data_unit(protocol::encoded(pdu)));
    }
    // A PDU on the I/O channel.
    template <class Pdu>
    void send(const Pdu& pdu) {
        append(plaintext, protocol::send_data_indication(server_channel, io_channel, protocol::encoded(pdu)));
    }
    void depart(Side by, Ending ending) {
        if (!departure) departure = Departure{std::move(ending), by};
    }
};

inline Ending ending_of(EndKind kind, std::uint32_t code = 0, std::string detail = {}) {
    Ending ending;
    ending.kind = kind;
    ending.code = code;
    ending.detail = std::move(detail);
    return ending;
}

}  // namespace rdpfault::server
