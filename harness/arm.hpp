// The arms of a scenario: the same experiment without the fault, with it, and with each fix.
#pragma once

#include "harness/scenario.hpp"

namespace rdpfault::harness {

enum class ArmKind : std::uint8_t { control, fault, fix };
std::string_view to_string(ArmKind kind);

struct Arm {
    ArmKind kind = ArmKind::control;
    std::string scenario;  // its name
    std::string name;      // "control", "fault", "fault:20-percent", "fix:key-readable"
    std::string action;    // of a fix, for people
    std::vector<proxy::Fault> faults;
    ProxySpec proxy;
    std::string folder;  // of the scenario's file, for the files it names
    std::optional<link::NetworkSpec> network;
    std::optional<server::DnsConfig> dns;
    server::Config server;
    ClientSpec client;
    std::vector<std::string> server_keys;  // what is configured; a server that is not ours cannot follow them
    std::vector<std::string> client_keys;
    Expectation expect;
    std::optional<RateExpectation> rate;  // unset: every run must give `expect`
};

// Control first: no fault, no emulated link, the server at its defaults but for its size, its security and its users,
// the client without `tls:`, `security:`, `nla:` and `requested_protocols:`; it must connect. Where the server asks for
// NLA the client logs on as the first of its users. Then the fault arm, unless nothing sets it apart from the control,
// or one for each variant. Then the fixes.
std::vector<Arm> arms_of(const Scenario& scenario);
// The fault arm of a scenario or of a variant, also where nothing sets it apart.
Arm fault_arm(const Scenario& scenario);

// The server of this arm is set up to fail by itself.
bool misbehaves(const server::Config& config);
// Misbehaves, or is set up in another way that a server of somebody else's cannot be told.
bool needs_embedded(const server::Config& config);

}  // namespace rdpfault::harness
