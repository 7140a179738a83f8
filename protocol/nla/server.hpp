// The server's end of CredSSP as a state machine (MS-CSSP 3.1.5): whole TSRequests in, whole TSRequests out. No socket;
// framing.hpp cuts the decrypted stream into messages.
#pragma once

#include <memory>

#include "protocol/credssp.hpp"
#include "protocol/nla/outcome.hpp"
#include "protocol/nla/security_context.hpp"
#include "protocol/stage.hpp"

namespace rdpfault::nla {

struct ServerConfig {
    std::shared_ptr<const AcceptorCredential> credential;           // who may log on
    Bytes public_key;                                               // SubjectPublicKey of our TLS certificate
    std::uint32_t version = protocol::credssp::newest_version;      // claimed: 2 to 6
    std::uint32_t min_version = protocol::credssp::oldest_version;  // a client of an older one is refused
    // Misbehaviour: once the client is known, and has shown that it holds the same key, or failed to.
    std::optional<std::uint32_t> error;  // say this errorCode, whoever it is
    bool wrong_public_key = false;       // echo another key
};

class CredSspServer {
  public:
    explicit CredSspServer(ServerConfig config);

    // The client's next message; gives back the answer, empty when there is none. A client that fails is told so, where
    // its version understands it.
    Bytes receive(ByteView message);
    // Refuses the client here and now, as if it had failed: for who decides by more than passwords. Also when done.
    Bytes reject(std::uint32_t status, std::string reason);

    Progress progress() const { return progress_; }
    const Failure& failure() const { return failure_; }  // when failed
    // The stage of the client's last message; nullopt: it was none of them.
    std::optional<Stage> received() const { return received_; }
    // The stage of the answer to it; nullopt: it tells an error, or there is none.
    std::optional<Stage> sent() const { return sent_; }
    std::uint32_t peer_version() const { return peer_version_; }  // 0 before the client's first message
    std::string user() const { return context_.peer(); }          // once known, as the library writes it
    // When done: what the client delegated. Empty strings when it delegated something else than a password.
    const protocol::TsPasswordCredentials& credentials() const { return credentials_; }

  private:
    Bytes handle(const protocol::TsRequest& request);
    Bytes step(const protocol::TsRequest& request);
    Bytes check_key(const protocol::TsRequest& request, Bytes token);
    Bytes take_credentials(const protocol::TsRequest& request);
    Bytes fail(std::uint32_t status, std::string reason);
    Bytes message(protocol::TsRequest request);
    std::uint32_t agreed() const;

    ServerConfig config_;
    SecurityContext context_;
    bool key_checked_ = false;
    Progress progress_ = Progress::running;
    Failure failure_;
    std::optional<Stage> received_;
    std::optional<Stage> sent_;
    std::uint32_t peer_version_ = 0;
    protocol::TsPasswordCredentials credentials_;
};

}  // namespace rdpfault::nla
