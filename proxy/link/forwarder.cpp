#include "proxy/link/forwarder.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <thread>

#include "proxy/link/chain.hpp"
#include "proxy/link/port.hpp"
#include "proxy/link/spotter.hpp"
#include "proxy/link/timeline.hpp"

namespace rdpfault::link {

namespace {

using proxy::Clock;

// Frames taken from one side before what is due is sent and the other gets its turn: as super-packets they are some 180
// packets, and the receiver's answers to all of them must find room in the other ring.
constexpr std::size_t turn = 16;
constexpr std::uint8_t client_mac[6] = {2, 0, 0, 0, 0, 1};
constexpr std::uint8_t server_mac[6] = {2, 0, 0, 0, 0, 2};

Descriptor packet_socket(Namespaces& namespaces) {
    auto socket = namespaces.socket(Place::middle, AF_PACKET, SOCK_RAW, 0);
    if (!socket) throw std::system_error(errno, std::generic_category(), "a packet socket in the middle namespace");
    return socket;
}

// Chatter of the two hosts with a network that is not there: router solicitations, multicast listeners.
bool is_noise(const Packet& packet) {
    const auto* destination = packet.bytes.data() + packet.headers.destination_at();
    if (packet.headers.version == 4) return destination[0] >= 224;
    return destination[0] == 0xff || (destination[0] == 0xfe && (destination[1] & 0xc0) == 0x80);
}

bool begins_flow(const Packet& packet) {
    return packet.headers.kind == Kind::syn || packet.headers.kind == Kind::udp;
}

DirectionReport report_of(const Chain& chain) {
    DirectionReport report;
    report.entered = chain.entered();
    report.left = chain.left();
    for (const auto& effect : chain.effects())
        if (effect->dropped().get() + effect->touched().get() > 0)
            report.effects.push_back({std::string(effect->name()), effect->dropped().get(), effect->touched().get()});
    return report;
}

}  // namespace

class Forwarder::State {
  public:
    State(Namespaces& namespaces, const NetworkSpec& spec, std::uint64_t seed, const std::string& scenario, Hooks hooks)
        : hooks_(std::move(hooks)),
          spotting_(spec.names_stages()),
          timeline_(spec, Clock::now()),
          flows_(std::make_shared<FlowTable>()),
          towards_server_(packet_socket(namespaces), "c", chance(seed, scenario, Direction::client_to_server), *this),
          towards_client_(packet_socket(namespaces), "s", chance(seed, scenario, Direction::server_to_client), *this),
          wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        if (!wake_) throw std::system_error(errno, std::generic_category(), "eventfd");
        configure(Clock::now());
        thread_ = std::thread([this] { run(); });
    }

    ~State() {
        stopping_ = true;
        wake();
        thread_.join();
    }

    void reached(Stage stage) {
        pending_.fetch_or(std::uint64_t{1} << static_cast<unsigned>(stage));
        wake();
    }

    LinkReport report() const {
        LinkReport report;
        report.towards_server = report_of(towards_server_.chain);
        report.towards_client = report_of(towards_client_.chain);
        report.changes = changes_.get();
        report.overruns = overruns_.get();
        report.refused = refused_.get();
        return report;
    }

  private:
    // One direction: the port its packets come from, the effects, and what has crossed the link.
    struct Path {
        Path(Descriptor socket, const char* from, const Chance& chance, State& the_state)
            : state(the_state),
              direction(chance.direction),
              port(std::move(socket), from),
              chain(
                  chance, state.flows_, [this](PacketPtr packet, Time at) { leaves(std::move(packet), at); },
                  [this](PacketPtr packet, Time at) { state.other(direction).enter(std::move(packet), at, true); }) {}

        void enter(PacketPtr packet, Time now, bool own) {
            if (state.hooks_.tap) state.hooks_.tap(direction, false, *packet, now);
            chain.enter(std::move(packet), now, own);
        }
        void leaves(PacketPtr packet, Time at) {
            if (state.hooks_.tap) state.hooks_.tap(direction, true, *packet, at);
            crossed.push_back(std::move(packet));
        }

        State& state;
        Direction direction;
        Port port;
        Chain chain;
        std::vector<PacketPtr> arrived, crossed;
    };
    static_assert(static_cast<unsigned>(Stage::rdp_disconnect) < 64, "a bit for each stage");

    static Chance chance(std::uint64_t seed, const std::string& scenario, Direction direction) {
        return {.seed = seed, .scenario = scenario, .direction = direction};
    }
    Path& other(Direction direction) {
        return direction == Direction::client_to_server ? towards_client_ : towards_server_;
    }
    void wake() {
        const std::uint64_t one = 1;
        static_cast<void>(!::write(wake_.get(), &one, sizeof one));  // full means awake
    }

    void configure(Time now) {
        towards_server_.chain.configure(timeline_.of(Direction::client_to_server), now);
        towards_client_.chain.configure(timeline_.of(Direction::server_to_client), now);
    }
    void changed(std::size_t count, Time now) {
        if (count == 0) return;
        changes_ += count;
        configure(now);
    }

    void run() {
        ::prctl(PR_SET_NAME, "rdpfault-link");
        ::prctl(PR_SET_TIMERSLACK, 1UL);
        while (!stopping_) {
            const auto now = Clock::now();
            take_reached(now);
            changed(timeline_.advance(now), now);
            const auto taken = carry(towards_server_, now) + carry(towards_client_, now);
            send(towards_server_, server_mac, towards_client_.port);
            send(towards_client_, client_mac, towards_server_.port);
            if (taken == 0) wait();
        }
    }

    void take_reached(Time now) {
        auto reached = pending_.exchange(0);
        for (unsigned stage = 0; reached != 0; ++stage, reached >>= 1)
            if (reached & 1) {
                changed(timeline_.at(static_cast<Stage>(stage)), now);
                changed(timeline_.after(static_cast<Stage>(stage)), now);
            }
    }

    std::size_t carry(Path& path, Time now) {
        const auto taken = path.port.receive(path.arrived, turn);
        for (auto& packet : path.arrived) {
            if (is_noise(*packet)) continue;
            if (hooks_.begins && path.direction == Direction::client_to_server && begins_flow(*packet))
                hooks_.begins(*packet);
            if (!spotting_) {
                path.enter(std::move(packet), now, false);
                continue;
            }
            spotter_.look(*packet, path.direction);
            const auto stages = packet->stages;
            for (const auto stage : stages)
                changed(timeline_.at(stage), now);
            path.enter(std::move(packet), now, false);
            for (const auto stage : stages)
                changed(timeline_.after(stage), now);
        }
        path.arrived.clear();
        path.chain.advance(now);
        return taken;
    }

    void send(Path& path, const std::uint8_t (&destination)[6], Port& port) {
        if (path.crossed.empty()) return;
        refused_ += port.send(path.crossed, destination);
        path.crossed.clear();
    }

    void wait() {
        auto next = timeline_.due();
        for (const auto* path : {&towards_server_, &towards_client_})
            if (const auto due = path->chain.due(); due && (!next || *due < *next)) next = due;
        timespec timeout{};
        if (next) {
            const auto left = std::max<std::int64_t>(
                0, std::chrono::duration_cast<std::chrono::nanoseconds>(*next - Clock::now()).count());
            timeout.tv_sec = left / 1'000'000'000;
            timeout.tv_nsec = left % 1'000'000'000;
        }
        pollfd ready[3] = {{towards_server_.port.descriptor(), POLLIN, 0},
                           {towards_client_.port.descriptor(), POLLIN, 0},
                           {wake_.get(), POLLIN, 0}};
        ::ppoll(ready, 3, next ? &timeout : nullptr, nullptr);
        if (ready[2].revents != 0) {
            std::uint64_t ignored = 0;
            static_cast<void>(!::read(wake_.get(), &ignored, sizeof ignored));
        }
        overruns_ += towards_server_.port.overruns() + towards_client_.port.overruns();
    }

    Hooks hooks_;
    const bool spotting_;
    Spotter spotter_;
    Timeline timeline_;
    std::shared_ptr<FlowTable> flows_;
    Path towards_server_, towards_client_;
    Descriptor wake_;
    std::atomic<std::uint64_t> pending_ = 0;  // a bit for each stage reached
    std::atomic<bool> stopping_ = false;
    Counter changes_, overruns_, refused_;
    std::thread thread_;
};

Forwarder::Forwarder(Namespaces& namespaces, const NetworkSpec& spec, std::uint64_t seed, const std::string& scenario,
                     Hooks hooks)
    : state_(std::make_unique<State>(namespaces, spec, seed, scenario, std::move(hooks))) {}

Forwarder::~Forwarder() = default;

void Forwarder::reached(Stage stage) {
    state_->reached(stage);
}

LinkReport Forwarder::report() const {
    return state_->report();
}

}  // namespace rdpfault::link
