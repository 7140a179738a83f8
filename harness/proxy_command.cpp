// `rdpfault proxy`: holds one arm of a scenario open for a human with a client of their own, and tells what happens.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <iostream>
#include <mutex>
#include <optional>
#include <thread>

#include "harness/arm.hpp"
#include "harness/event_line.hpp"
#include "harness/interception.hpp"
#include "harness/interrupt.hpp"
#include "harness/loader.hpp"
#include "harness/network_run.hpp"
#include "harness/options.hpp"
#include "harness/report_files.hpp"
#include "harness/resolve.hpp"
#include "harness/runner.hpp"
#include "harness/utc.hpp"
#include "harness/version.hpp"
#include "proxy/relay/relay.hpp"

namespace rdpfault::harness {

namespace {

// What the human should know before dialling: what this proxy cannot do for the scenario.
void warn(const Arm& arm) {
    if (misbehaves(arm.server))
        std::cerr << "note: this arm also configures the embedded server; a server of yours is not told\n";
    if (arm.faults.empty() && !arm.network) std::cerr << "note: this arm has no faults: everything is passed on\n";
    if (arm.network && arm.network->between == link::Between::client)
        std::cerr << "note: a client of yours stands outside the link: it is put in the middle, behind a relay that "
                     "takes your client across\n";
}

// One arm held open: its link, where it has one, and its proxy.
class Held {
  public:
    Held(boost::asio::io_context& io, const ProxyOptions& options, const Scenario& scenario, Arm arm)
        : io_(io), writer_(std::cout, options.output, options.log) {
        Lab lab;
        lab.server = resolve(options.server);
        lab.credentials = options.credentials;
        take_files(options.intercept, lab);
        if (const auto closed = nla_obstacle(arm, lab); !closed.empty()) throw std::runtime_error(closed);
        const auto seed = options.seed.value_or(scenario.seed);
        if (arm.network) arm = with_link(std::move(arm), seed, scenario.name);
        proxy::RelaySettings settings;
        settings.keep_logs = !options.out.empty();
        settings.threads = std::max(1U, std::thread::hardware_concurrency());
        settings.connection.upstream = lab.server;
        settings.connection.intercept = interception(arm, lab);
        const auto listen = resolve(options.listen).front();
        settings.listen = listen;
        if (network_) network_->place(settings);
        plan_ = {scenario.name, seed, arm.faults};
        proxy::Relay::Observer observer;
        observer.event = [this](const proxy::Event& event) { saw(event); };
        relay_.emplace(io_, plan_, settings, observer);
        relay_->start();
        const bool led_in = network_ && arm.network->between != link::Between::server;
        port_ = led_in ? network_->lead_in(listen, relay_->port()) : relay_->port();
        arm_ = std::move(arm);
    }

    const Arm& arm() const { return arm_; }  // as it is held: a link may be modelled
    std::uint16_t port() const { return port_; }
    std::optional<NetworkEvidence> network() const {
        return network_ ? std::optional(network_->evidence()) : std::nullopt;
    }
    std::vector<proxy::ConnectionLog> logs() const { return relay_->logs(); }
    void stop() {
        relay_->stop([this] {
            if (network_) network_->stop([] {});
        });
    }

  private:
    Arm with_link(Arm arm, std::uint64_t seed, const std::string& scenario) {
        std::string why;
        network_ = NetworkRun::open(io_, *arm.network, seed, scenario, why);
        if (network_) return arm;
        if (!arm.network->modelled_allowed) throw std::runtime_error("there can be no emulated link: " + why);
        std::cerr << "note: the link is modelled on the stream: " << why << '\n';
        return modelled(std::move(arm));
    }
    // On any thread of the relay.
    void saw(const proxy::Event& event) {
        const std::lock_guard lock(mutex_);
        if (network_) network_->saw(event);
        writer_.write(event);
    }

    boost::asio::io_context& io_;
    Arm arm_;
    std::mutex mutex_;
    EventWriter writer_;
    std::unique_ptr<NetworkRun> network_;
    proxy::FaultPlan plan_;
    std::optional<proxy::Relay> relay_;
    std::uint16_t port_ = 0;
};

// What the proxy alone can tell. Whether the client met what is expected is for whoever saw it to say.
Report report_of(const ProxyOptions& options, const Scenario& scenario, const Held& held, const ClockPair& began) {
    const auto& arm = held.arm();
    RunRecord record;
    record.seed = options.seed.value_or(scenario.seed);
    record.evidence.began = began;
    record.evidence.connections = held.logs();
    record.evidence.fired = fired_in(record.evidence.connections);
    record.evidence.network = held.network();
    record.evidence.duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(proxy::Clock::now() - began.steady);
    record.verdict = held_open(arm, record.evidence);
    ArmResult result;
    result.scenario = scenario.name;
    result.family = scenario.family;
    result.path = scenario.path;
    result.summary = scenario.summary;
    result.cause = scenario.cause;
    result.arm = arm;
    result.runs.push_back(std::move(record));
    combine(result);
    Report report;
    report.version = version();
    report.started = utc_seconds_text(began.wall);
    report.duration = result.duration;
    report.server = to_string(options.server);
    report.client = "of somebody else";
    report.port = held.port();
    report.seed = result.runs.front().seed;
    report.arms.push_back(std::move(result));
    return report;
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
    const ClockPair began{std::chrono::system_clock::now(), proxy::Clock::now()};
    try {
        Held held(io, options, scenario, arms.front());
        std::cerr << "listening on " << to_string(Endpoint{options.listen.host, held.port()}) << ", forwarding to "
                  << to_string(options.server) << ", arm " << arms.front().name << "; Ctrl-C ends it\n";
        Interrupt interrupt([&] { boost::asio::post(io, [&] { held.stop(); }); });
        io.run();
        if (!options.out.empty()) write_report(report_of(options, scenario, held, began), options.out);
        if (const auto network = held.network()) std::cerr << "link: " << to_string(network->report) << '\n';
    } catch (const std::exception& error) {
        std::cerr << "rdpfault proxy: " << error.what() << '\n';
        return 2;
    }
    return 0;
}

}  // namespace rdpfault::harness
