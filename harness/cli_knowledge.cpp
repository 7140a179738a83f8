// explain, causes and scenarios: what is known, without running anything.
#include <CLI/App.hpp>
#include <filesystem>
#include <iostream>

#include "harness/causes_document.hpp"
#include "harness/cli_commands.hpp"
#include "harness/explain.hpp"
#include "harness/explain_page.hpp"
#include "harness/loader.hpp"
#include "harness/scenario_facts.hpp"
#include "harness/scenarios_document.hpp"
#include "harness/vocabulary.hpp"

namespace rdpfault::harness {

namespace {

struct ExplainOptions {
    std::vector<std::string> words;
    std::vector<std::string> scenarios;
    std::string format = "text";
};

KnownScenario known(const Scenario& scenario) {
    const auto facts = facts_of(scenario);
    KnownScenario known{scenario.name, scenario.path,    scenario.cause,     scenario.summary,
                        facts.pairs,   facts.confidence, facts.needs.size(), {}};
    for (const auto& fix : scenario.fixes)
        known.fixes.push_back({"fix:" + fix.id, fix.action});
    return known;
}

// Scenarios are only named here; files with errors are `check`'s business.
int explain_command(const ExplainOptions& options) {
    auto paths = options.scenarios;
    if (paths.empty() && std::filesystem::is_directory("scenarios")) paths.emplace_back("scenarios");
    std::vector<KnownScenario> scenarios;
    for (const auto& scenario : load_paths(paths).scenarios)
        scenarios.push_back(known(scenario));
    auto format = ExplainFormat::text;
    if (options.format == "json") format = ExplainFormat::json;
    if (options.format == "markdown") format = ExplainFormat::markdown;
    const auto answer = explain(options.words, scenarios, format);
    (answer.found ? std::cout : std::cerr) << answer.text;
    return answer.found ? 0 : 2;
}

void add_explain(CLI::App& app, Call& call) {
    auto& sub = *app.add_subcommand(
        "explain", "what a code, an event, a cause, a stage or an advice means, and what reproduces it");
    const auto options = command(sub, call, explain_command);
    sub.footer(
        "Examples: explain 0x904 0x7; explain alert 40; explain event 36870; explain certificate-key-unusable; explain "
        "advice");
    sub.add_option("words", options->words, "a code, a pair of codes, an event, a cause, a stage, an advice")
        ->required()
        ->type_name("WORD");
    sub.add_option("--scenarios", options->scenarios, "where to look for scenarios (default: ./scenarios)")
        ->type_name("PATH")
        ->expected(1)
        ->take_all();
    sub.add_option("--format", options->format, "text, json or markdown; text leaves out what a page cannot hold")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "json", "markdown"}))
        ->type_name("FORMAT");
}

struct CausesOptions {
    std::string format;
};

int causes_command(const CausesOptions& options) {
    if (options.format == "markdown")
        std::cout << causes_markdown();
    else if (options.format == "json")
        std::cout << causes_json();
    else {
        const auto chosen = options.format.empty()      ? chosen_format({})
                            : options.format == "plain" ? Format::plain
                                                        : Format::table;
        std::cout << formatted(cause_listing(), chosen);
    }
    return 0;
}

void add_causes(CLI::App& app, Call& call) {
    auto& sub =
        *app.add_subcommand("causes", "the causes that scenarios reproduce, and how good the evidence for each is");
    const auto options = command(sub, call, causes_command);
    sub.add_option("--format", options->format,
                   "table (default on a terminal), plain, json (all of the catalogue) or markdown (docs/causes.md)")
        ->check(CLI::IsMember({"table", "plain", "json", "markdown"}))
        ->type_name("FORMAT");
}

void add_scenarios(CLI::App& app, Call& call) {
    auto& sub = *app.add_subcommand("scenarios", "list scenarios: what each breaks, expects and needs");
    const auto options = command(sub, call, scenarios_command);
    sub.add_option("paths", options->paths, "scenario files, or folders of them (default: ./scenarios)")
        ->type_name("PATH");
    sub.add_option("--cause", options->cause, "those of one cause")->type_name("ID");
    sub.add_option("--mstsc", options->mstsc, "those that are expected to show this pair")->type_name("0x904/0x7");
    sub.add_option("--format", options->format, "table, plain, json or markdown (scenarios/README.md)")
        ->capture_default_str()
        ->check(CLI::IsMember({"table", "plain", "json", "markdown"}))
        ->type_name("FORMAT");
}

}  // namespace

void add_knowledge(CLI::App& app, Call& call) {
    add_explain(app, call);
    add_causes(app, call);
    add_scenarios(app, call);
}

}  // namespace rdpfault::harness
