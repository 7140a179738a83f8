#include "harness/credential.hpp"

#include <ctime>

#include "protocol/tls/mint.hpp"

namespace rdpfault::harness {

namespace {
constexpr std::int64_t day = 24 * 60 * 60;
}

std::shared_ptr<const tls::Credential> mint_credential() {
    const std::int64_t now = std::time(nullptr);
    tls::CertificateSpec spec;
    // Yesterday: a client's clock may be behind ours.
    spec.not_before = now - day;
    spec.not_after = now + 30 * day;
    return std::make_shared<const tls::Credential>(tls::mint(spec));
}

std::shared_ptr<const tls::Credential> mint_authority() {
    const std::int64_t now = std::time(nullptr);
    return std::make_shared<const tls::Credential>(
        tls::mint(tls::authority_spec("rdpfault authority of this run", now - day, now + 30 * day)));
}

}  // namespace rdpfault::harness
