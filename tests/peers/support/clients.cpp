#include "tests/peers/support/clients.hpp"

#include <utility>

namespace rdpfault::peers {
namespace {

ProcessConfig client_config(std::vector<std::string> command, const std::string& input, const TempDir& folder,
                            const Display& display) {
    write_file(folder / "input", input);
    ProcessConfig config;
    config.command = {"stdbuf", "-oL"};
    config.command.insert(config.command.end(), command.begin(), command.end());
    config.environment = {{"DISPLAY", display.name()}, {"HOME", folder.path().string()}};
    config.log = folder / "client.log";
    config.input = folder / "input";
    return config;
}

std::vector<std::string> xfreerdp_command(std::uint16_t port, const std::vector<std::string>& options) {
    std::vector<std::string> command{"xfreerdp",       "/v:127.0.0.1:" + std::to_string(port),
                                     "/u:user",        "/p:password",
                                     "/sec:tls",       "/cert:ignore",
                                     "/size:800x600",  "-decorations",
                                     "/log-level:INFO"};
    command.insert(command.end(), options.begin(), options.end());
    return command;
}

}  // namespace

Client::Client(std::vector<std::string> command, const std::string& input)
    : process_(client_config(std::move(command), input, folder_, display_)) {}

Xfreerdp::Xfreerdp(std::uint16_t port, const std::vector<std::string>& options)
    : Client(xfreerdp_command(port, options), "") {}

// rdesktop asks on its standard input whether an unknown certificate is to be trusted.
Rdesktop::Rdesktop(std::uint16_t port)
    : Client({"rdesktop", "-u", "user", "-g", "800x600", "-a", "32", "-D", "127.0.0.1:" + std::to_string(port)},
             "yes\n") {}

}  // namespace rdpfault::peers
