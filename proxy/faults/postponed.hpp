// Units that were taken out of one direction and go back behind later ones. Offsets are those of the stream received,
// so it does not matter how the stream was cut or when a unit was taken out.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "protocol/bytes.hpp"

namespace rdpfault::proxy {

class Postponed {
  public:
    // A unit of the direction ends there. Tell of each, in order, before a byte behind it is passed on.
    void saw_unit(std::uint64_t end);
    // Takes over a unit that ended at `end`: it goes back behind the next `count`.
    void hold(Bytes unit, std::uint64_t end, std::uint32_t count);

    // The lowest offset behind which something goes back, as far as it is known yet.
    std::optional<std::uint64_t> next() const;
    // What goes back there, in the order it was taken out.
    Bytes take(std::uint64_t offset);
    // All that is left: the stream has ended.
    Bytes rest();

    // Everything up to here has been passed on: what ends before is forgotten, unless it still counts.
    void passed(std::uint64_t offset);

  private:
    struct Unit {
        std::uint64_t end = 0;
        std::uint32_t count = 0;
        Bytes bytes;
    };
    std::optional<std::uint64_t> place_of(const Unit& unit) const;

    std::deque<std::uint64_t> ends_;
    std::vector<Unit> units_;
};

}  // namespace rdpfault::proxy
