#include "tests/peers/support/rdpfault.hpp"

namespace rdpfault::peers {
namespace {

using Environment = std::map<std::string, std::string>;

ProcessConfig rdpfault_config(const std::vector<std::string>& arguments, const TempDir& folder,
                              const Environment& environment) {
    ProcessConfig config;
    config.environment = environment;
    config.command = {RDPFAULT_PROGRAM};
    config.command.insert(config.command.end(), arguments.begin(), arguments.end());
    config.log = folder / "rdpfault.log";
    config.errors = folder / "rdpfault.errors";
    return config;
}

ProcessConfig serve_config(const std::vector<std::string>& options, const TempDir& folder, std::uint16_t port,
                           const Environment& environment) {
    std::vector<std::string> arguments{"serve", "--listen", loopback(port), "--key-log", folder / "keys.log"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return rdpfault_config(arguments, folder, environment);
}

ProcessConfig proxy_config(std::uint16_t server, const std::string& proxy, const std::vector<std::string>& options,
                           const TempDir& folder, std::uint16_t port) {
    const auto scenario = folder / "proxied.yaml";
    // Only a fix takes any `proxy:` there is without asking for a fault besides.
    write_file(scenario,
               "name: proxied\nsummary: A proxy as a test wants it.\ncause: tls-interception\n"
               "faults: [{ at: start, do: { reset: client } }]\nexpect: { ended_by: reset }\n"
               "fixes: { wanted: { action: None., faults: [], proxy: " +
                   proxy + " } }\n");
    std::vector<std::string> arguments{"proxy",          scenario,   "--arm",        "fix:wanted", "--server",
                                       loopback(server), "--listen", loopback(port), "--key-log",  folder / "keys.log"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return rdpfault_config(arguments, folder, {});
}

}  // namespace

const std::string& program() {
    static const std::string path = RDPFAULT_PROGRAM;
    return path;
}

std::string loopback(std::uint16_t port) {
    return "127.0.0.1:" + std::to_string(port);
}

Serve::Serve(const std::vector<std::string>& options, const Environment& environment)
    : process_(serve_config(options, folder_, port_, environment)) {
    wait_listen(port_);
}

Proxy::Proxy(std::uint16_t server, const std::string& proxy, const std::vector<std::string>& options)
    : process_(proxy_config(server, proxy, options, folder_, port_)) {
    wait_listen(port_);
}

Outcome rdpfault(const std::vector<std::string>& arguments, const TempDir& folder, milliseconds limit,
                 const Environment& environment) {
    const auto config = rdpfault_config(arguments, folder, environment);
    Process process(config);
    const auto exit = process.wait(limit);
    return {exit, process.log(), read_file(config.errors)};
}

Outcome against_evidence(const std::string& peers, const std::filesystem::path& report, const TempDir& folder) {
    return rdpfault({"evidence", peers + "=" + report.string(), "--against", RDPFAULT_SOURCE_DIR "/docs/evidence.json"},
                    folder);
}

}  // namespace rdpfault::peers
