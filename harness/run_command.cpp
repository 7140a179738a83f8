// `rdpfault run`: scenarios in, verdicts, a table and report files out.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>

#include "harness/interrupt.hpp"
#include "harness/loader.hpp"
#include "harness/options.hpp"
#include "harness/progress.hpp"
#include "harness/report_files.hpp"
#include "harness/report_json.hpp"
#include "harness/report_text.hpp"
#include "harness/run_plan.hpp"
#include "harness/utc.hpp"
#include "harness/version.hpp"
#include "harness/vocabulary.hpp"

namespace rdpfault::harness {

namespace {

namespace fs = std::filesystem;

// A name that no scenario has an arm of is a slip of the pen, not a wish for nothing.
bool known_arms(const std::vector<Scenario>& scenarios, const std::vector<std::string>& names) {
    for (const auto& name : names) {
        const bool found = std::any_of(scenarios.begin(), scenarios.end(),
                                       [&name](const Scenario& s) { return !selected_arms(s, {name}).empty(); });
        if (found) continue;
        std::cerr << "rdpfault run: no scenario has an arm '" << name
                  << "'; there are control, fault, fix, fault:NAME and fix:NAME\n";
        return false;
    }
    return true;
}

void print(const Report& report, const OutputOptions& output) {
    const auto format = chosen_format(output);
    if (format == Format::json)
        std::cout << results_json(report);
    else
        std::cout << (format == Format::table ? table_report(report, wants_color(output)) : plain_report(report));
    std::cout.flush();
}

Report run(const RunOptions& options, const std::vector<Scenario>& scenarios) {
    Report report;
    report.version = version();
    report.started = utc_seconds_text(std::chrono::system_clock::now());
    report.server = options.server ? to_string(*options.server) : "embedded";
    report.client = options.client ? std::string(to_string(*options.client)) : "as each scenario says";
    report.seed = options.seed.value_or(1);

    const auto began = std::chrono::steady_clock::now();
    Runner runner(plan_for(options));
    Progress progress(std::cerr, isatty(STDERR_FILENO) == 1);
    if (!options.quiet) {
        runner.on_planned = [&](std::size_t total) { progress.planned(total); };
        runner.on_arm = [&](const ArmResult& result) { progress.ended(result); };
    }
    Interrupt interrupt([&] { runner.cancel(); });
    report.arms = runner.run(scenarios);
    if (!options.quiet) progress.finish();
    report.interrupted = runner.cancelled();
    report.duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    return report;
}

}  // namespace

int run_command(const RunOptions& options) {
    const auto loaded = load_paths(options.paths);
    for (const auto& error : loaded.errors)
        std::cerr << to_string(error) << '\n';
    if (!loaded.errors.empty() || !known_arms(loaded.scenarios, options.arms)) return 2;
    try {
        fs::create_directories(fs::path(options.out) / "clients");
        if (options.capture) fs::create_directories(fs::path(options.out) / "captures");
        const auto report = run(options, loaded.scenarios);
        const auto files = write_report(report, options.out);
        print(report, options.output);
        if (report.interrupted) std::cerr << "interrupted: the report holds what was run\n";
        if (!options.quiet)
            for (const auto& file : files)
                std::cerr << "report: " << file << '\n';
        return exit_status(report);
    } catch (const std::exception& error) {
        std::cerr << "rdpfault run: " << error.what() << '\n';
        return 2;
    }
}

}  // namespace rdpfault::harness
