// A diagnosis for people and for programs.
#pragma once

#include <span>
#include <string>

#include "harness/diagnosis.hpp"

namespace rdpfault::harness {

// A block of lines for each connection; ends with a newline.
std::string diagnosis_text(std::span<const Diagnosis> all);
// One line for each connection, in words that a script can cut.
std::string diagnosis_lines(std::span<const Diagnosis> all);
// {"format": 1, "files": [...]}.
std::string diagnosis_json(std::span<const Diagnosis> all);

}  // namespace rdpfault::harness
