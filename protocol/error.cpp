#include "protocol/error.hpp"

#include <stdexcept>

namespace rdpfault::protocol {

namespace {
std::string_view name(Errc code) {
    switch (code) {
        case Errc::truncated: return "truncated";
        case Errc::bad_value: return "bad value";
        case Errc::bad_length: return "bad length";
        case Errc::too_long: return "too long";
        case Errc::trailing: return "trailing bytes";
        case Errc::unsupported: return "unsupported";
    }
    return "unknown error";
}
}  // namespace

std::string to_string(const DecodeError& error) {
    return std::string(name(error.code)) + " at byte " + std::to_string(error.offset) + ": " + std::string(error.what);
}

void throw_exception_from_error(const DecodeError& error, const boost::source_location&) {
    throw std::runtime_error(to_string(error));
}

}  // namespace rdpfault::protocol
