#include "harness/scenarios_document.hpp"

#include <algorithm>

#include "harness/explain_page.hpp"
#include "harness/scenario_facts.hpp"

namespace rdpfault::harness {

namespace {

constexpr LibraryFolder folders[] = {
    {"control", "nothing is wrong"},
    {"dns", "the name: not found, found late, found wrong"},
    {"tcp", "at accept and before the first byte; connections as such"},
    {"firewall", "what keeps a SYN away, or forgets a connection"},
    {"service", "the Remote Desktop service: down, hung, restarted"},
    {"network", "the line: loss, latency, rate, MTU, silence"},
    {"x224", "the negotiation of security"},
    {"gateway", "a gateway taken for the server, and tunnels that end"},
    {"tls", "the handshake and its records"},
    {"certificate", "the certificate that the client is shown"},
    {"nla", "CredSSP: log-on before the session"},
    {"mcs", "channels"},
    {"licensing", "between Client Info and Demand Active"},
    {"activation", "capabilities and finalization"},
    {"session", "the active session"},
    {"udp", "what a session over TCP alone can show of UDP"},
    {"combined", "two things at once, and which of them it was"},
};

constexpr std::string_view introduction = R"(# The scenario library

Written by rdpfault from the files themselves; do not edit. To renew it:

```
rdpfault scenarios scenarios --format markdown > scenarios/README.md
```

One file is one experiment ([the language](../docs/scenario-language.md)), and a folder holds those of one part of the
connection. *cause* is explained by `rdpfault explain CAUSE` and in [docs/causes.md](../docs/causes.md). *stage*: the
furthest that is expected, where the file says so. *mstsc*: the pair that is predicted for the end, and the weakest
confidence that may apply; `-` where nothing is known, or it must connect. *fidelity*: `wire`, ends and bytes as the kernel
and TLS make them; `packet`, real packets on an emulated link; `modelled`, computed on the stream. *needs*: without it the
scenario is skipped.
)";

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text.empty() ? "-" : text;
}

std::string mstsc_text(const ScenarioFacts& facts) {
    if (facts.pairs.empty()) return "-";
    std::string text;
    for (const auto& pair : facts.pairs)
        text += (text.empty() ? "" : " or ") + to_string(pair);
    return text + " (" + std::string(to_string(facts.confidence)) + ')';
}

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
}

std::string row_of(const Scenario& scenario) {
    const auto facts = facts_of(scenario);
    std::string row = "| [" + scenario.name + "](" + scenario.family + '/' + scenario.name + ".yaml) | " +
                      markdown_escaped(scenario.cause);
    for (const auto& cell : {or_dash(facts.stage), facts.ended_by, mstsc_text(facts), joined(facts.fidelity),
                             joined(facts.needs), joined(facts.arms)})
        row += " | " + markdown_escaped(cell);
    return row + " |\n";
}

// Folders that nobody has described come last.
std::vector<LibraryFolder> folders_with(const std::vector<Scenario>& scenarios) {
    std::vector<LibraryFolder> found;
    const auto lies_in = [&scenarios](std::string_view folder) {
        return std::ranges::any_of(scenarios, [&](const Scenario& scenario) { return scenario.family == folder; });
    };
    for (const auto& folder : folders)
        if (lies_in(folder.name)) found.push_back(folder);
    for (const auto& scenario : scenarios)
        if (std::ranges::find(found, scenario.family, &LibraryFolder::name) == found.end())
            found.push_back({scenario.family, "not described yet"});
    return found;
}

}  // namespace

std::span<const LibraryFolder> library_folders() {
    return folders;
}

const LibraryFolder* find_library_folder(std::string_view name) {
    const auto row = std::ranges::find(folders, name, &LibraryFolder::name);
    return row == std::end(folders) ? nullptr : row;
}

Listing scenario_listing(const std::vector<Scenario>& scenarios) {
    Listing listing{{"scenario", "cause", "stage", "ended_by", "mstsc", "fidelity", "needs", "arms", "path", "summary"},
                    {}};
    for (const auto& scenario : scenarios) {
        const auto facts = facts_of(scenario);
        listing.rows.push_back({scenario.family + '/' + scenario.name, scenario.cause, or_dash(facts.stage),
                                facts.ended_by, mstsc_text(facts), joined(facts.fidelity), joined(facts.needs),
                                joined(facts.arms), scenario.path, scenario.summary});
    }
    return listing;
}

std::string scenarios_markdown(const std::vector<Scenario>& scenarios) {
    std::string out(introduction);
    const auto parts = folders_with(scenarios);
    out += "\n| folder | what lies in it | scenarios |\n|---|---|---|\n";
    const auto count = [&scenarios](std::string_view folder) {
        return std::ranges::count(scenarios, folder, [](const Scenario& one) { return std::string_view(one.family); });
    };
    for (const auto& part : parts)
        out += "| [" + std::string(part.name) + "](#" + std::string(part.name) + ") | " + std::string(part.what) +
               " | " + std::to_string(count(part.name)) + " |\n";
    for (const auto& part : parts) {
        out += "\n## " + std::string(part.name) +
               "\n\n| scenario | cause | stage | ended by | mstsc | fidelity | needs | arms |\n"
               "|---|---|---|---|---|---|---|---|\n";
        for (const auto& scenario : scenarios)
            if (scenario.family == part.name) out += row_of(scenario);
    }
    return out;
}

}  // namespace rdpfault::harness
