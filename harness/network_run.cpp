#include "harness/network_run.hpp"

#include "harness/link_capture.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>

namespace rdpfault::harness {

namespace asio = boost::asio;
using asio::ip::tcp;
using link::Place;

namespace {

tcp::endpoint loopback() {
    return {asio::ip::address_v4::loopback(), 0};
}
tcp::endpoint anywhere_inside() {
    return {asio::ip::address_v4::any(), 0};
}
tcp::endpoint across(std::uint16_t port) {
    return {asio::ip::make_address(link::server_address), port};
}

// What is accepted by a listening socket with these options has them too.
void keep_alive(int socket, link::Duration every) {
    const int on = 1;
    const int seconds =
        static_cast<int>(std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::seconds>(every).count()));
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &seconds, sizeof seconds);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &seconds, sizeof seconds);
    const unsigned patience = 4'000U * static_cast<unsigned>(seconds);  // milliseconds, also for data under way
    ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
}

// Later facts of a connection replace earlier ones; what is gone stays as it was last seen.
void update(std::vector<link::SocketFacts>& known, const std::vector<link::SocketFacts>& now) {
    for (const auto& socket : now) {
        const auto same = std::find_if(known.begin(), known.end(), [&](const auto& k) {
            return k.local_port == socket.local_port && k.remote_port == socket.remote_port;
        });
        if (same != known.end())
            *same = socket;
        else
            known.push_back(socket);
    }
}

void add_modelled(std::vector<proxy::Fault>& faults, proxy::Action action) {
    auto& fault = faults.emplace_back();
    fault.id = "network-" + std::to_string(faults.size());
    fault.action = std::move(action);
}

std::optional<proxy::action::LossStall> modelled_loss(const link::Loss& loss) {
    proxy::action::LossStall stall;
    if (const auto* independent = std::get_if<link::Bernoulli>(&loss)) {
        stall.loss = independent->probability;
        return stall;
    }
    if (const auto* bursty = std::get_if<link::GilbertElliott>(&loss)) {
        stall.loss = bursty->good_loss;
        stall.to_bad = bursty->p;
        stall.to_good = bursty->r;
        stall.bad_loss = bursty->bad_loss;
        return stall;
    }
    return std::nullopt;
}

void add_modelled(std::vector<proxy::Fault>& faults, const link::DirectionSpec& spec, proxy::Directions directions,
                  link::Duration round_trip) {
    const auto jitter = spec.jitter.value_or(link::Jitter{});
    const auto latency = spec.latency.value_or(link::Duration{0});
    if (latency.count() + jitter.amount.count() > 0) {
        proxy::action::Delay delay;
        delay.directions = directions;
        delay.time = latency;
        delay.jitter = jitter.amount;
        delay.distribution = static_cast<proxy::Jitter>(jitter.spread);
        add_modelled(faults, delay);
    }
    if (spec.rate && spec.rate->bytes_per_second > 0)
        add_modelled(faults, proxy::action::Throttle{directions, spec.rate->bytes_per_second});
    if (auto stall = modelled_loss(spec.loss.value_or(link::NoLoss{}))) {
        stall->directions = directions;
        stall->round_trip = round_trip;
        add_modelled(faults, *stall);
    }
}
static_assert(static_cast<int>(proxy::Jitter::normal) == static_cast<int>(link::Spread::normal) &&
              static_cast<int>(proxy::Jitter::pareto) == static_cast<int>(link::Spread::pareto));

}  // namespace

const std::string& link_obstacle() {
    static const std::string why = [] {
        std::string reason;
        static_cast<void>(link::Link::open({}, reason));
        return reason;
    }();
    return why;
}

Arm modelled(Arm arm) {
    const auto& network = *arm.network;
    const auto round_trip = network.towards_server.latency.value_or(link::Duration{0}) +
                            network.towards_client.latency.value_or(link::Duration{0});
    add_modelled(arm.faults, network.towards_server, proxy::Directions::client_to_server, round_trip);
    add_modelled(arm.faults, network.towards_client, proxy::Directions::server_to_client, round_trip);
    arm.network.reset();
    return arm;
}

std::unique_ptr<NetworkRun> NetworkRun::open(asio::io_context& io, const link::NetworkSpec& spec, std::uint64_t seed,
                                             const std::string& scenario, std::string& why,
                                             const std::string& capture) {
    std::unique_ptr<NetworkRun> run(new NetworkRun(io, spec));
    link::LinkConfig config;
    config.network = spec;
    config.seed = seed;
    config.scenario = scenario;
    if (!capture.empty()) {
        run->capture_ = capture;
        const ClockPair now{std::chrono::system_clock::now(), proxy::Clock::now()};
        config.hooks.tap = [file = std::make_shared<LinkCapture>(capture, now)](
                               Direction direction, bool leaves, const link::Packet& packet, proxy::Time time) {
            file->take(direction, leaves, packet, time);
        };
    }
    run->link_ = link::Link::open(config, why);
    return run->link_ ? std::move(run) : nullptr;
}

// Keeps the link: a socket may be asked for as long as somebody holds this.
proxy::MakeSocket NetworkRun::maker(Place place) const {
    return [link = link_, place, every = spec_.keep_alive](int family) {
        auto socket = link->socket(place, family, SOCK_STREAM);
        if (socket && every.count() > 0) keep_alive(socket.get(), every);
        return socket.release();
    };
}

proxy::MakeSocket NetworkRun::datagrams(Place place) const {
    return [link = link_, place](int family) { return link->socket(place, family, SOCK_DGRAM).release(); };
}

void NetworkRun::start_hop(proxy::RelaySettings settings) {
    settings.keep_logs = false;
    hop_ = std::make_unique<proxy::Relay>(io_, proxy::FaultPlan{}, std::move(settings));
    hop_->start();
}

void NetworkRun::place(proxy::RelaySettings& settings) {
    if (spec_.between != link::Between::server) {
        settings.listen = anywhere_inside();
        settings.make_listener = maker(Place::server);
        return;
    }
    proxy::RelaySettings hop;
    hop.listen = anywhere_inside();
    hop.make_listener = maker(Place::server);
    hop.connection.upstream = settings.connection.upstream;
    start_hop(std::move(hop));
    settings.connection.upstream = {across(hop_->port())};
    settings.connection.make_socket = maker(Place::client);
}

void NetworkRun::place(ClientTask& client, std::uint16_t port) {
    switch (spec_.between) {
        case link::Between::client: {
            client.target = {link::server_address, port};
            client.probe.make_socket = maker(Place::client);
            const auto door = link_->door(Place::client);
            client.inside.user = door.user;
            client.inside.network = door.network;
            break;
        }
        case link::Between::middle: {
            client.target = {"127.0.0.1", lead_in(loopback(), port)};
            break;
        }
        case link::Between::server: client.target = {"127.0.0.1", port}; break;
    }
}

std::uint16_t NetworkRun::lead_in(tcp::endpoint listen, std::uint16_t port) {
    proxy::RelaySettings hop;
    hop.listen = std::move(listen);
    hop.connection.upstream = {across(port)};
    hop.connection.make_socket = maker(Place::client);
    start_hop(std::move(hop));
    return hop_->port();
}

void NetworkRun::saw(const proxy::Event& event) {
    const bool end = event.kind == proxy::Event::Kind::leg_ended;
    if (event.kind != proxy::Event::Kind::stage && !end) return;
    if (event.stage) link_->reached(*event.stage);
    // Of the many records of a session not each is worth a look.
    if (end || event.nth <= 1) sample();
}

void NetworkRun::sample() {
    update(client_end_, link_->facts(Place::client));
    update(server_end_, link_->facts(Place::server));
}

void NetworkRun::stop(std::function<void()> stopped) {
    if (hop_)
        hop_->stop(std::move(stopped));
    else
        asio::post(io_, std::move(stopped));
}

NetworkEvidence NetworkRun::evidence() const {
    return {spec_.between, link_->report(), client_end_, server_end_, capture_};
}

}  // namespace rdpfault::harness
