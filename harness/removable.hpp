// The parts of a scenario that may be left out one by one. Pure.
#pragma once

#include <string>
#include <vector>

#include "harness/yaml_document.hpp"

namespace rdpfault::harness {

struct Part {
    std::string path;   // yaml_path.hpp
    Place place;        // in the file: tells the parts apart, whatever was left out before them
    std::string label;  // "faults.0 (reset: client)", for people
};

// Each fault; each key of `network`, of its two directions, and each entry of its timeline; each key of `server`,
// `client` and `proxy`. In the order of the file.
std::vector<Part> removable_parts(const Value& document);

// Without that part, and without the maps and lists that it leaves empty.
Value without(Value document, const Part& part);

}  // namespace rdpfault::harness
