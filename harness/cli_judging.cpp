// The command lines of compare, bisect and minimize.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <map>

#include "harness/cli_commands.hpp"
#include "harness/cli_options.hpp"

namespace rdpfault::harness {

namespace {

CLI::Option* add_confidence(CLI::App& app, double& field) {
    return app.add_option("--confidence", field, "how sure an answer must be, where chance has a say")
        ->check(CLI::Range(0.5, 0.9999))
        ->capture_default_str()
        ->type_name("P");
}

void add_repeat_bound(CLI::App& app, std::optional<std::uint32_t>& field, const std::string& description) {
    app.add_option("--repeat", field, description)->check(CLI::Range(1, 10'000))->type_name("N");
}

void add_compare(CLI::App& app, Call& call) {
    auto& sub = *app.add_subcommand("compare", "two reports, before and after a change: what became of each arm");
    const auto options = command(sub, call, compare_command);
    sub.footer(
        "Exit status: 0 nothing is newly broken; 1 something is; 2 a report cannot be read; 3 something is undecided.");
    sub.add_option("before", options->before, "results.json of the run before, or its folder")
        ->required()
        ->type_name("BEFORE");
    sub.add_option("after", options->after, "of the run after")->required()->type_name("AFTER");
    static const std::map<std::string, CompareFormat> formats{{"table", CompareFormat::table},
                                                              {"plain", CompareFormat::plain},
                                                              {"json", CompareFormat::json},
                                                              {"markdown", CompareFormat::markdown}};
    const std::function<void(const std::string&)> format = [options](const std::string& text) {
        const auto known = formats.find(text);
        if (known == formats.end())
            throw CLI::ValidationError("--format", "expected table, plain, json or markdown, found '" + text + "'");
        options->format = known->second;
    };
    sub.add_option_function("--format", format, "table (default), plain, json or markdown")->type_name("FORMAT");
    sub.add_option("--junit", options->junit, "file for the same as JUnit XML")->type_name("FILE");
    add_confidence(sub, options->confidence);
}

// The options that run takes too, in a struct of their own that outlives the parsing.
template <class Options>
void add_shared_lab(CLI::App& sub, Call& call, const std::shared_ptr<Options>& options) {
    add_lab(sub, call, std::shared_ptr<RunOptions>(options, &options->run));
    add_output(sub, options->output);
}

int run_bisect(const BisectOptions& options) {
    return has_program(options.run, "bisect") ? bisect_command(options) : 2;
}

int run_minimize(const MinimizeOptions& options) {
    return has_program(options.run, "minimize") ? minimize_command(options) : 2;
}

void add_bisect(CLI::App& app, Call& call) {
    auto& sub = *app.add_subcommand("bisect", "vary one value of a scenario, and find where the outcome flips");
    const auto options = command(sub, call, run_bisect);
    sub.footer(
        "Examples: --vary network.loss=0%..40%; --vary faults.0.do.stall=0s..20s; --vary "
        "client.stage_timeout=1s..30s\n\n"
        "Exit status: 0 found; 2 the call or the scenario is wrong; 3 not found, or not decided.");
    sub.add_option("scenario", options->scenario, "scenario file")->required()->type_name("FILE");
    sub.add_option("--vary", options->vary, "path into the file and the range, PATH=LOW..HIGH")
        ->required()
        ->type_name("RANGE");
    sub.add_option("--precision", options->precision,
                   "width that is narrow enough (default: a 64th of the range, or 1)")
        ->type_name("VALUE");
    sub.add_option("--arm", options->arm, "control, fault, fault:NAME or fix:NAME")
        ->capture_default_str()
        ->type_name("ARM");
    sub.add_flag("--as-expected", options->as_expected,
                 "ask whether the arm ends as it expects, and not whether the client connects");
    add_confidence(sub, options->confidence);
    add_repeat_bound(sub, options->repeat, "most runs at each value (default: 1, or 64 where chance has a say)");
    sub.add_option("--out", options->out, "file for the result as JSON")->type_name("FILE");
    add_shared_lab(sub, call, options);
}

void add_minimize(CLI::App& app, Call& call) {
    auto& sub = *app.add_subcommand("minimize", "leave out of a scenario what its outcome does not need");
    const auto options = command(sub, call, run_minimize);
    sub.footer("Exit status: 0 done; 2 the call or the scenario is wrong; 3 the scenario cannot be run here.");
    sub.add_option("scenario", options->scenario, "scenario file")->required()->type_name("FILE");
    sub.add_option("--arm", options->arm, "fault or fault:NAME")->capture_default_str()->type_name("ARM");
    add_repeat_bound(sub, options->repeat, "runs with each part left out (default: 1, or 20 where chance has a say)");
    sub.add_option("--out", options->out, "file for the minimal scenario")->type_name("FILE");
    add_shared_lab(sub, call, options);
}

}  // namespace

void add_judging(CLI::App& app, Call& call) {
    add_compare(app, call);
    add_bisect(app, call);
    add_minimize(app, call);
}

}  // namespace rdpfault::harness
