// The certificates that intercepting proxies show, made once for each server and flaw: making a key takes long.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "protocol/tls/certificate.hpp"
#include "protocol/tls/certificate_flaw.hpp"

namespace rdpfault::proxy {

// May be shared by any number of proxies, in any threads.
class CertificateMint {
  public:
    // `authority` signs what is minted; null: see tls::mint_like(). `now`: seconds since 1970-01-01 UTC.
    CertificateMint(std::shared_ptr<const tls::Credential> authority, std::int64_t now)
        : authority_(std::move(authority)), now_(now) {}

    // Throws std::runtime_error with OpenSSL's text.
    std::shared_ptr<const tls::Credential> like(const X509& server_certificate, tls::CertificateFlaw flaw);

  private:
    std::shared_ptr<const tls::Credential> authority_;
    std::int64_t now_;
    std::mutex mutex_;
    // By SHA-256 of the server's certificate, and flaw.
    std::map<std::pair<std::string, tls::CertificateFlaw>, std::shared_ptr<const tls::Credential>> minted_;
};

}  // namespace rdpfault::proxy
