// The version of rdpfault, as the build knows it.
#pragma once

#include <string_view>

namespace rdpfault::harness {

std::string_view version();

}  // namespace rdpfault::harness
