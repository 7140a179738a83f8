// `rdpfault stages`, `causes` and `faults`: the vocabulary, from the tables the program itself works with.
#pragma once

#include <string>
#include <vector>

#include "harness/options.hpp"

namespace rdpfault::harness {

struct Listing {
    std::vector<std::string> heading;
    std::vector<std::vector<std::string>> rows;  // as many cells as the heading
};

Listing stage_listing();
Listing cause_listing();
Listing fault_listing();     // what `do:` may name
Listing mutation_listing();  // what `mutate:` may name

// table: aligned columns; plain: tab-separated, no heading; json: an array of objects with the heading's words as keys.
std::string formatted(const Listing& listing, Format format);

// The format asked for; else a table on a terminal and plain lines in a pipe.
Format chosen_format(const OutputOptions& output);
bool wants_color(const OutputOptions& output);

}  // namespace rdpfault::harness
