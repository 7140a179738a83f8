// The certificate of the embedded server, minted for one run; its key never leaves the memory.
#pragma once

#include <memory>

#include "protocol/tls/certificate.hpp"

namespace rdpfault::harness {

// Self-signed for localhost, valid from yesterday for a month. Throws std::runtime_error with OpenSSL's text.
std::shared_ptr<const tls::Credential> mint_credential();

// An authority for the clients of this run that check certificates, valid as long.
std::shared_ptr<const tls::Credential> mint_authority();

}  // namespace rdpfault::harness
