// The library as a table: `rdpfault scenarios`, and scenarios/README.md, which it writes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/options.hpp"
#include "harness/scenario.hpp"
#include "harness/vocabulary.hpp"

namespace rdpfault::harness {

// A folder of the library, and what lies in it.
struct LibraryFolder {
    std::string_view name;
    std::string_view what;
};
std::span<const LibraryFolder> library_folders();  // in the order of the wire, as far as they have one
const LibraryFolder* find_library_folder(std::string_view name);

Listing scenario_listing(const std::vector<Scenario>& scenarios);

// The whole of scenarios/README.md. The committed one must equal it; a test says so.
std::string scenarios_markdown(const std::vector<Scenario>& scenarios);

struct ScenariosOptions {
    std::vector<std::string> paths;
    std::string cause;  // those of this cause only; empty: all
    std::string mstsc;  // those that are expected to show this pair only; empty: all
    std::string format = "table";
};
int scenarios_command(const ScenariosOptions& options);

}  // namespace rdpfault::harness
