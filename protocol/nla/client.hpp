// The client's end of CredSSP as a state machine (MS-CSSP 3.1.5): whole TSRequests in, whole TSRequests out. No socket;
// framing.hpp cuts the decrypted stream into messages.
//
//     CredSspClient client(config);
//     send(client.start());
//     while (client.progress() == Progress::running) send(client.receive(next_message()));
#pragma once

#include "protocol/credssp.hpp"
#include "protocol/nla/outcome.hpp"
#include "protocol/nla/security_context.hpp"
#include "protocol/stage.hpp"

namespace rdpfault::nla {

struct ClientConfig {
    Package package = Package::ntlm;
    protocol::TsPasswordCredentials credentials;                // to log on with, and given to the server in the end
    Bytes public_key;                                           // SubjectPublicKey of the server's TLS certificate
    std::string host;                                           // the server's name
    std::uint32_t version = protocol::credssp::newest_version;  // claimed: 2 to 6
    std::uint32_t min_version = protocol::credssp::oldest_version;  // a server of an older one is refused
};

class CredSspClient {
  public:
    explicit CredSspClient(ClientConfig config);

    // The first message. Empty when there is no credential to begin with: then it has failed.
    Bytes start();
    // The server's next message; gives back the answer, empty when there is none.
    Bytes receive(ByteView message);

    Progress progress() const { return progress_; }
    const Failure& failure() const { return failure_; }  // when failed
    // The stage of the message that start() or receive() gave last.
    Stage sent() const { return sent_; }
    // The stage that the server's last message was; nullopt: it told an error.
    std::optional<Stage> received() const { return received_; }
    std::uint32_t peer_version() const { return peer_version_; }  // 0 before the server's first message

  private:
    Bytes fail(std::uint32_t status, std::string reason);
    Bytes step(ByteView token);
    Bytes verify(const Bytes& sealed);
    Bytes give_credentials();
    Bytes message(protocol::TsRequest request, Stage stage);
    std::uint32_t agreed() const;

    ClientConfig config_;
    SecurityContext context_;
    Bytes nonce_;
    Progress progress_ = Progress::running;
    Failure failure_;
    Stage sent_ = Stage::nla_negotiate;
    std::optional<Stage> received_;
    std::uint32_t peer_version_ = 0;
};

}  // namespace rdpfault::nla
