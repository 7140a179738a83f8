#include "harness/credential.hpp"

#include <ctime>

#include "protocol/tls/mint.hpp"

namespace rdpfault::harness {

std::shared_ptr<const tls::Credential> mint_credential() {
    constexpr std::int64_t day = 24 * 60 * 60;
    const std::int64_t now = std::time(nullptr);
    tls::CertificateSpec spec;
    // Yesterday: a client's clock may be behind ours.
    spec.not_before = now - day;
    spec.not_after = now + 30 * day;
    return std::make_shared<const tls::Credential>(tls::mint(spec));
}

}  // namespace rdpfault::harness
