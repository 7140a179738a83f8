// The X.224 negotiation as an intercepting proxy passes it on: the request may be rewritten on its way to the server;
// the confirm is held back, for TLS with the server comes first, and may be rewritten for the client (MS-RDPBCGR
// 2.2.1.1, 2.2.1.2). Bytes in, bytes out; nothing in it waits.
#pragma once

#include <optional>
#include <utility>

#include "protocol/bytes.hpp"
#include "proxy/tls/settings.hpp"

namespace rdpfault::proxy {

class Negotiation {
  public:
    // `ends_nla`: the proxy logs on for itself, and takes the offer of HYBRID_EX away.
    explicit Negotiation(const Rewriting& rewrite, bool ends_nla = false) : rewrite_(rewrite), ends_nla_(ends_nla) {}

    enum class Outcome : std::uint8_t {
        open,         // not decided yet
        secured,      // the server selected TLS, with or without CredSSP: confirm() is held
        transparent,  // no TLS will come, or this is no X.224: pass everything on as it is
    };
    Outcome outcome() const { return outcome_; }

    // What is to be passed on to the other side now.
    Bytes from_client(ByteView bytes);
    Bytes from_server(ByteView bytes);

    // The Connection Confirm as the client is to get it, and what came behind it from the server; once.
    Bytes take_confirm() { return std::exchange(confirm_, {}); }
    Bytes take_server_rest() { return std::exchange(server_held_, {}); }

    // requestedProtocols of the client and what the server was told; selectedProtocol of the server and what the client
    // was told. Zero where there was none.
    struct Protocols {
        std::uint32_t requested = 0, requested_told = 0, selected = 0, selected_told = 0;
    };
    const Protocols& protocols() const { return protocols_; }

  private:
    bool request_passed_ = false;
    Rewriting rewrite_;
    bool ends_nla_ = false;
    Outcome outcome_ = Outcome::open;
    Protocols protocols_;
    Bytes client_held_, server_held_, confirm_;
};

}  // namespace rdpfault::proxy
