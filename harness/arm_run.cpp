#include "harness/arm_run.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <optional>

#include "harness/client_run.hpp"
#include "harness/dns_run.hpp"
#include "harness/interception.hpp"
#include "harness/network_run.hpp"
#include "harness/testimony.hpp"
#include "protocol/x224.hpp"
#include "proxy/relay/relay.hpp"
#include "server/listener.hpp"

namespace rdpfault::harness {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

// When the client has gone, the last bytes and ends of its connections are still on their way to the proxy.
constexpr milliseconds settle_time{3'000};
// A connection whose client has gone may be stalled for ever on its other leg: nothing more will be learned from it.
constexpr milliseconds linger_time{150};

tcp::endpoint any_port() {
    return {asio::ip::address_v4::loopback(), 0};
}

}  // namespace

struct ArmRun::State {
    State(asio::io_context& context, const Lab& the_lab, ArmTask the_task)
        : io(context), lab(the_lab), task(std::move(the_task)), limit(context), settle(context) {}

    asio::io_context& io;
    const Lab& lab;
    ArmTask task;
    asio::steady_timer limit;   // the wall clock
    asio::steady_timer settle;  // after the client has gone
    std::optional<server::Listener> server;
    std::optional<proxy::Relay> relay;
    std::unique_ptr<NetworkRun> network;
    std::unique_ptr<DnsRun> dns;
    std::unique_ptr<ClientRun> client;
    std::vector<server::ConnectionReport> server_reports;
    std::uint32_t accepted = 0, client_legs_ended = 0, finished = 0;
    bool client_done = false;
    bool stopping = false;
    proxy::Time began{};
    Evidence evidence;
    std::function<void(Evidence)> done;
};

ArmRun::ArmRun(asio::io_context& io, const Lab& lab, ArmTask task)
    : state_(std::make_unique<State>(io, lab, std::move(task))) {}

ArmRun::~ArmRun() = default;

void ArmRun::start(std::function<void(Evidence)> done) {
    auto& s = *state_;
    s.done = std::move(done);
    s.began = proxy::Clock::now();
    s.evidence.began = {std::chrono::system_clock::now(), s.began};
    try {
        if (!open_network()) return asio::post(s.io, [self = shared_from_this()] { self->stop_relay(); });
        start_peers();
    } catch (const std::exception& error) {
        s.evidence.error = error.what();
        asio::post(s.io, [self = shared_from_this()] { self->stop_relay(); });
        return;
    }
    s.limit.expires_after(s.task.timeout);
    s.limit.async_wait([self = shared_from_this()](error_code error) {
        if (error || self->state_->client_done) return;
        self->state_->evidence.timed_out = true;
        self->state_->client->cancel();
    });
    s.client->start([self = shared_from_this()](ClientOutcome outcome) { self->client_ended(std::move(outcome)); });
}

// False: there is none, where there must be.
bool ArmRun::open_network() {
    auto& s = *state_;
    if (!s.task.arm.network && !needs_link(s.task.arm, s.task.client)) return true;
    s.network = NetworkRun::open(s.io, s.task.arm.network.value_or(link::NetworkSpec{}), s.task.seed, s.task.scenario,
                                 s.evidence.skipped, s.task.capture_file);
    return s.network != nullptr;
}

void ArmRun::start_peers() {
    auto& s = *state_;
    proxy::RelaySettings settings;
    settings.listen = any_port();
    settings.connection.upstream = s.lab.server;
    if (s.lab.server.empty()) {
        server::ListenerCallbacks callbacks;
        callbacks.ended = [this](const server::ConnectionReport& report) { state_->server_reports.push_back(report); };
        s.server.emplace(s.io, s.task.arm.server, s.lab.credential, any_port(), std::move(callbacks));
        settings.connection.upstream = {s.server->endpoint()};
    }
    proxy::Relay::Observer observer;
    observer.event = [this](const proxy::Event& event) { saw(event); };
    observer.finished = [this](const proxy::ConnectionLog&) {
        ++state_->finished;
        settle_if_quiet();
    };
    settings.connection.intercept = interception(s.task.arm, s.lab);
    if (s.network) s.network->place(settings);
    s.relay.emplace(s.io, proxy::FaultPlan{s.task.scenario, s.task.seed, s.task.arm.faults}, settings, observer);
    s.relay->start();

    ClientTask client;
    client.kind = s.task.client;
    client.probe = s.task.arm.client.probe;
    const auto& keys = s.task.arm.client_keys;
    client.tls_alone = client.probe.requested_protocols == protocol::protocol_ssl &&
                       std::find(keys.begin(), keys.end(), "security") != keys.end();
    client.target = {"127.0.0.1", s.relay->port()};
    // The embedded server knows the users of the scenario, and nobody else.
    if (s.task.arm.server.users.empty()) client.credentials = s.lab.credentials;
    client.command = s.lab.command;
    client.display = s.lab.display;
    if (s.task.arm.client.verify) client.authority = s.lab.authority;
    client.output_file = s.task.output_file;
    client.limit = s.task.timeout + milliseconds(5'000);  // ours comes first
    if (s.network) s.network->place(client, s.relay->port());
    if (s.task.arm.dns) {
        s.dns = std::make_unique<DnsRun>(s.io, *s.task.arm.dns, s.network.get());
        s.dns->place(client);
    }
    s.client = make_client_run(s.io, client);
}

void ArmRun::saw(const proxy::Event& event) {
    auto& s = *state_;
    if (s.network) s.network->saw(event);
    if (event.kind == proxy::Event::Kind::accepted) ++s.accepted;
    if (event.kind == proxy::Event::Kind::leg_ended && event.side == Side::client) ++s.client_legs_ended;
}

void ArmRun::cancel() {
    if (state_->client && !state_->client_done) state_->client->cancel();
}

void ArmRun::client_ended(ClientOutcome outcome) {
    auto& s = *state_;
    s.client_done = true;
    if (s.network) s.network->client_ended();
    s.limit.cancel();
    s.evidence.client = std::move(outcome);
    settle_for(settle_time);
    settle_if_quiet();
}

void ArmRun::settle_for(milliseconds time) {
    state_->settle.expires_after(time);
    state_->settle.async_wait([self = shared_from_this()](error_code error) {
        if (!error) self->stop_relay();
    });
}

void ArmRun::settle_if_quiet() {
    auto& s = *state_;
    if (!s.client_done || s.stopping || s.client_legs_ended < s.accepted) return;
    if (s.finished < s.accepted) return settle_for(linger_time);
    s.settle.cancel();
    asio::post(s.io, [self = shared_from_this()] { self->stop_relay(); });
}

void ArmRun::stop_relay() {
    auto& s = *state_;
    if (s.stopping) return;
    s.stopping = true;
    s.settle.cancel();
    if (!s.relay) return stop_network();
    s.relay->stop([self = shared_from_this()] { self->stop_network(); });
}

void ArmRun::stop_network() {
    if (!state_->network) return stop_server();
    state_->network->stop([self = shared_from_this()] { self->stop_server(); });
}

void ArmRun::stop_server() {
    if (!state_->server) return finish();
    state_->server->stop([self = shared_from_this()] { self->finish(); });
}

void ArmRun::finish() {
    auto& s = *state_;
    if (s.relay) s.evidence.connections = s.relay->logs();
    if (s.network && s.task.arm.network) s.evidence.network = s.network->evidence();
    if (s.dns) s.evidence.dns = s.dns->report();
    s.evidence.fired = fired_in(s.evidence.connections);
    if (s.server) s.evidence.server = testimony(s.task.arm.server, s.server_reports);
    s.evidence.duration = std::chrono::duration_cast<milliseconds>(proxy::Clock::now() - s.began);
    // The relay and the listener may hold callbacks that point here: they go before anything else does.
    s.relay.reset();
    s.server.reset();
    s.client.reset();
    s.dns.reset();
    s.network.reset();
    std::exchange(s.done, nullptr)(std::move(s.evidence));
}

}  // namespace rdpfault::harness
