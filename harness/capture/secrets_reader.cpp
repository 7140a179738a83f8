#include "harness/capture/secrets_reader.hpp"

#include <algorithm>

namespace rdpfault::capture {

namespace {

constexpr std::uint32_t section_header = 0x0A0D0D0A;
constexpr std::uint32_t decryption_secrets = 0x0000000A;
constexpr std::uint32_t tls_key_log = 0x544C534B;
constexpr std::uint32_t byte_order_magic = 0x1A2B3C4D;
constexpr std::uint32_t byte_order_swapped = 0x4D3C2B1A;
constexpr std::uint64_t head_size = 12;  // type, length, and four bytes that say more of the blocks that matter
constexpr std::uint64_t smallest_block = 12;

}  // namespace

void SecretsReader::feed(ByteView bytes) {
    while (!bytes.empty() && state_ != State::done) {
        const auto count = std::min<std::uint64_t>(bytes.size(), wanted_);
        if (state_ == State::skipping) {
            skip(count);
        } else {
            append(held_, bytes.first(count));
            wanted_ -= count;
            if (wanted_ == 0) state_ == State::head ? head() : secrets();
        }
        bytes = bytes.subspan(count);
    }
}

void SecretsReader::skip(std::uint64_t count) {
    if (state_ != State::skipping) return;
    wanted_ -= std::min(count, wanted_);
    if (wanted_ > 0) return;
    state_ = State::head;
    wanted_ = head_size;
}

std::uint32_t SecretsReader::number(std::size_t at) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value |= static_cast<std::uint32_t>(held_[at + i]) << (8 * (big_endian_ ? 3 - i : i));
    return value;
}

void SecretsReader::head() {
    // A section may have another byte order than the one before; its type reads the same in both.
    const bool section = number(0) == section_header;
    if (section) {
        const auto magic = number(8);
        if (magic == byte_order_swapped) big_endian_ = !big_endian_;
        begun_ = magic == byte_order_magic || magic == byte_order_swapped;
    }
    const std::uint64_t length = number(4);
    const bool secret = begun_ && !section && number(0) == decryption_secrets && number(8) == tls_key_log;
    held_.clear();
    if (!begun_ || length < smallest_block || length % 4 != 0) {
        state_ = State::done;
        return;
    }
    wanted_ = length - head_size;
    state_ = State::skipping;
    if (secret && length > 16 && wanted_ + key_log_.size() <= max_secrets) state_ = State::secrets;
    if (wanted_ == 0) skip(0);
}

// Length of the secrets, the secrets, padding, and the length of the block again.
void SecretsReader::secrets() {
    const std::uint64_t length = number(0);
    if (length + 8 <= held_.size()) {
        key_log_.append(held_.begin() + 4, held_.begin() + 4 + static_cast<std::ptrdiff_t>(length));
        if (!key_log_.ends_with('\n')) key_log_ += '\n';
    }
    held_.clear();
    state_ = State::head;
    wanted_ = head_size;
}

}  // namespace rdpfault::capture
