#include "protocol/nla/hash.hpp"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <stdexcept>

#include "protocol/credssp.hpp"

namespace rdpfault::nla {

Bytes sha256(ByteView message) {
    Bytes digest(SHA256_DIGEST_LENGTH);
    SHA256(message.data(), message.size(), digest.data());
    return digest;
}

Bytes unpredictable(std::size_t count) {
    Bytes bytes(count);
    if (RAND_bytes(bytes.data(), static_cast<int>(count)) != 1) throw std::runtime_error("no random bytes");
    return bytes;
}

Bytes key_binding(std::uint32_t version, Direction direction, ByteView nonce, ByteView public_key) {
    if (version >= protocol::credssp::first_with_nonce)
        return sha256(protocol::binding_hash_input(direction, nonce, public_key));
    if (direction == Direction::server_to_client) return protocol::incremented(public_key);
    return {public_key.begin(), public_key.end()};
}

}  // namespace rdpfault::nla
