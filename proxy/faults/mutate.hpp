// Named field mutations of X.224 units (the whole TPKT), and the other edits of a unit.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "protocol/bytes.hpp"
#include "proxy/faults/fault.hpp"
#include "proxy/faults/random.hpp"

namespace rdpfault::proxy {

// Sets the named fields where the unit has them. Fields it lacks (the negotiation part of a bare confirm) are left out
// and counted: returns how many mutations were applied.
std::size_t mutate(Bytes& unit, std::span<const action::Mutation> mutations);

// Flips `bits` different bits (at most max_corrupt_bits) behind the first `skip` bytes; all of them when there are
// fewer. Returns their positions; bit 0 is the highest of the first byte.
inline constexpr std::uint64_t max_corrupt_bits = 4096;  // more would not be a finer fault, only a slower one
std::vector<std::uint64_t> corrupt(Bytes& unit, const action::Corrupt& how, Draws draws);

// Deletes up to `count` bytes from `offset` on. Returns how many there were.
std::uint64_t drop_bytes(Bytes& unit, const action::DropBytes& how);

}  // namespace rdpfault::proxy
