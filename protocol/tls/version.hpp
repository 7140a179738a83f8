// TLS protocol versions, as scenarios and reports spell them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rdpfault::tls {

// The wire's ProtocolVersion (RFC 8446 4.1.2).
enum class Version : std::uint16_t { tls1_0 = 0x0301, tls1_1 = 0x0302, tls1_2 = 0x0303, tls1_3 = 0x0304 };

std::string_view to_string(Version version);                        // "1.2"
std::optional<Version> version_from_string(std::string_view text);  // "1.2"

}  // namespace rdpfault::tls
