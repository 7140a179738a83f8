// A comparison for people and for programs.
#pragma once

#include <string>

#include "harness/compare.hpp"
#include "harness/options.hpp"

namespace rdpfault::harness {

// What differs, with the evidence of both reports, and how many of each kind. A table; lines that a script can cut, of
// all arms; or a table in Markdown. Ends with a newline.
std::string table_text(const Comparison& comparison);
std::string plain_text(const Comparison& comparison);
std::string markdown_text(const Comparison& comparison);
// All arms.
std::string json_text(const Comparison& comparison);
// A case for each arm: a failure what is newly broken or undecided, skipped what was not run.
std::string junit_text(const Comparison& comparison);

}  // namespace rdpfault::harness
