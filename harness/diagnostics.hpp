// Collects what is wrong with one file, so that a user fixes everything in one go.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/loader.hpp"
#include "harness/yaml_document.hpp"

namespace rdpfault::harness {

class Diagnostics {
  public:
    explicit Diagnostics(std::string path) : path_(std::move(path)) {}

    void error(Place place, std::string message);
    bool ok() const { return errors_.empty(); }
    std::size_t count() const { return errors_.size(); }
    // In the order of the lines.
    std::vector<LoadError> take();

  private:
    std::string path_;
    std::vector<LoadError> errors_;
};

// The known word that was probably meant; empty when none is near. Distance: insertions, deletions, replacements and
// swaps of neighbours, at most a third of the word.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> known);

// "unknown fault 'rest' (did you mean 'reset'?)", or the list of the known ones when none is near.
std::string unknown_word(std::string_view what, std::string_view word, std::span<const std::string_view> known);

}  // namespace rdpfault::harness
