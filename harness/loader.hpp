// Scenario files to scenarios. All errors of all files in one go; nothing is returned half-read.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/scenario.hpp"

namespace rdpfault::harness {

struct Value;  // yaml_document.hpp

struct LoadError {
    std::string path;
    int line = 0;    // from 1; 0: the file as a whole
    int column = 0;  // from 1
    std::string message;
};
std::string to_string(const LoadError& error);  // "tcp/x.yaml:12:7: unknown fault 'rest' (did you mean 'reset'?)"

struct LoadResult {
    std::vector<Scenario> scenarios;  // those without an error
    std::vector<LoadError> errors;    // in the order of the files, then of the lines
};

// The text of one file. Refused outright: anchors and aliases, several documents, nesting deeper than 32.
LoadResult load_text(std::string_view text, const std::string& path);

// Files, and folders searched for *.yaml; in order of their names, each file once. A file over 1 MiB is not read.
// A path without a scenario is an error, and so are two scenarios of one name.
LoadResult load_paths(const std::vector<std::string>& paths);

// One file as a tree, for changing it; nullopt, and errors, when it is no YAML.
std::optional<Value> load_document(const std::string& path, std::vector<LoadError>& errors);
// A tree as if it were the text of that file.
LoadResult load_tree(const Value& document, const std::string& path);

// A file that holds what stands under `network:` in a scenario.
std::optional<link::NetworkSpec> load_network(const std::string& path, std::vector<LoadError>& errors);

}  // namespace rdpfault::harness
