// What is in force on a link, and when that changes. Sans-I/O.
#pragma once

#include <optional>
#include <vector>

#include "proxy/link/effect.hpp"

namespace rdpfault::link {

class Timeline {
  public:
    Timeline(const NetworkSpec& spec, Time began);

    const DirectionSpec& of(Direction direction) const { return current_[static_cast<int>(direction)]; }

    // The next moment at which time alone changes something.
    std::optional<Time> due() const;
    // Each returns how many changes came into force; each change does so once.
    std::size_t advance(Time now);
    std::size_t at(Stage stage);
    std::size_t after(Stage stage);

  private:
    struct Entry {
        Change change;
        bool done = false;
    };
    template <class Wanted>
    std::size_t fire(Wanted wanted);

    DirectionSpec current_[2];
    std::vector<Entry> entries_;
    Time began_;
};

}  // namespace rdpfault::link
