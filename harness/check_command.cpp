// `rdpfault check`: reads scenarios and says what is wrong with them.
#include <iostream>
#include <nlohmann/json.hpp>

#include "harness/arm.hpp"
#include "harness/loader.hpp"
#include "harness/options.hpp"
#include "harness/vocabulary.hpp"

namespace rdpfault::harness {

namespace {

nlohmann::ordered_json to_json(const LoadResult& loaded) {
    using Json = nlohmann::ordered_json;
    Json json{{"scenarios", Json::array()}, {"errors", Json::array()}};
    for (const auto& scenario : loaded.scenarios) {
        Json arms = Json::array();
        for (const auto& arm : arms_of(scenario))
            arms.push_back(arm.name);
        json["scenarios"].push_back({{"name", scenario.name},
                                     {"path", scenario.path},
                                     {"family", scenario.family},
                                     {"cause", scenario.cause},
                                     {"summary", scenario.summary},
                                     {"arms", std::move(arms)}});
    }
    for (const auto& error : loaded.errors)
        json["errors"].push_back(
            {{"path", error.path}, {"line", error.line}, {"column", error.column}, {"message", error.message}});
    return json;
}

}  // namespace

int check_command(const CheckOptions& options) {
    const auto loaded = load_paths(options.paths);
    const bool good = loaded.errors.empty();
    if (options.output.format == Format::json) {
        std::cout << to_json(loaded).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
        return good ? 0 : 2;
    }
    for (const auto& error : loaded.errors)
        std::cerr << to_string(error) << '\n';
    std::size_t arms = 0;
    for (const auto& scenario : loaded.scenarios)
        arms += arms_of(scenario).size();
    if (good)
        std::cout << loaded.scenarios.size() << " scenarios, " << arms << " arms: all valid\n";
    else
        std::cerr << loaded.errors.size() << " errors\n";
    return good ? 0 : 2;
}

}  // namespace rdpfault::harness
