#include "protocol/nla/md4.hpp"

#include <bit>

#include "protocol/utf16.hpp"

namespace rdpfault::nla {

namespace {

constexpr std::size_t block_size = 64;
using State = std::array<std::uint32_t, 4>;
using Words = std::array<std::uint32_t, 16>;

// One of the three rounds: sixteen steps that rotate through the state.
template <class Mix>
void round(State& s, const Words& words, const std::array<int, 16>& order, const std::array<int, 4>& shifts,
           std::uint32_t constant, Mix mix) {
    for (std::size_t i = 0; i < 16; ++i) {
        const auto a = (16 - i) % 4;
        auto& target = s[a];
        const auto sum = target + mix(s[(a + 1) % 4], s[(a + 2) % 4], s[(a + 3) % 4]) +
                         words[static_cast<std::size_t>(order[i])] + constant;
        target = std::rotl(sum, shifts[i % 4]);
    }
}

void absorb(State& state, ByteView block) {
    Words words{};
    for (std::size_t i = 0; i < block_size; ++i)
        words[i / 4] |= std::uint32_t{block[i]} << (8 * (i % 4));
    auto s = state;
    round(s, words, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {3, 7, 11, 19}, 0,
          [](auto x, auto y, auto z) { return (x & y) | (~x & z); });
    round(s, words, {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15}, {3, 5, 9, 13}, 0x5a827999,
          [](auto x, auto y, auto z) { return (x & y) | (x & z) | (y & z); });
    round(s, words, {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}, {3, 9, 11, 15}, 0x6ed9eba1,
          [](auto x, auto y, auto z) { return x ^ y ^ z; });
    for (std::size_t i = 0; i < state.size(); ++i)
        state[i] += s[i];
}

}  // namespace

std::array<std::uint8_t, 16> md4(ByteView message) {
    Bytes padded(message.begin(), message.end());
    padded.push_back(0x80);
    while (padded.size() % block_size != block_size - 8)
        padded.push_back(0);
    for (int i = 0; i < 8; ++i)
        padded.push_back(static_cast<std::uint8_t>(std::uint64_t{message.size()} * 8 >> (8 * i)));
    State state{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    for (std::size_t at = 0; at < padded.size(); at += block_size)
        absorb(state, ByteView(padded).subspan(at, block_size));
    std::array<std::uint8_t, 16> digest{};
    for (std::size_t i = 0; i < digest.size(); ++i)
        digest[i] = static_cast<std::uint8_t>(state[i / 4] >> (8 * (i % 4)));
    return digest;
}

std::array<std::uint8_t, 16> nt_hash(std::string_view password) {
    return md4(protocol::to_utf16le(password));
}

}  // namespace rdpfault::nla
