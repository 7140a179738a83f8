// The command line of calibrate.
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

}  // namespace

void add_measuring(CLI::App& app, Call& call) {
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

}  // namespace rdpfault::harness
