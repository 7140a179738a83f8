// docs/codes.md: the code catalogue and the cause catalogue as a page to read, written from the tables.
#pragma once

#include <string>

namespace rdpfault::harness {

// The whole file. The committed one must equal it; a test says so.
std::string codes_markdown();

}  // namespace rdpfault::harness
