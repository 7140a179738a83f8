// A scenario: one experiment as a value. Conditions, faults, what is expected, and what an admin would change.
// Filled by the loader (loader.hpp); nothing here knows YAML. The language: docs/scenario-language.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/probe_config.hpp"
#include "harness/proxy_spec.hpp"
#include "harness/rate.hpp"
#include "protocol/ending.hpp"
#include "protocol/prediction.hpp"
#include "protocol/stage.hpp"
#include "proxy/event.hpp"
#include "proxy/faults/fault.hpp"
#include "proxy/link/network_spec.hpp"
#include "server/config.hpp"
#include "server/dns_config.hpp"

namespace rdpfault::harness {

enum class ClientKind : std::uint8_t { probe, xfreerdp, command };
std::string_view to_string(ClientKind kind);
std::optional<ClientKind> client_kind_from_string(std::string_view name);

struct ClientSpec {
    ClientKind kind = ClientKind::probe;  // the command line may name another
    client::ProbeConfig probe;
    bool verify = false;  // the server's certificate, against an authority that has signed the proxy's
};

// What a scenario needs of the run; unmet means `skipped`, with the reason.
enum class Requirement : std::uint8_t { embedded_server, real_server, probe, real_client, packet_link };
std::string_view to_string(Requirement requirement);
std::optional<Requirement> requirement_from_string(std::string_view name);

// How the last connection of the attempt ended; unset parts are not judged.
struct EndExpectation {
    std::optional<Stage> ends_at;                  // the furthest stage
    std::optional<EndKind> ended_by;               // as the client meets it
    std::optional<std::uint32_t> code;             // of ended_by: the alert, the failure code, ...
    std::optional<proxy::ConnectionLog::Who> who;  // who ended it first, as the proxy saw
    std::optional<bool> session_up;
    std::optional<MstscPair> mstsc;            // what is predicted for mstsc
    std::optional<std::uint32_t> connections;  // of the whole attempt
};

struct Expectation {
    bool connected = false;              // the session came up; with the probe: and was left in order
    std::vector<EndExpectation> any_of;  // else one of these; never empty when `connected` is false
};

// What an admin would change, as the changed scenario.
struct Fix {
    std::string id;
    std::string action;                // what the admin does, for people
    std::vector<std::string> changes;  // the parts it changes: "faults", "proxy", "network", "dns", "server", "client"
    std::vector<proxy::Fault> faults;  // the parts as they are with the fix made
    ProxySpec proxy;
    std::optional<link::NetworkSpec> network;
    std::optional<server::DnsConfig> dns;
    server::Config server;
    ClientSpec client;
    std::vector<std::string> server_keys;  // keys of `server:` that are in force, base's and fix's
    std::vector<std::string> client_keys;
    Expectation expect;
    std::optional<RateExpectation> rate;  // unset: every run must give `expect`
};

struct Scenario {
    std::string name;  // the stem of its file
    std::string summary;
    std::string description;
    std::string cause;   // an id of the cause catalogue
    std::string path;    // as given to the loader
    std::string family;  // the folder it lies in: "tcp"
    ProxySpec proxy;
    std::optional<link::NetworkSpec> network;  // the emulated link; nullopt: the host's own network
    std::optional<server::DnsConfig> dns;      // the client dials a name that is answered so; nullopt: an address
    std::vector<proxy::Fault> faults;
    server::Config server;
    ClientSpec client;
    std::vector<std::string> server_keys;  // the keys of `server:` that the file names
    std::vector<std::string> client_keys;
    Expectation expect;
    std::optional<RateExpectation> rate;  // unset: every run must give `expect`
    std::vector<Fix> fixes;
    std::string variant;             // of which one this is, where it is one of `variants`
    std::vector<Scenario> variants;  // the scenario with the changes of each made, without fixes and variants
    std::uint32_t repeat = 1;
    std::uint64_t seed = 1;
    std::chrono::milliseconds timeout{20'000};  // wall clock of one run of an arm
    std::vector<Requirement> requirements;      // `requires:`
};

}  // namespace rdpfault::harness
