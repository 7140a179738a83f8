// The keys of a scenario that say how client and server authenticate.
#pragma once

#include "harness/readers.hpp"

namespace rdpfault::harness {

// What the probe asks the server for.
enum class ClientSecurity : std::uint8_t { tls, nla /* or nothing */, negotiate /* NLA, else TLS */ };
inline constexpr std::array client_security_words{Word<ClientSecurity>{"tls", ClientSecurity::tls},
                                                  Word<ClientSecurity>{"nla", ClientSecurity::nla},
                                                  Word<ClientSecurity>{"negotiate", ClientSecurity::negotiate}};
inline constexpr std::array server_security_words{Word<server::Security>{"tls", server::Security::tls},
                                                  Word<server::Security>{"nla", server::Security::nla},
                                                  Word<server::Security>{"nla-ex", server::Security::nla_ex},
                                                  Word<server::Security>{"negotiate", server::Security::negotiate}};
void ask_for(ClientSecurity wanted, client::ProbeConfig& probe);

// `security:`, `users:`, `nla:` of `server:`.
void read_server_security(MapReader& server, server::Config& config);
void read_nla_fault(const Value& value, server::NlaFault& fault, Diagnostics& diagnostics);
// `security:`, `domain:`, `password:`, `nla:` of `client:`.
void read_client_security(MapReader& client, client::ProbeConfig& probe);

}  // namespace rdpfault::harness
