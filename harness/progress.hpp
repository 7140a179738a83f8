// What a person sees while arms run: one line that changes on a terminal, one line an arm elsewhere.
#pragma once

#include <cstddef>
#include <ostream>

#include "harness/result.hpp"

namespace rdpfault::harness {

class Progress {
  public:
    // `terminal`: the line may be written over.
    Progress(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}

    void planned(std::size_t total) { total_ = total; }
    void ended(const ArmResult& result);
    // Leaves the terminal's line clean.
    void finish();

  private:
    std::ostream& out_;
    bool terminal_;
    std::size_t total_ = 0;
    std::size_t done_ = 0;
};

}  // namespace rdpfault::harness
