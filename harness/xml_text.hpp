// Text as XML takes it.
#pragma once

#include <string>
#include <string_view>

namespace rdpfault::harness {

// For text and for attributes in double quotes. XML 1.0 has no way to write most control characters, nor broken UTF-8:
// both become '?'.
std::string xml_escaped(std::string_view text);

}  // namespace rdpfault::harness
