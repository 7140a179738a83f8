// rdpfault diagnose, as the command line says it.
#include "harness/cli_commands.hpp"
#include "harness/cli_options.hpp"
#include "harness/units.hpp"

namespace rdpfault::harness {

void add_diagnose(CLI::App& app, Call& call) {
    auto& sub = *app.add_subcommand(
        "diagnose",
        "from a capture or a run's report: how far it came, who ended it and how, and what may be behind it");
    const auto options = command(sub, call, diagnose_command);
    sub.footer(
        "Captures: pcap and pcapng. Inside TLS they say nothing without its secrets: --keylog, or those in the "
        "pcapng.\n"
        "Exit status: 0 diagnosed; 2 a file cannot be read, or is neither a capture nor a results.json.");
    sub.add_option("files", options->files, "captures, or results.json of `rdpfault run`")
        ->required()
        ->type_name("FILE");
    sub.add_option("--keylog,--key-log", options->key_log, "file with TLS secrets (NSS key log)")->type_name("FILE");
    const std::function<void(const std::vector<std::string>&)> ports =
        [options](const std::vector<std::string>& texts) {
            for (const auto& text : texts) {
                const auto port = number_from_string(text);
                if (text == "any")
                    options->any_port = true;
                else if (port && *port > 0 && *port <= 0xFFFF)
                    options->ports.insert(static_cast<std::uint16_t>(*port));
                else
                    throw CLI::ValidationError("--port", "expected a port or any, found '" + text + "'");
            }
        };
    sub.add_option_function("--port", ports,
                            "of the RDP server, also for connections that carry nothing (default: 3389)")
        ->type_name("N|any")
        ->expected(1)
        ->take_all();
    sub.add_option("--scenarios", options->scenarios, "where to look for scenarios (default: ./scenarios)")
        ->type_name("PATH")
        ->expected(1)
        ->take_all();
    add_output(sub, options->output);
}

}  // namespace rdpfault::harness
