#include "proxy/link/checksum.hpp"

#include <bit>
#include <cstring>

namespace rdpfault::link {

// The sum is kept in the machine's order throughout: swapping the bytes of every word swaps the bytes of the sum.
std::uint64_t checksum_add(ByteView bytes, std::uint64_t sum) {
    const auto* at = bytes.data();
    auto left = bytes.size();
    std::uint64_t lanes[4] = {};
    for (; left >= 16; left -= 16, at += 16) {
        std::uint32_t words[4];
        std::memcpy(words, at, sizeof words);
        for (int i = 0; i < 4; ++i)
            lanes[i] += words[i];
    }
    for (; left >= 2; left -= 2, at += 2) {
        std::uint16_t word = 0;
        std::memcpy(&word, at, sizeof word);
        sum += word;
    }
    if (left == 1) {
        std::uint16_t word = 0;
        std::memcpy(&word, at, 1);
        sum += word;
    }
    return sum + lanes[0] + lanes[1] + lanes[2] + lanes[3];
}

std::uint16_t checksum_finish(std::uint64_t sum) {
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

std::uint64_t pseudo_header(ByteView source, ByteView destination, std::uint8_t protocol, std::uint32_t length) {
    const std::uint8_t tail[8] = {static_cast<std::uint8_t>(length >> 24),
                                  static_cast<std::uint8_t>(length >> 16),
                                  static_cast<std::uint8_t>(length >> 8),
                                  static_cast<std::uint8_t>(length),
                                  0,
                                  0,
                                  0,
                                  protocol};
    return checksum_add(tail, checksum_add(destination, checksum_add(source)));
}

}  // namespace rdpfault::link
