// A document back as text, in the layout of the library: short maps and lists in one line, long text folded. What is
// read from it again is the same tree; comments were lost when it was read first.
#pragma once

#include <string>

#include "harness/yaml_document.hpp"

namespace rdpfault::harness {

std::string yaml_text(const Value& document);

}  // namespace rdpfault::harness
