// NLA that ends at the proxy: towards the client it is the server of CredSSP, towards the server its client, each bound
// to its own leg's key (MS-CSSP 3.1.5). When both are through, plaintext passes. Bytes in, bytes out; it never waits.
#pragma once

#include <optional>

#include "protocol/nla/client.hpp"
#include "protocol/nla/server.hpp"

namespace rdpfault::proxy {

struct NlaMiddleConfig {
    nla::Account account;
    std::shared_ptr<const nla::AcceptorCredential> acceptor;
    Bytes client_leg_key;  // SubjectPublicKey of the certificate shown to the client
    Bytes server_leg_key;  // of the server's certificate
    std::string host;      // the server's name
};

class NlaMiddle {
  public:
    explicit NlaMiddle(const NlaMiddleConfig& config);

    struct Output {
        Bytes to_client;
        Bytes to_server;
    };
    Output start();
    Output received(Side from, ByteView plaintext);

    bool done() const { return server_.progress() == nla::Progress::done && client_.progress() == nla::Progress::done; }
    // The side whose log-on failed: the client's with the proxy, or the proxy's with the server.
    std::optional<Side> failed() const { return failed_; }
    const nla::Failure& failure() const;

  private:
    void take(Side from, Output& out);
    void fail(Side side, Output& out);

    nla::CredSspServer server_;  // towards the client
    nla::CredSspClient client_;  // towards the server
    std::optional<Side> failed_;
    Bytes from_client_, from_server_;  // what is not a whole message yet, or comes before the other side is through
};

}  // namespace rdpfault::proxy
