// How a command of the program is added to its command line.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/options.hpp"

namespace rdpfault::harness {

// What the call means, filled while it is parsed.
struct Call {
    std::vector<std::string> command;  // behind `--`
    std::function<int()> run;
};

template <class Options>
std::shared_ptr<Options> command(CLI::App& sub, Call& call, int (*run)(const Options&)) {
    auto options = std::make_shared<Options>();
    sub.final_callback([&call, options, run] { call.run = [options, run] { return run(*options); }; });
    return options;
}

template <class T>
void add_optional(CLI::App& app, const std::string& name, std::optional<T>& field, const std::string& description) {
    app.add_option(name, field, description)->type_name("N");
}

// --server, --client, the account, --jobs, --seed, --timeout, those of interception, --quiet, and what stands behind
// `--`: how and against what arms are run. `options` lives as long as the call.
void add_lab(CLI::App& sub, Call& call, const std::shared_ptr<RunOptions>& options);
// false, and a word why, when the program of --client command is missing.
bool has_program(const RunOptions& options, const char* name);

// calibrate and evidence.
void add_measuring(CLI::App& app, Call& call);
// compare, bisect and minimize.
void add_judging(CLI::App& app, Call& call);
// diagnose.
void add_diagnose(CLI::App& app, Call& call);

// explain, causes and scenarios: what is known, without running anything.
void add_knowledge(CLI::App& app, Call& call);

}  // namespace rdpfault::harness
