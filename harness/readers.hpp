// The parts of a scenario file, each read from its value. Errors go to the diagnostics; what is returned is only used
// when there were none.
#pragma once

#include "harness/map_reader.hpp"
#include "harness/scenario.hpp"

namespace rdpfault::harness {

// What the proxy of the scenario sees: the wire alone, or the inside of TLS too (`proxy: { mode: intercept }`).
enum class Sight : std::uint8_t { wire, inside_tls };

// The trigger's keys of a fault: at, after, from, nth, byte, record, passed_on, stream_byte, idle, elapsed, connection,
// probability.
proxy::Trigger read_trigger(MapReader& fault, Sight sight);

// The map under `do:`, with its one key.
std::optional<proxy::Action> read_action(const Value& value, Diagnostics& diagnostics);
std::optional<proxy::Action> read_inject(const Value& value, Diagnostics& diagnostics);

std::vector<proxy::Fault> read_faults(const Value& value, Sight sight, Diagnostics& diagnostics);

// Over what `config` holds already: keys given replace, the others stay. `keys` gains those given.
void read_server(const Value& value, server::Config& config, std::vector<std::string>& keys, Diagnostics& diagnostics);
void read_client(const Value& value, ClientSpec& client, std::vector<std::string>& keys, Diagnostics& diagnostics);

void read_proxy(const Value& value, ProxySpec& spec, Diagnostics& diagnostics);
// `min:` and `max:`.
void read_tls_versions(MapReader& map, tls::Version& min, tls::Version& max);
// Text, as it is; `form` says what kind.
void read_text_into(std::string& field, const Value* value, std::string_view form, Diagnostics& diagnostics);
// An NTSTATUS: its number, or its name in the catalogue.
void read_status(std::uint32_t& field, const Value& value, Diagnostics& diagnostics);

// Over what is there already; `none` takes it away. `folder`: where the scenario lies, for the names of files.
void read_network(const Value& value, const std::string& folder, std::optional<link::NetworkSpec>& network,
                  Diagnostics& diagnostics);

// Over what is there already; `none` takes it away.
void read_dns(const Value& value, std::optional<server::DnsConfig>& dns, Diagnostics& diagnostics);

Expectation read_expectation(const Value& value, Diagnostics& diagnostics);
// `rate:`, beside an expectation.
RateExpectation read_rate_expectation(const Value& value, Diagnostics& diagnostics);

// `variants:` of a document that `scenario` was read from without an error.
void read_variants(const Value& value, const Value& document, Scenario& scenario, Diagnostics& diagnostics);

// The whole document.
Scenario read_scenario(const Value& document, const std::string& path, Diagnostics& diagnostics);

// Shared by several parts.
inline constexpr std::array sides_words{Word<proxy::Sides>{"client", proxy::Sides::client},
                                        Word<proxy::Sides>{"server", proxy::Sides::server},
                                        Word<proxy::Sides>{"both", proxy::Sides::both}};
inline constexpr std::array side_words{Word<Side>{"client", Side::client}, Word<Side>{"server", Side::server}};
inline constexpr std::array close_or_reset{Word<bool>{"close", false}, Word<bool>{"reset", true}};
inline constexpr std::array then_words{Word<proxy::action::Then>{"close", proxy::action::Then::close},
                                       Word<proxy::action::Then>{"reset", proxy::action::Then::reset},
                                       Word<proxy::action::Then>{"stall", proxy::action::Then::stall}};

}  // namespace rdpfault::harness
