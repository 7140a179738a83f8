#include "harness/arm.hpp"

#include <algorithm>
#include <filesystem>

namespace rdpfault::harness {

namespace {

// The parts of a client that may themselves be the experiment.
void make_ordinary(client::ProbeConfig& probe) {
    const client::ProbeConfig ordinary;
    probe.tls_min = ordinary.tls_min;
    probe.tls_max = ordinary.tls_max;
    probe.tls_ciphers = ordinary.tls_ciphers;
    probe.tls_ciphersuites = ordinary.tls_ciphersuites;
    probe.requested_protocols = ordinary.requested_protocols;
    probe.nla = ordinary.nla;
}

bool same(const client::NlaConfig& a, const client::NlaConfig& b) {
    return a.package == b.package && a.version == b.version && a.min_version == b.min_version &&
           a.required == b.required;
}

bool is_ordinary(const client::ProbeConfig& probe) {
    const client::ProbeConfig ordinary;
    return same(probe.nla, ordinary.nla) && probe.tls_min == ordinary.tls_min && probe.tls_max == ordinary.tls_max &&
           probe.tls_ciphers == ordinary.tls_ciphers && probe.tls_ciphersuites == ordinary.tls_ciphersuites &&
           probe.requested_protocols == ordinary.requested_protocols;
}

// Where the server asks for NLA, that is no fault: the control logs on too, as the first of its users.
void log_on(Arm& arm, const server::Config& server) {
    if (server.security == server::Security::tls) return;
    arm.server.security = server.security;
    arm.server.users = server.users;
    auto& probe = arm.client.probe;
    probe.requested_protocols = 3;
    if (server.users.empty()) return;
    probe.user = server.users.front().user;
    probe.domain = server.users.front().domain;
    probe.password = server.users.front().password;
}

Arm control(const Scenario& scenario) {
    Arm arm;
    arm.kind = ArmKind::control;
    arm.name = "control";
    arm.proxy = scenario.proxy.ordinary();
    arm.server.width = scenario.server.width;
    arm.server.height = scenario.server.height;
    arm.client = scenario.client;
    make_ordinary(arm.client.probe);
    log_on(arm, scenario.server);
    arm.expect.connected = true;
    return arm;
}

Arm fixed(const Fix& fix) {
    Arm arm;
    arm.kind = ArmKind::fix;
    arm.name = "fix:" + fix.id;
    arm.action = fix.action;
    arm.faults = fix.faults;
    arm.proxy = fix.proxy;
    arm.network = fix.network;
    arm.dns = fix.dns;
    arm.server = fix.server;
    arm.client = fix.client;
    arm.server_keys = fix.server_keys;
    arm.client_keys = fix.client_keys;
    arm.expect = fix.expect;
    arm.rate = fix.rate;
    return arm;
}

bool is_set_apart(const Scenario& scenario) {
    return !scenario.faults.empty() || !scenario.proxy.is_ordinary() || scenario.network || scenario.dns ||
           needs_embedded(scenario.server) || !is_ordinary(scenario.client.probe);
}

std::string folder_of(const Scenario& scenario) {
    return std::filesystem::path(scenario.path).parent_path().string();
}

}  // namespace

Arm fault_arm(const Scenario& scenario) {
    Arm arm;
    arm.kind = ArmKind::fault;
    arm.name = scenario.variant.empty() ? "fault" : "fault:" + scenario.variant;
    arm.folder = folder_of(scenario);
    arm.scenario = scenario.name;
    arm.faults = scenario.faults;
    arm.proxy = scenario.proxy;
    arm.network = scenario.network;
    arm.dns = scenario.dns;
    arm.server = scenario.server;
    arm.client = scenario.client;
    arm.server_keys = scenario.server_keys;
    arm.client_keys = scenario.client_keys;
    arm.expect = scenario.expect;
    arm.rate = scenario.rate;
    return arm;
}

std::string_view to_string(ArmKind kind) {
    switch (kind) {
        case ArmKind::control: return "control";
        case ArmKind::fault: return "fault";
        case ArmKind::fix: return "fix";
    }
    return "";
}

std::vector<Arm> arms_of(const Scenario& scenario) {
    std::vector<Arm> arms{control(scenario)};
    if (scenario.variants.empty() && is_set_apart(scenario)) arms.push_back(fault_arm(scenario));
    std::transform(scenario.variants.begin(), scenario.variants.end(), std::back_inserter(arms), fault_arm);
    std::transform(scenario.fixes.begin(), scenario.fixes.end(), std::back_inserter(arms), fixed);
    for (auto& arm : arms) {
        arm.folder = folder_of(scenario);
        arm.scenario = scenario.name;
    }
    return arms;
}

bool misbehaves(const server::Config& config) {
    const auto& nla = config.nla;
    return nla.error || nla.wrong_public_key || nla.close_after || nla.early_auth_denied ||
           config.negotiation_failure || config.certificate_key_unusable || config.after_tls || config.license_error ||
           config.silence_after_licensing || config.error_info || config.disconnect || config.max_connections;
}

bool needs_embedded(const server::Config& config) {
    const server::Config ordinary;
    return misbehaves(config) || config.tls_min != ordinary.tls_min || config.tls_max != ordinary.tls_max ||
           config.tls_ciphers != ordinary.tls_ciphers || config.tls_ciphersuites != ordinary.tls_ciphersuites ||
           config.stage_timeout != ordinary.stage_timeout || config.security != ordinary.security || config.nla.version;
}

}  // namespace rdpfault::harness
