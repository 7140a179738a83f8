// The rows that mutation_table() and mutate() are made of, by the units they belong to. Only mutate.cpp reads them.
#pragma once

#include <span>

#include "proxy/faults/fault.hpp"
#include "proxy/faults/field.hpp"

namespace rdpfault::proxy {

struct MutationRow {
    MutationInfo info;
    // Where the field is; empty when the unit has none, or is another one.
    FieldPath (*find)(ByteView unit);
    // For what is more than a value in its place (an optional field that is to go): does it, repairs the lengths around
    // it, and says whether the unit now is what was asked for. Then `find` is null.
    bool (*reshape)(Bytes& unit, std::uint64_t value) = nullptr;
};

std::span<const MutationRow> x224_rows();
std::span<const MutationRow> conference_rows();  // Connect Initial, Connect Response
std::span<const MutationRow> domain_rows();      // Attach User Confirm, Channel Join Confirm, Disconnect Ultimatum
std::span<const MutationRow> session_rows();     // licensing, Demand Active, share data, virtual channels

// The TPKT length of a unit that `is` says is the right one.
template <bool (*is)(ByteView)>
FieldPath tpkt_length(ByteView unit) {
    constexpr Field field{2, Form::be16};
    return is(unit) ? FieldPath{field} : FieldPath{};
}

}  // namespace rdpfault::proxy
