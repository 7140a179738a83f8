// The page on the scenario language: its examples are scenarios, and it leaves no word of the language out.
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/vocabulary.hpp"
#include "loading.hpp"

namespace rdpfault::harness {
namespace {

std::string read_file(const std::string& path) {
    std::ifstream file(RDPFAULT_SOURCE_DIR "/" + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(LanguagePage, ExamplesAreScenarios) {
    const auto page = read_file("docs/scenario-language.md");
    constexpr std::string_view fence = "```yaml\n";
    std::size_t count = 0;
    for (auto at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
        at += fence.size();
        const auto example = page.substr(at, page.find("```", at) - at);
        const auto result = load_text(example, "example.yaml");
        for (const auto& error : result.errors)
            ADD_FAILURE() << to_string(error) << "\nin\n" << example;
        ++count;
    }
    EXPECT_GE(count, 4U);
}

// Every key of the schema, wherever it stands.
void collect_keys(const nlohmann::json& schema, std::set<std::string>& keys) {
    if (schema.is_object() && schema.contains("properties") && schema["properties"].is_object())
        for (const auto& [key, value] : schema["properties"].items())
            keys.insert(key);
    if (schema.is_structured())
        for (const auto& part : schema)
            collect_keys(part, keys);
}

TEST(LanguagePage, NamesEveryKey) {
    const auto page = read_file("docs/scenario-language.md");
    std::set<std::string> keys;
    collect_keys(nlohmann::json::parse(read_file("scenarios/schema.json")), keys);
    for (const auto& row : mutation_listing().rows)
        keys.erase(row[0]);
    EXPECT_GT(keys.size(), 60U);
    for (const auto& key : keys)
        EXPECT_NE(page.find(key), std::string::npos) << key;
}

}  // namespace
}  // namespace rdpfault::harness
