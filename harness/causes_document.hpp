// docs/causes.md: the cause catalogue, the advice that is going round, and the codes that nobody can explain, as a page
// to read.
#pragma once

#include <string>

namespace rdpfault::harness {

// The whole file, as `rdpfault causes --format markdown` writes it. The committed one must equal it; a test says so.
std::string causes_markdown();

}  // namespace rdpfault::harness
