// For the fuzz targets of PDUs: the same bytes to each decoder of a group.
#pragma once

#include "tests/fuzz/fuzz_wire.hpp"

namespace rdpfault::protocol {

template <class... Pdus>
void round_trip_each(const std::uint8_t* data, std::size_t size) {
    // In a vector of their own size, so that a read past the end is seen.
    const Bytes bytes(data, data + size);
    (check_round_trip<Pdus>(bytes), ...);
}

}  // namespace rdpfault::protocol
