// What the tests of the wire formats share.
#pragma once

#include <gmock/gmock.h>

#include "protocol/error.hpp"
#include "protocol/writer.hpp"

namespace rdpfault::protocol {

inline Bytes hex(std::string_view text) {
    Bytes bytes;
    if (!from_hex(text, bytes)) throw std::invalid_argument("not hexadecimal: " + std::string(text));
    return bytes;
}

inline Bytes operator+(Bytes left, const Bytes& right) {
    append(left, right);
    return left;
}

// Golden bytes decode to `value`, `value` encodes to the golden bytes, and no shorter piece of them decodes.
template <class Pdu>
void expect_golden(const Bytes& golden, const Pdu& value) {
    const auto decoded = Pdu::decode(golden);
    ASSERT_TRUE(decoded.has_value()) << to_string(decoded.error());
    EXPECT_EQ(*decoded, value);
    EXPECT_EQ(to_hex(encoded(value)), to_hex(golden));
    for (std::size_t size = 0; size < golden.size(); ++size)
        EXPECT_FALSE(Pdu::decode(ByteView(golden).first(size)).has_value()) << "cut to " << size << " bytes";
}

// Decoding fails with this code at this offset.
template <class Pdu>
void expect_error(const Bytes& bytes, Errc code, std::size_t offset) {
    const auto decoded = Pdu::decode(bytes);
    ASSERT_TRUE(decoded.has_error());
    EXPECT_EQ(decoded.error().code, code) << to_string(decoded.error());
    EXPECT_EQ(decoded.error().offset, offset) << to_string(decoded.error());
}

}  // namespace rdpfault::protocol
