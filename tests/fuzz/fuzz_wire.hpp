// What the fuzz targets of the wire formats share.
#pragma once

#include <algorithm>
#include <cstdlib>

#include "protocol/error.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

// A broken promise ends the program: libFuzzer keeps the input.
inline void require(bool promise) {
    if (!promise) std::abort();
}

// What decodes encodes to bytes that decode to the same value, and an error lies within the input.
template <class Pdu>
void check_round_trip(ByteView input) {
    const auto decoded = Pdu::decode(input);
    if (!decoded) return require(decoded.error().offset <= input.size() && !decoded.error().what.empty());
    const auto again = Pdu::decode(encoded(*decoded));
    require(again.has_value() && *again == *decoded);
}

}  // namespace rdpfault::protocol
