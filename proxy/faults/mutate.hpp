// Named field mutations of a unit (the whole TPKT, as it is on the wire or as TLS carries it), and its other edits.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "protocol/bytes.hpp"
#include "proxy/faults/fault.hpp"
#include "proxy/faults/random.hpp"

namespace rdpfault::proxy {

// Sets the named fields where the unit has them, and takes optional fields away; the lengths around what moved are
// repaired, so that nothing else is wrong. What a unit lacks (the negotiation part of a bare confirm), or is not at
// all, is left out and counted: returns how many mutations were applied. A value is cut off to what its field holds.
std::size_t mutate(Bytes& unit, std::span<const action::Mutation> mutations);

// The repair of what a box in the middle rewrote in the negotiation: each end is told what it said itself, or it drops
// the connection. serverSelectedProtocol (MS-RDPBCGR 2.2.1.3.2) of a Connect Initial and clientRequestedProtocols
// (2.2.1.4.2) of a Connect Response. False: the unit has no such field, or is another one; nothing was changed.
bool set_client_selected_protocol(Bytes& connect_initial, std::uint32_t protocol);
bool set_server_requested_protocols(Bytes& connect_response, std::uint32_t protocols);

// Flips `bits` different bits (at most max_corrupt_bits) behind the first `skip` bytes; all of them when there are
// fewer. Returns their positions; bit 0 is the highest of the first byte.
inline constexpr std::uint64_t max_corrupt_bits = 4096;  // more would not be a finer fault, only a slower one
std::vector<std::uint64_t> corrupt(Bytes& unit, const action::Corrupt& how, Draws draws);

// Deletes up to `count` bytes from `offset` on. Returns how many there were.
std::uint64_t drop_bytes(Bytes& unit, const action::DropBytes& how);

// On the wire: handshake records in plain text, cut anew into records of at most `size` bytes of content. Other
// records, and what is no whole record, stay as they are.
Bytes split_records(ByteView records, const action::Split& how);
// Inside TLS: the pieces of a unit, to be sent in records of their own. They are views into the unit.
std::vector<ByteView> split_unit(ByteView unit, const action::Split& how);

}  // namespace rdpfault::proxy
