// `rdpfault link`: any command behind an emulated link, with its way out through relays of ours.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <iostream>

#include "client/process_inside.hpp"
#include "client/programs.hpp"
#include "harness/interrupt.hpp"
#include "harness/loader.hpp"
#include "harness/network_run.hpp"
#include "harness/options.hpp"
#include "harness/resolve.hpp"
#include "harness/way_out.hpp"

extern char** environ;

namespace rdpfault::harness {

namespace {

using boost::asio::ip::tcp;

std::string filled(std::string text, const std::string& host, const std::string& port) {
    for (const auto& [name, value] : {std::pair<std::string, const std::string&>{"{host}", host}, {"{port}", port}})
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
            text.replace(at, name.size(), value);
    return text;
}

// The command's own exit status, or 128 and the signal that ended it, as a shell says.
int run_inside(const client::Door& door, std::vector<std::string> command) {
    const auto program = client::find_program(command.front());
    if (!program) {
        std::cerr << "rdpfault link: " << client::missing_program(command.front()) << '\n';
        return 2;
    }
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (auto& word : command)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t pid = 0;
    client::Standard standard{0, 1, -1};
    standard.error = 2;
    if (const int error = client::spawn_inside(door, *program, standard, arguments.data(), environ, pid)) {
        std::cerr << "rdpfault link: cannot start " << *program << ": " << std::strerror(error) << '\n';
        return 2;
    }
    const Interrupt interrupt([pid] { ::kill(-pid, SIGTERM); });
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int link_command(const LinkOptions& options) {
    std::vector<LoadError> errors;
    const auto network = load_network(options.network, errors);
    for (const auto& error : errors)
        std::cerr << to_string(error) << '\n';
    if (!errors.empty()) return 2;

    WayOut way_out(options.server ? resolve(*options.server) : std::vector<tcp::endpoint>{});
    link::LinkConfig config;
    config.network = network.value_or(link::NetworkSpec{});
    config.seed = options.seed.value_or(1);
    config.scenario = "link";
    config.any_destination = true;
    std::promise<link::Link*> opened;
    auto link_is = opened.get_future().share();
    config.hooks.begins = [&way_out, link_is](const link::Packet& packet) { way_out.open(*link_is.get(), packet); };
    std::string why;
    const auto link = link::Link::open(config, why);
    if (!link) {
        std::cerr << "rdpfault link: there can be no emulated link: " << why << '\n';
        return 2;
    }
    opened.set_value(link.get());

    auto command = options.command;
    const auto port = std::to_string(options.server ? options.server->port : 3389);
    for (auto& word : command)
        word = filled(std::move(word), link::server_address, port);
    const auto door = link->door(link::Place::client);
    const int status = run_inside({door.user, door.network}, std::move(command));
    if (!options.quiet) std::cerr << "link: " << to_string(link->report()) << '\n';
    return status;
}

}  // namespace rdpfault::harness
