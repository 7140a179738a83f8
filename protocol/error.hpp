// What a decoder says when bytes are not what the specification promises. Errors are values: bytes from the wire are
// hostile and a malformed one is an event, never an exception.
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace rdpfault::protocol {

enum class Errc {
    truncated = 1,  // the span ends inside a field
    bad_value,      // a field holds a value the specification forbids here
    bad_length,     // a length field contradicts the bytes around it
    too_long,       // longer than our bound (we never allocate by an unchecked length)
    trailing,       // bytes after the end of the unit
    unsupported,    // legal, but not spoken here
};

struct DecodeError {
    Errc code{};
    std::size_t offset = 0;  // of the offending field, from the first byte of the span given to the decoder
    std::string_view what;   // static text: the field, in the specification's words ("TPKT length")

    bool operator==(const DecodeError&) const = default;
};

// "truncated at byte 4: TPKT length".
std::string to_string(const DecodeError& error);

// Needed by boost::system::result::value(), which is for tests; product code asks has_value() first.
[[noreturn]] void throw_exception_from_error(const DecodeError& error, const boost::source_location& where);

template <class T>
using Result = boost::system::result<T, DecodeError>;

}  // namespace rdpfault::protocol
