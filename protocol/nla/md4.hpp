// MD4 (RFC 1320), which OpenSSL 3 keeps in a provider that need not be installed. Broken as a hash; it is here because
// a Windows account is known by the MD4 of its password (MS-NLMP 3.3.1).
#pragma once

#include <array>

#include "protocol/bytes.hpp"

namespace rdpfault::nla {

std::array<std::uint8_t, 16> md4(ByteView message);

// NTOWFv1: MD4 of the password in UTF-16LE.
std::array<std::uint8_t, 16> nt_hash(std::string_view password);

}  // namespace rdpfault::nla
