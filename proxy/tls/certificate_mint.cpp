#include "proxy/tls/certificate_mint.hpp"

#include "protocol/tls/mint_like.hpp"

namespace rdpfault::proxy {

namespace {
// A server that shows another certificate to everybody would have them all remembered.
constexpr std::size_t max_minted = 256;
}  // namespace

std::shared_ptr<const tls::Credential> CertificateMint::like(const X509& server_certificate,
                                                             tls::CertificateFlaw flaw) {
    const std::pair key{tls::facts(server_certificate).sha256, flaw};
    const std::lock_guard lock(mutex_);
    if (const auto known = minted_.find(key); known != minted_.end()) return known->second;
    if (minted_.size() >= max_minted) minted_.clear();
    auto credential =
        std::make_shared<const tls::Credential>(tls::mint_like(server_certificate, flaw, now_, authority_.get()));
    minted_.emplace(key, credential);
    return credential;
}

}  // namespace rdpfault::proxy
