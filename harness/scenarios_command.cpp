// `rdpfault scenarios`: lists a library; nothing is run.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "harness/causes.hpp"
#include "harness/diagnostics.hpp"
#include "harness/loader.hpp"
#include "harness/scenario_facts.hpp"
#include "harness/scenarios_document.hpp"

namespace rdpfault::harness {

namespace {

int refuse(const std::string& why) {
    std::cerr << "rdpfault scenarios: " << why << '\n';
    return 2;
}

Format format_of(const std::string& word) {
    if (word == "json") return Format::json;
    return word == "plain" ? Format::plain : Format::table;
}

// A line of a terminal holds no more than this.
Listing narrow(const Listing& listing) {
    constexpr std::size_t columns = 5;
    Listing out{{listing.heading.begin(), listing.heading.begin() + columns}, {}};
    for (const auto& row : listing.rows)
        out.rows.emplace_back(row.begin(), row.begin() + columns);
    return out;
}

}  // namespace

int scenarios_command(const ScenariosOptions& options) {
    auto paths = options.paths;
    if (paths.empty()) paths.emplace_back("scenarios");
    std::vector<std::string_view> ids;
    for (const auto& cause : causes())
        ids.push_back(cause.id);
    if (!options.cause.empty() && find_cause(options.cause) == nullptr)
        return refuse(unknown_word("cause", options.cause, ids));
    const auto pair = mstsc_pair_from_string(options.mstsc);
    if (!options.mstsc.empty() && !pair)
        return refuse("--mstsc: expected a pair such as 0x904/0x7, found '" + options.mstsc + "'");
    auto loaded = load_paths(paths);
    for (const auto& error : loaded.errors)
        std::cerr << to_string(error) << '\n';
    std::erase_if(loaded.scenarios, [&](const Scenario& scenario) {
        if (!options.cause.empty() && scenario.cause != options.cause) return true;
        const auto pairs = facts_of(scenario).pairs;
        return pair && std::ranges::find(pairs, *pair) == pairs.end();
    });
    if (options.format == "markdown")
        std::cout << scenarios_markdown(loaded.scenarios);
    else if (const auto listing = scenario_listing(loaded.scenarios); options.format == "table")
        std::cout << formatted(narrow(listing), Format::table);
    else
        std::cout << formatted(listing, format_of(options.format));
    return loaded.errors.empty() ? 0 : 2;
}

}  // namespace rdpfault::harness
