// The digest and the chance that CredSSP binds a connection with.
#pragma once

#include "protocol/bytes.hpp"

namespace rdpfault::nla {

Bytes sha256(ByteView message);
// Unpredictable bytes. Throws std::runtime_error when the system has none.
Bytes unpredictable(std::size_t count);

// What pubKeyAuth seals in this direction (MS-CSSP 3.1.5): a hash from version 5 on; before, the key itself from the
// client and the key plus one from the server.
Bytes key_binding(std::uint32_t version, Direction direction, ByteView nonce, ByteView public_key);

}  // namespace rdpfault::nla
