// What all connections of an intercepting proxy share: the TLS contexts.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "protocol/nla/security_context.hpp"
#include "protocol/tls/context.hpp"
#include "proxy/tls/settings.hpp"

namespace rdpfault::proxy {

// May be used by several threads.
class InterceptShared {
  public:
    // Throws std::runtime_error, naming the leg, for what OpenSSL refuses.
    explicit InterceptShared(InterceptSettings settings);

    const InterceptSettings& settings() const { return settings_; }
    const std::shared_ptr<const tls::Context>& server_leg() const { return server_leg_; }
    // Null without an account.
    const std::shared_ptr<const nla::AcceptorCredential>& acceptor() const { return acceptor_; }
    // For the TLS server that the client of a server with this certificate meets. Throws std::runtime_error when none
    // can be minted. Minting takes as long as making a key, once for each certificate.
    std::shared_ptr<const tls::Context> client_leg(const X509& server_certificate);

  private:
    std::shared_ptr<const tls::Context> make_client_leg(std::shared_ptr<const tls::Credential> credential) const;

    InterceptSettings settings_;
    std::shared_ptr<const tls::Context> server_leg_;
    std::shared_ptr<const tls::Context> given_;  // with the credential that was given
    std::shared_ptr<const nla::AcceptorCredential> acceptor_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<const tls::Context>> contexts_;  // by SHA-256 of the server's certificate
};

}  // namespace rdpfault::proxy
