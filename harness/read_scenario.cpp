#include <cmath>
#include <filesystem>

#include "harness/causes.hpp"
#include "harness/chance.hpp"
#include "harness/readers.hpp"

namespace rdpfault::harness {

namespace {

constexpr std::string_view name_letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::array requirement_words{Word<Requirement>{"embedded-server", Requirement::embedded_server},
                                       Word<Requirement>{"real-server", Requirement::real_server},
                                       Word<Requirement>{"probe", Requirement::probe},
                                       Word<Requirement>{"real-client", Requirement::real_client},
                                       Word<Requirement>{"packet-link", Requirement::packet_link}};

void read_name(MapReader& map, Scenario& scenario) {
    const auto* value = map.require("name");
    if (!value) return;
    scenario.name = read_text(*value, "a name", map.diagnostics()).value_or("");
    const auto stem = std::filesystem::path(scenario.path).stem().string();
    if (scenario.name.find_first_not_of(name_letters) != std::string::npos)
        map.diagnostics().error(value->place, "a name is made of lower-case letters, digits and '-'");
    else if (!scenario.name.empty() && scenario.name != stem)
        map.diagnostics().error(value->place,
                                "the name '" + scenario.name + "' must be the name of its file, '" + stem + "'");
}

void read_cause(MapReader& map, Scenario& scenario) {
    const auto* value = map.require("cause");
    if (!value) return;
    const auto cause = read_text(*value, "a cause", map.diagnostics());
    if (!cause) return;
    scenario.cause = *cause;
    if (find_cause(*cause)) return;
    std::vector<std::string_view> ids;
    for (const auto& row : causes())
        ids.push_back(row.id);
    map.diagnostics().error(value->place, unknown_word("cause", *cause, ids));
}

Sight sight_of(const ProxySpec& proxy) {
    return proxy.intercept ? Sight::inside_tls : Sight::wire;
}

std::string folder_of(const Scenario& scenario) {
    return std::filesystem::path(scenario.path).parent_path().string();
}

void read_requirements(const Value& value, Scenario& scenario, Diagnostics& diagnostics) {
    if (!value.is_list()) expected(value, "a list of requirements", diagnostics);
    for (const auto& item : value.items)
        if (const auto word = read_word(item, "requirement", requirement_words, diagnostics))
            scenario.requirements.push_back(*word);
}

// A rate that no number of hits could prove with the runs there are is a slip, and so is one where nothing is drawn.
void check_rate(const Value& value, const RateExpectation& rate, std::uint32_t repeat, bool chance,
                Diagnostics& diagnostics) {
    if (!chance)
        diagnostics.error(value.place, "nothing here is left to chance, so every run must give what is expected");
    const bool at_least = rate.side == RateExpectation::Side::at_least;
    const auto best = judge_rate(rate, at_least ? repeat : 0, 0, repeat, 1);
    if (!chance || best.answer == RateAnswer::holds) return;
    const double z = normal_quantile((1 - rate.confidence) / 2);
    const double easy = at_least ? rate.threshold / (1 - rate.threshold) : (1 - rate.threshold) / rate.threshold;
    diagnostics.error(value.place, "no " + std::to_string(repeat) + " runs can prove " + to_string(rate) +
                                       "; give 'repeat: " +
                                       std::to_string(std::lround(std::ceil(z * z * easy + 0.01))) + "' or more");
}

// Starts as the scenario with its faults, and changes what the fix changes.
Fix read_fix(const Member& member, const Scenario& scenario, Diagnostics& diagnostics) {
    Fix fix{.id = member.key,
            .action = {},
            .changes = {},
            .faults = scenario.faults,
            .proxy = scenario.proxy,
            .network = scenario.network,
            .dns = scenario.dns,
            .server = scenario.server,
            .client = scenario.client,
            .server_keys = scenario.server_keys,
            .client_keys = scenario.client_keys,
            .expect = {.connected = true, .any_of = {}},
            .rate = {}};
    MapReader map(member.value, "a fix", diagnostics);
    if (member.key.empty() || member.key.find_first_not_of(name_letters) != std::string::npos)
        diagnostics.error(member.place, "the name of a fix is made of lower-case letters, digits and '-'");
    if (const auto* v = map.require("action"))
        fix.action = read_text(*v, "what an admin does", diagnostics).value_or("");
    if (const auto* v = map.find("proxy")) read_proxy(*v, fix.proxy, diagnostics);
    if (const auto* v = map.find("network")) read_network(*v, folder_of(scenario), fix.network, diagnostics);
    if (const auto* v = map.find("dns")) read_dns(*v, fix.dns, diagnostics);
    if (const auto* v = map.find("faults")) fix.faults = read_faults(*v, sight_of(fix.proxy), diagnostics);
    if (const auto* v = map.find("server")) read_server(*v, fix.server, fix.server_keys, diagnostics);
    if (const auto* v = map.find("client")) read_client(*v, fix.client, fix.client_keys, diagnostics);
    for (const auto* part : {"faults", "proxy", "network", "dns", "server", "client"})
        if (map.has(part)) fix.changes.push_back(part);
    if (member.value.is_map() && fix.changes.empty())
        diagnostics.error(
            member.place,
            "a fix that changes nothing; give 'faults:', 'proxy:', 'network:', 'dns:', 'server:' or 'client:'");
    if (const auto* v = map.find("expect")) fix.expect = read_expectation(*v, diagnostics);
    if (const auto* v = map.find("rate")) {
        fix.rate = read_rate_expectation(*v, diagnostics);
        check_rate(*v, *fix.rate, scenario.repeat, left_to_chance(fix.faults, fix.network), diagnostics);
    }
    map.finish();
    return fix;
}

void read_fixes(const Value& value, Scenario& scenario, Diagnostics& diagnostics) {
    MapReader map(value, "a map of fixes", diagnostics, "fix");
    for (const auto& member : value.members)
        scenario.fixes.push_back(read_fix(member, scenario, diagnostics));
}

void read_run(MapReader& map, Scenario& scenario) {
    auto& diagnostics = map.diagnostics();
    read_into(scenario.repeat, map.find("repeat"), 1, 10'000, diagnostics);
    read_into(scenario.seed, map.find("seed"), 0, 0xffffffffffffffff, diagnostics);
    if (const auto* v = map.find("timeout")) {
        scenario.timeout = read_milliseconds(*v, diagnostics).value_or(scenario.timeout);
        if (scenario.timeout < std::chrono::seconds(1) || scenario.timeout > std::chrono::hours(1))
            diagnostics.error(v->place, "a time-out is from 1s to 1h");
    }
    for (const auto& fault : scenario.faults)
        if (fault.trigger.probability < 1 && scenario.repeat < 2)
            diagnostics.error(map.place_of("faults"), "fault '" + fault.id +
                                                          "' is left to chance; one run proves nothing, "
                                                          "so give 'repeat: 2' or more");
}

}  // namespace

Scenario read_scenario(const Value& document, const std::string& path, Diagnostics& diagnostics) {
    Scenario scenario;
    scenario.path = path;
    scenario.family = std::filesystem::path(path).parent_path().filename().string();
    MapReader map(document, "a scenario", diagnostics);
    read_name(map, scenario);
    if (const auto* v = map.require("summary"))
        scenario.summary = read_text(*v, "one line of text", diagnostics).value_or("");
    if (const auto* v = map.find("description")) scenario.description = read_text(*v, "text", diagnostics).value_or("");
    read_cause(map, scenario);
    if (const auto* v = map.find("requires")) read_requirements(*v, scenario, diagnostics);
    if (const auto* v = map.find("proxy")) read_proxy(*v, scenario.proxy, diagnostics);
    if (const auto* v = map.find("network")) read_network(*v, folder_of(scenario), scenario.network, diagnostics);
    if (const auto* v = map.find("dns")) read_dns(*v, scenario.dns, diagnostics);
    if (const auto* v = map.find("faults")) scenario.faults = read_faults(*v, sight_of(scenario.proxy), diagnostics);
    if (const auto* v = map.find("server")) read_server(*v, scenario.server, scenario.server_keys, diagnostics);
    if (const auto* v = map.find("client")) read_client(*v, scenario.client, scenario.client_keys, diagnostics);
    if (const auto* v = map.require("expect")) scenario.expect = read_expectation(*v, diagnostics);
    read_run(map, scenario);
    if (const auto* v = map.find("rate")) {
        scenario.rate = read_rate_expectation(*v, diagnostics);
        const bool chance = left_to_chance(scenario.faults, scenario.network);
        check_rate(*v, *scenario.rate, scenario.repeat, chance, diagnostics);
    }
    if (const auto* v = map.find("fixes")) read_fixes(*v, scenario, diagnostics);
    const auto* variants = map.find("variants");
    map.finish();
    // They are read as changed copies of all this, and would say each of its errors again.
    if (variants && diagnostics.ok()) read_variants(*variants, document, scenario, diagnostics);
    return scenario;
}

}  // namespace rdpfault::harness
