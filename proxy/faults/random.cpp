#include "proxy/faults/random.hpp"

#include <cmath>

namespace rdpfault::proxy {

namespace {

// FNV-1a, 64 bits: folds the names of a key into its counter.
struct Hash {
    std::uint64_t value = 0xcbf29ce484222325;
    void byte(std::uint8_t b) { value = (value ^ b) * 0x100000001b3; }
    void number(std::uint64_t n) {
        for (int i = 0; i < 8; ++i)
            byte(static_cast<std::uint8_t>(n >> (8 * i)));
    }
    void text(std::string_view t) {
        number(t.size());
        for (const char c : t)
            byte(static_cast<std::uint8_t>(c));
    }
};

std::uint32_t low(std::uint64_t v) {
    return static_cast<std::uint32_t>(v);
}
std::uint32_t high(std::uint64_t v) {
    return static_cast<std::uint32_t>(v >> 32);
}

void philox_round(std::uint32_t (&c)[4], const std::uint32_t (&k)[2]) {
    const auto p0 = std::uint64_t{0xD2511F53} * c[0];
    const auto p1 = std::uint64_t{0xCD9E8D57} * c[2];
    const std::uint32_t next[4] = {high(p1) ^ c[1] ^ k[0], low(p1), high(p0) ^ c[3] ^ k[1], low(p0)};
    for (int i = 0; i < 4; ++i)
        c[i] = next[i];
}

}  // namespace

Draws::Draws(const DrawKey& key) : key_{low(key.seed), high(key.seed)} {
    Hash hash;
    hash.text(key.scenario);
    hash.text(key.fault);
    hash.number(key.connection);
    hash.byte(static_cast<std::uint8_t>(key.direction));
    hash.number(key.unit);
    counter_[0] = 0;  // the draw's own number
    counter_[1] = low(key.unit);
    counter_[2] = low(hash.value);
    counter_[3] = high(hash.value);
}

std::uint64_t Draws::next() {
    if (has_spare_) {
        has_spare_ = false;
        return spare_;
    }
    std::uint32_t block[4] = {counter_[0]++, counter_[1], counter_[2], counter_[3]};
    std::uint32_t round_key[2] = {key_[0], key_[1]};
    for (int round = 0; round < 10; ++round) {
        philox_round(block, round_key);
        round_key[0] += 0x9E3779B9;
        round_key[1] += 0xBB67AE85;
    }
    spare_ = std::uint64_t{block[3]} << 32 | block[2];
    has_spare_ = true;
    return std::uint64_t{block[1]} << 32 | block[0];
}

double Draws::uniform() {
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::uint64_t Draws::below(std::uint64_t bound) {
    const std::uint64_t limit = -bound % bound;  // the values below this would make the low residues too frequent
    std::uint64_t value = next();
    while (value < limit)
        value = next();
    return value % bound;
}

double Draws::normal() {
    constexpr double two_pi = 6.283185307179586;
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(two_pi * uniform());
}

double Draws::pareto(double shape) {
    return std::pow(1.0 - uniform(), -1.0 / shape) - 1.0;
}

}  // namespace rdpfault::proxy
