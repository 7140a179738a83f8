#include "harness/loader.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "harness/diagnostics.hpp"
#include "harness/readers.hpp"

namespace rdpfault::harness {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t most_bytes = 1024 * 1024;
// A folder that holds more is not a scenario library but a mistyped path.
constexpr std::size_t most_files = 10'000;

bool is_scenario_file(const fs::directory_entry& entry) {
    std::error_code error;
    const auto extension = entry.path().extension();
    return (extension == ".yaml" || extension == ".yml") && entry.is_regular_file(error);
}

class Search {
  public:
    explicit Search(std::vector<LoadError>& errors) : errors_(errors) {}

    void add(const std::string& path) {
        std::error_code error;
        const auto status = fs::status(path, error);
        if (!fs::exists(status)) {
            errors_.push_back({path, 0, 0, "no such file or folder"});
        } else if (fs::is_directory(status)) {
            add_folder(path);
        } else if (fs::is_regular_file(status)) {
            add_file(path);
        } else {
            errors_.push_back({path, 0, 0, "neither a file nor a folder"});
        }
    }
    const std::vector<std::string>& files() const { return files_; }

  private:
    void add_folder(const std::string& path) {
        std::vector<std::string> found;
        std::error_code error;
        fs::recursive_directory_iterator it(path, error);
        for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
            if (is_scenario_file(*it)) found.push_back(it->path().string());
            if (found.size() > most_files) {
                errors_.push_back({path, 0, 0, "more than " + std::to_string(most_files) + " scenarios"});
                return;
            }
        }
        if (error) errors_.push_back({path, 0, 0, error.message()});
        if (!error && found.empty()) errors_.push_back({path, 0, 0, "holds no scenario (*.yaml)"});
        std::sort(found.begin(), found.end());
        for (const auto& file : found)
            add_file(file);
    }
    void add_file(const std::string& path) {
        std::error_code error;
        const auto canonical = fs::canonical(path, error).string();
        if (known_.insert(error ? path : canonical).second) files_.push_back(path);
    }

    std::vector<LoadError>& errors_;
    std::vector<std::string> files_;
    std::set<std::string> known_;
};

// The whole text; nullopt, and an error, for what cannot be a scenario.
std::optional<std::string> read_text_file(const std::string& path, std::vector<LoadError>& errors) {
    const auto fail = [&](std::string message) {
        errors.push_back({path, 0, 0, std::move(message)});
        return std::nullopt;
    };
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) return fail(error.message());
    if (size > most_bytes) return fail("larger than 1 MiB; this is not a scenario");
    std::ifstream file(path, std::ios::binary);
    std::string text(static_cast<std::size_t>(size), '\0');
    file.read(text.data(), static_cast<std::streamsize>(size));
    if (!file) return fail("cannot be read");
    return text;
}

void load_file(const std::string& path, LoadResult& result) {
    const auto text = read_text_file(path, result.errors);
    if (!text) return;
    auto one = load_text(*text, path);
    std::move(one.scenarios.begin(), one.scenarios.end(), std::back_inserter(result.scenarios));
    std::move(one.errors.begin(), one.errors.end(), std::back_inserter(result.errors));
}

// Reports and random draws go by the name, so it belongs to one scenario.
void refuse_twins(LoadResult& result) {
    std::map<std::string, std::string> first;
    for (const auto& scenario : result.scenarios) {
        const auto [it, fresh] = first.emplace(scenario.name, scenario.path);
        if (!fresh)
            result.errors.push_back(
                {scenario.path, 0, 0, "the name '" + scenario.name + "' is taken by " + it->second});
    }
}

}  // namespace

std::string to_string(const LoadError& error) {
    auto text = error.path;
    if (error.line > 0) text += ":" + std::to_string(error.line) + ":" + std::to_string(error.column);
    return text + ": " + error.message;
}

LoadResult load_text(std::string_view text, const std::string& path) {
    LoadResult result;
    Diagnostics diagnostics(path);
    try {
        auto scenario = read_scenario(parse_yaml(text), path, diagnostics);
        if (diagnostics.ok()) result.scenarios.push_back(std::move(scenario));
    } catch (const YamlError& error) {
        diagnostics.error(error.place, error.message);
    }
    result.errors = diagnostics.take();
    return result;
}

LoadResult load_tree(const Value& document, const std::string& path) {
    LoadResult result;
    Diagnostics diagnostics(path);
    auto scenario = read_scenario(document, path, diagnostics);
    if (diagnostics.ok()) result.scenarios.push_back(std::move(scenario));
    result.errors = diagnostics.take();
    return result;
}

std::optional<Value> load_document(const std::string& path, std::vector<LoadError>& errors) {
    const auto text = read_text_file(path, errors);
    if (!text) return std::nullopt;
    try {
        return parse_yaml(*text);
    } catch (const YamlError& error) {
        errors.push_back({path, error.place.line, error.place.column, error.message});
        return std::nullopt;
    }
}

std::optional<link::NetworkSpec> load_network(const std::string& path, std::vector<LoadError>& errors) {
    std::optional<link::NetworkSpec> network;
    const auto text = read_text_file(path, errors);
    if (!text) return network;
    Diagnostics diagnostics(path);
    try {
        read_network(parse_yaml(*text), fs::path(path).parent_path().string(), network, diagnostics);
    } catch (const YamlError& error) {
        diagnostics.error(error.place, error.message);
    }
    errors = diagnostics.take();
    return network;
}

LoadResult load_paths(const std::vector<std::string>& paths) {
    LoadResult result;
    Search search(result.errors);
    for (const auto& path : paths)
        search.add(path);
    for (const auto& file : search.files())
        load_file(file, result);
    refuse_twins(result);
    return result;
}

}  // namespace rdpfault::harness
