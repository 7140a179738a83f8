// Keyed random numbers. A draw depends on its key and nothing else: not on threads, other connections, read boundaries
// or how many draws came before. Generator: Philox 4x32-10 (Salmon et al., SC 2011), counter based. The distributions
// are ours because the standard library's differ between implementations.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocol/bytes.hpp"

namespace rdpfault::proxy {

struct DrawKey {
    std::uint64_t seed = 0;
    std::string_view scenario;
    std::uint32_t connection = 0;
    Direction direction{};
    std::string_view fault;
    std::uint64_t unit = 0;  // ordinal of the unit (record, block of the stream, ...) the draw is for
};

class Draws {
  public:
    explicit Draws(const DrawKey& key);

    std::uint64_t next();                      // 64 uniform bits
    double uniform();                          // [0, 1)
    std::uint64_t below(std::uint64_t bound);  // [0, bound), unbiased; bound > 0
    double normal();                           // mean 0, deviation 1
    double pareto(double shape);               // >= 0, heavy tail, mean 1 / (shape - 1); shape > 1

  private:
    std::uint32_t key_[2];
    std::uint32_t counter_[4];
    std::uint64_t spare_ = 0;
    bool has_spare_ = false;
};

}  // namespace rdpfault::proxy
