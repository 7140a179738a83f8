#include "protocol/tls/version.hpp"

namespace rdpfault::tls {

std::string_view to_string(Version version) {
    switch (version) {
        case Version::tls1_0: return "1.0";
        case Version::tls1_1: return "1.1";
        case Version::tls1_2: return "1.2";
        case Version::tls1_3: return "1.3";
    }
    return "unknown";
}

std::optional<Version> version_from_string(std::string_view text) {
    for (const auto version : {Version::tls1_0, Version::tls1_1, Version::tls1_2, Version::tls1_3})
        if (to_string(version) == text) return version;
    return std::nullopt;
}

}  // namespace rdpfault::tls
