#include "harness/version.hpp"

namespace rdpfault::harness {

std::string_view version() {
    return RDPFAULT_VERSION;
}

}  // namespace rdpfault::harness
