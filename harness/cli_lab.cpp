// Options of every command that runs arms of scenarios.
#include "harness/cli_commands.hpp"
#include "harness/cli_options.hpp"
#include "harness/units.hpp"

namespace rdpfault::harness {

void add_lab(CLI::App& sub, Call& call, const std::shared_ptr<RunOptions>& options) {
    const std::function<void(const std::string&)> server = [options](const std::string& text) {
        options->server = endpoint_from_string(text);
        if (!options->server) throw CLI::ValidationError("--server", "expected HOST[:PORT], found '" + text + "'");
    };
    sub.add_option_function("--server", server, "the RDP server to forward to (default: the embedded one)")
        ->type_name("HOST[:PORT]");
    const std::function<void(const std::string&)> client = [options](const std::string& text) {
        options->client = client_kind_from_string(text);
        if (!options->client)
            throw CLI::ValidationError("--client", "expected probe, xfreerdp or command, found '" + text + "'");
    };
    sub.add_option_function("--client", client, "probe, xfreerdp or command (default: as each scenario says)")
        ->type_name("KIND");
    add_credentials(sub, options->credentials);
    sub.add_option("--jobs,-j", options->jobs, "runs that go at a time (default: four a core, one with a real client)")
        ->type_name("N");
    add_optional(sub, "--seed", options->seed, "of random decisions, instead of the scenarios' own");
    const std::function<void(const std::string&)> timeout = [options](const std::string& text) {
        const auto time = duration_from_string(text);
        if (!time || time->count() == 0)
            throw CLI::ValidationError("--timeout", "expected a duration, found '" + text + "'");
        options->timeout = std::chrono::duration_cast<std::chrono::milliseconds>(*time);
    };
    sub.add_option_function("--timeout", timeout, "wall clock of one run, instead of the scenarios' own")
        ->type_name("TIME");
    sub.add_option("--calibration", options->calibration, "measured codes of mstsc, made by rdpfault calibrate")
        ->type_name("FILE");
    add_intercept(sub, options->intercept);
    sub.add_flag("--quiet,-q", options->quiet, "no progress");
    sub.preparse_callback([options, &call](std::size_t) { options->command = call.command; });
}

}  // namespace rdpfault::harness
