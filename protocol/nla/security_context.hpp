// One end of a GSS-API security context: tokens in and out until it is established, then messages sealed and opened as
// CredSSP wants them (NTLM: a signature of 16 bytes, then the data; MS-NLMP 3.4.6.1).
//
// Kerberos asks its KDC over the network while a step runs, and blocks for it; NTLM does not. NTLM needs the plug-in
// gss-ntlmssp: without it a context fails with the library's words.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "protocol/bytes.hpp"
#include "protocol/nla/accounts.hpp"

namespace rdpfault::nla {

enum class Package : std::uint8_t {
    ntlm,       // raw NTLMSSP tokens
    negotiate,  // SPNEGO, offering NTLM
    kerberos,   // SPNEGO, offering Kerberos
};
std::string_view to_string(Package package);
std::optional<Package> package_from_string(std::string_view name);

struct InitiatorConfig {
    Package package = Package::ntlm;
    std::string user;
    std::string domain;    // kerberos: the realm; empty: the default one
    std::string password;  // kerberos: empty: the tickets of the default cache are used
    std::string host;      // the server's name, of TERMSRV/host
};

// What a server recognises its users by. May be shared by any number of contexts, in any threads.
class AcceptorCredential {
  public:
    // `keytab`: file with the key of TERMSRV/host, for Kerberos; empty: NTLM only, raw or in SPNEGO. Throws
    // std::runtime_error with the library's words.
    explicit AcceptorCredential(std::span<const Account> accounts, const std::string& keytab = {});
    ~AcceptorCredential();
    AcceptorCredential(const AcceptorCredential&) = delete;
    AcceptorCredential& operator=(const AcceptorCredential&) = delete;

  private:
    friend class SecurityContext;
    struct State;
    std::unique_ptr<State> state_;
};

class SecurityContext {
  public:
    explicit SecurityContext(const InitiatorConfig& config);
    explicit SecurityContext(std::shared_ptr<const AcceptorCredential> credential);
    ~SecurityContext();
    SecurityContext(SecurityContext&&) noexcept;
    SecurityContext& operator=(SecurityContext&&) noexcept;

    enum class State : std::uint8_t { open, established, failed };
    State state() const;
    // When failed: no credential could be had (as opposed to: the peer's token, or its user, is not accepted).
    bool without_credential() const;
    // When failed: the peer's token cannot be read, as opposed to refused.
    bool token_unreadable() const;
    const std::string& error() const;  // the library's words when failed, or when the last open() did

    // The peer's token, empty for an initiator's first step; gives back what the peer is to get, which may be nothing.
    Bytes step(ByteView token);

    // When established. nullopt: the bytes are not what the peer sealed, or not in their turn.
    std::optional<Bytes> seal(ByteView message);
    std::optional<Bytes> open(ByteView sealed);

    // Acceptor, when established: who it is, as the library writes it ("LAB\\user", "user@REALM").
    std::string peer() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace rdpfault::nla
