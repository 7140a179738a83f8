// `rdpfault proxy`: holds one arm of a scenario open for a human with a client of their own, and tells what happens.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <iostream>
#include <mutex>
#include <thread>

#include "harness/arm.hpp"
#include "harness/event_line.hpp"
#include "harness/interception.hpp"
#include "harness/interrupt.hpp"
#include "harness/loader.hpp"
#include "harness/options.hpp"
#include "harness/resolve.hpp"
#include "harness/runner.hpp"
#include "proxy/relay/relay.hpp"

namespace rdpfault::harness {

namespace {

// What the human should know before dialling: what this proxy cannot do for the scenario.
void warn(const Arm& arm) {
    if (misbehaves(arm.server))
        std::cerr << "note: this arm also configures the embedded server; a server of yours is not told\n";
    if (arm.faults.empty()) std::cerr << "note: this arm has no faults: everything is passed on\n";
}

}  // namespace

int proxy_command(const ProxyOptions& options) {
    const auto loaded = load_paths({options.scenario});
    for (const auto& error : loaded.errors)
        std::cerr << to_string(error) << '\n';
    if (!loaded.errors.empty()) return 2;
    if (loaded.scenarios.size() != 1) {
        std::cerr << options.scenario << ": name one scenario, not " << loaded.scenarios.size() << '\n';
        return 2;
    }
    const auto& scenario = loaded.scenarios.front();
    const auto arms = selected_arms(scenario, {options.arm});
    if (arms.size() != 1) {
        std::cerr << scenario.name << ": no arm '" << options.arm << "'; it has";
        for (const auto& arm : arms_of(scenario))
            std::cerr << ' ' << arm.name;
        std::cerr << '\n';
        return 2;
    }
    warn(arms.front());

    boost::asio::io_context io{1};
    proxy::RelaySettings settings;
    settings.keep_logs = false;
    settings.threads = std::max(1U, std::thread::hardware_concurrency());
    std::mutex printing;
    EventWriter writer(std::cout, options.output, options.log);
    proxy::Relay::Observer observer;
    observer.event = [&](const proxy::Event& event) {
        const std::lock_guard lock(printing);
        writer.write(event);
    };
    try {
        settings.connection.upstream = resolve(options.server);
        settings.listen = resolve(options.listen).front();
        Lab lab;
        lab.server = settings.connection.upstream;
        lab.credentials = options.credentials;
        take_files(options.intercept, lab);
        if (const auto closed = nla_obstacle(arms.front(), lab); !closed.empty()) throw std::runtime_error(closed);
        settings.connection.intercept = interception(arms.front(), lab);
        proxy::Relay relay(io, {scenario.name, options.seed.value_or(scenario.seed), arms.front().faults}, settings,
                           observer);
        relay.start();
        std::cerr << "listening on " << to_string(Endpoint{options.listen.host, relay.port()}) << ", forwarding to "
                  << to_string(options.server) << ", arm " << arms.front().name << "; Ctrl-C ends it\n";
        Interrupt interrupt([&] { boost::asio::post(io, [&] { relay.stop({}); }); });
        io.run();
    } catch (const std::exception& error) {
        std::cerr << "rdpfault proxy: " << error.what() << '\n';
        return 2;
    }
    return 0;
}

}  // namespace rdpfault::harness
