// `rdpfault link`: any command behind an emulated link, with its way out through relays of ours.
#include <arpa/inet.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <future>
#include <iostream>
#include <map>
#include <thread>

#include "client/process_inside.hpp"
#include "client/programs.hpp"
#include "harness/interrupt.hpp"
#include "harness/loader.hpp"
#include "harness/network_run.hpp"
#include "harness/options.hpp"
#include "harness/resolve.hpp"

extern char** environ;

namespace rdpfault::harness {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

asio::ip::address destination_of(const link::Packet& packet) {
    const auto* bytes = packet.bytes.data() + packet.headers.destination_at();
    if (packet.headers.version == 4) {
        asio::ip::address_v4::bytes_type address;
        std::copy(bytes, bytes + address.size(), address.begin());
        return asio::ip::address_v4(address);
    }
    asio::ip::address_v6::bytes_type address;
    std::copy(bytes, bytes + address.size(), address.begin());
    return asio::ip::address_v6(address);
}

// A relay for each destination that somebody behind the link dials: made when its first SYN comes by. The link's own
// far address stands for this host, as it is seen from itself.
class WayOut {
  public:
    explicit WayOut(std::vector<tcp::endpoint> named) : named_(std::move(named)) {}
    ~WayOut() {
        asio::post(io_, [this] { relays_.clear(); });
        work_.reset();
        thread_.join();
    }
    WayOut(const WayOut&) = delete;
    WayOut& operator=(const WayOut&) = delete;

    void use(link::Link& link) { link_ = &link; }

    // On the link's thread: the port is open when this returns, or there will be none.
    void open(const tcp::endpoint& destination) {
        std::promise<void> done;
        asio::post(io_, [&] {
            if (!relays_.contains(destination)) start(destination);
            done.set_value();
        });
        done.get_future().wait();
    }

  private:
    void start(const tcp::endpoint& destination) {
        proxy::RelaySettings settings;
        settings.listen = destination;
        settings.keep_logs = false;
        settings.make_listener = [this](int family) {
            return link_->socket(link::Place::server, family, SOCK_STREAM).release();
        };
        settings.connection.upstream = outside(destination);
        try {
            auto relay = std::make_unique<proxy::Relay>(io_, proxy::FaultPlan{}, settings);
            relay->start();
            relays_.emplace(destination, std::move(relay));
        } catch (const std::exception& error) {
            std::cerr << "rdpfault link: no way to " << destination << ": " << error.what() << '\n';
        }
    }

    std::vector<tcp::endpoint> outside(const tcp::endpoint& destination) const {
        const bool here = destination.address() == asio::ip::make_address(link::server_address) ||
                          destination.address() == asio::ip::make_address(link::server_address6);
        if (!here) return {destination};
        if (!named_.empty() && named_.front().port() == destination.port()) return named_;
        if (destination.address().is_v4()) return {{asio::ip::address_v4::loopback(), destination.port()}};
        return {{asio::ip::address_v6::loopback(), destination.port()}};
    }

    std::vector<tcp::endpoint> named_;
    link::Link* link_ = nullptr;
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
    std::map<tcp::endpoint, std::unique_ptr<proxy::Relay>> relays_;
    std::thread thread_{[this] { io_.run(); }};
};

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
    config.hooks.syn = [&way_out, link_is](const link::Packet& packet) {
        way_out.use(*link_is.get());
        way_out.open({destination_of(packet), packet.headers.destination_port});
    };
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
