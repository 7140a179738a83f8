// The command lines of calibrate and evidence.
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "harness/cli_commands.hpp"
#include "harness/units.hpp"

namespace rdpfault::harness {

namespace {

// "3602s", "-1.5s".
std::optional<std::chrono::milliseconds> offset_from_string(const std::string& text) {
    const bool negative = text.starts_with('-');
    const auto time = duration_from_string(negative ? text.substr(1) : text);
    if (!time) return std::nullopt;
    const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(*time);
    return negative ? -whole : whole;
}

void add_calibrate(CLI::App& app, Call& call) {
    auto& sub = *app.add_subcommand("calibrate", "measure what mstsc shows: its events beside the proxy's account");
    const auto options = command(sub, call, calibrate_command);
    sub.footer(
        "docs/calibrating.md has the steps on the Windows client.\n\n"
        "Exit status: 0 something was measured; 2 a file cannot be read; 3 nothing could be lined up.");
    sub.add_option("events", options->events,
                   "what wevtutil qe Microsoft-Windows-TerminalServices-RDPClient/Operational /f:xml printed")
        ->required()
        ->type_name("EVENTS");
    sub.add_option("results", options->results, "results.json of rdpfault proxy --out, or their folders")
        ->required()
        ->type_name("RESULTS");
    sub.add_option("--codes", options->codes, "pairs that mstsc told, a line each: TIME, 0x904/0x7")->type_name("FILE");
    const std::function<void(const std::string&)> offset = [options](const std::string& text) {
        const auto time = offset_from_string(text);
        if (!time)
            throw CLI::ValidationError("--offset", "expected a time such as 3600s or -1.5s, found '" + text + "'");
        options->offset = *time;
    };
    sub.add_option_function("--offset", offset, "how far the Windows clock is ahead of the proxy's")->type_name("TIME");
    sub.add_option("--add", options->add, "an earlier calibration to begin with")->type_name("FILE");
    sub.add_option("--out", options->out, "file to write")->capture_default_str()->type_name("FILE");
}

void add_evidence(CLI::App& app, Call& call) {
    auto& sub =
        *app.add_subcommand("evidence", "make the table of what every scenario gave with every client and server");
    const auto options = command(sub, call, evidence_command);
    sub.footer(
        "ci/evidence runs the library and calls this.\n\n"
        "Exit status: 0 written, or as the table has it; 1 something deviates from it; 2 a file cannot be read.");
    sub.add_option("reports", options->reports, "results.json of rdpfault run, or their folders, with their peers")
        ->required()
        ->type_name("CLIENT/SERVER=REPORT");
    sub.add_option("--against", options->against, "evidence.json to hold the reports against; nothing is written")
        ->type_name("FILE");
    sub.add_flag("--strict", options->strict,
                 "count another stage, side or exit of the same end too, which may be a race");
    sub.add_option("--add", options->add, "evidence.json with what was not run now")->type_name("FILE");
    sub.add_option("--out", options->out, "folder for evidence.json and evidence.md")
        ->capture_default_str()
        ->type_name("DIR");
}

}  // namespace

void add_measuring(CLI::App& app, Call& call) {
    add_calibrate(app, call);
    add_evidence(app, call);
}

}  // namespace rdpfault::harness
