#include "protocol/tls/certificate_flaw.hpp"

#include <algorithm>

namespace rdpfault::tls {

std::string_view to_string(CertificateFlaw flaw) {
    const auto* entry = std::ranges::find(certificate_flaws, flaw, &CertificateFlawEntry::flaw);
    return entry == certificate_flaws.end() ? "unknown" : entry->name;
}

std::optional<CertificateFlaw> certificate_flaw_from_string(std::string_view name) {
    const auto* entry = std::ranges::find(certificate_flaws, name, &CertificateFlawEntry::name);
    if (entry == certificate_flaws.end()) return std::nullopt;
    return entry->flaw;
}

}  // namespace rdpfault::tls
