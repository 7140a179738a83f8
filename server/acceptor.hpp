// One connection to the embedded RDP server as a state machine: wire bytes in, wire bytes and wishes out (MS-RDPBCGR
// 1.3.1.1, server side). No socket and no clock: who drives it says what time it is, and sees to the wishes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/bytes.hpp"
#include "protocol/nla/security_context.hpp"
#include "protocol/tls/engine.hpp"
#include "server/config.hpp"
#include "server/report.hpp"

namespace rdpfault::server {

// The TLS engine that a configuration asks for.
tls::EngineConfig engine_config(const Config& config, std::shared_ptr<const tls::Credential> credential);

// What its users are recognised by; null where it asks for no NLA. Throws as nla::AcceptorCredential does.
std::shared_ptr<const nla::AcceptorCredential> nla_credential(const Config& config);

class Acceptor {
  public:
    // `tls` must be one that an Engine can be made of; `users` must be there where the config asks for NLA. The config
    // must outlive the acceptor.
    Acceptor(const Config& config, tls::EngineConfig tls,
             std::shared_ptr<const nla::AcceptorCredential> users = nullptr);
    ~Acceptor();
    Acceptor(Acceptor&&) noexcept;

    // What happens to the connection. Nothing has an effect once wish() is not `open`.
    void receive(Time now, ByteView wire);
    void peer_closed(Time now);                   // FIN from the client
    void peer_lost(Time now, const Ending& why);  // it is gone: reset, or another error of the socket
    void wake(Time now);                          // wake_at() is reached
    void refuse(Time now, std::string why);       // FIN without a word
    void stop(Time now);                          // end in order: Deactivate All, Disconnect Provider Ultimatum, FIN

    // To be looked at after each of the calls above, in this order.
    std::vector<Event> take_events();
    // What is to be sent next; empty when there is nothing. The picture comes in portions: ask again once the last
    // portion was written, and no sooner, so that a slow client does not make bytes pile up.
    Bytes take_output();
    // Bytes that wait for take_output(). Read no more from a client that lets too many of them wait.
    std::size_t unsent() const;
    // What is to become of the connection once take_output() is empty and all of it is written.
    enum class Wish : std::uint8_t { open, close /* FIN */, reset /* RST */ };
    Wish wish() const;
    // When wake() is to be called; nullopt: never.
    std::optional<Time> wake_at() const;

    const SessionReport& report() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace rdpfault::server
