// The link with real packets: what kernels make of what it does, as seen at their sockets.
#include "proxy/link/link.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <thread>

#include "tests/unit/link/sockets.hpp"

namespace rdpfault::link {
namespace {

using std::chrono::milliseconds;

std::uint64_t dropped(const DirectionReport& direction, const std::string& name) {
    for (const auto& effect : direction.effects)
        if (effect.effect == name) return effect.dropped;
    return 0;
}

// Waits for what will come, with a bound.
template <class Condition>
bool eventually(Condition condition, milliseconds bound = milliseconds(10'000)) {
    const auto limit = std::chrono::steady_clock::now() + bound;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > limit) return false;
        std::this_thread::sleep_for(milliseconds(1));
    }
    return true;
}

bool readable(const Descriptor& socket, milliseconds bound) {
    pollfd ready{socket.get(), POLLIN, 0};
    return ::poll(&ready, 1, static_cast<int>(bound.count())) == 1;
}

TEST(Link, TcpRetransmitsWhatIsLost) {
    LinkConfig config;
    config.network.congestion = "reno";
    config.network.towards_server.loss = Bernoulli{0.05};
    config.network.towards_server.latency = config.network.towards_client.latency = milliseconds(5);
    const auto pair = connect_over(config);
    const auto sent = transfer(pair, 3'000'000);
    const auto report = pair.link->report();
    const auto lost = dropped(report.towards_server, "loss");
    SCOPED_TRACE(to_string(report) + "; " + to_string(sent.facts));
    EXPECT_EQ(sent.received, 3'000'000U);
    EXPECT_GT(lost, 50U);
    EXPECT_GE(sent.facts.retransmits + 3, lost);      // acknowledgements and SYNs are not sent again
    EXPECT_LE(sent.facts.retransmits, lost * 3 / 2);  // and little is sent again that was not lost
    EXPECT_GE(sent.facts.rtt.count(), 9'000);
    EXPECT_EQ(report.overruns, 0U);
}

TEST(Link, CarriesIpVersion6) {
    const auto link = open_link({});
    auto listener = link->socket(Place::server, AF_INET6);
    if (!listener) GTEST_SKIP() << "this kernel has no IPv6";
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    ::inet_pton(AF_INET6, server_address6, &address.sin6_addr);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(::bind(listener.get(), generic, size), 0);
    ASSERT_EQ(::listen(listener.get(), 1), 0);
    ::getsockname(listener.get(), generic, &size);
    const auto client = link->socket(Place::client, AF_INET6);
    ASSERT_EQ(::connect(client.get(), generic, size), 0);
    const Descriptor server(::accept(listener.get(), nullptr, nullptr));
    EXPECT_GE(server.get(), 0);
}

constexpr std::uint32_t packets = 100'000;

// What was missing of the numbered datagrams where they arrived.
struct Captured {
    std::uint32_t lost = 0, bursts = 0;
    double rate() const { return static_cast<double>(lost) / packets; }
    double mean_burst() const { return static_cast<double>(lost) / bursts; }
};

// Sends them a hundred at a time, so that no ring overruns.
Captured capture(const Loss& loss) {
    LinkConfig config;
    config.network.towards_server.loss = loss;
    const auto link = open_link(config);
    const auto flow = open_datagrams(*link);
    std::vector<bool> arrived(packets);
    std::uint64_t received = 0;
    const auto drain = [&] {
        for (std::uint32_t number = 0; ::recv(flow.server.get(), &number, sizeof number, MSG_DONTWAIT) > 0; ++received)
            arrived.at(number) = true;
    };
    for (std::uint32_t sent = 0; sent < packets;) {
        for (int i = 0; i < 100; ++i, ++sent)
            EXPECT_EQ(::send(flow.client.get(), &sent, sizeof sent, 0), 4);
        EXPECT_TRUE(eventually([&] { return link->report().towards_server.entered == sent; }));
        drain();
    }
    EXPECT_TRUE(eventually([&] {
        drain();
        return received == link->report().towards_server.left;
    }));
    EXPECT_EQ(link->report().overruns, 0U);
    Captured captured;
    for (std::size_t i = 0; i < packets; ++i) {
        if (arrived[i]) continue;
        ++captured.lost;
        if (i == 0 || arrived[i - 1]) ++captured.bursts;
    }
    return captured;
}

class CapturedLoss : public testing::TestWithParam<double> {};

// 100,000 datagrams, counted where they arrive.
TEST_P(CapturedLoss, LiesWithinThreeSigma) {
    const double p = GetParam();
    const auto captured = capture(Bernoulli{p});
    EXPECT_NEAR(captured.rate(), p, 3 * std::sqrt(p * (1 - p) / packets));
}
INSTANTIATE_TEST_SUITE_P(Rates, CapturedLoss, testing::Values(0.001, 0.01, 0.05, 0.2));

TEST(CapturedBursts, OfTwoStatesAreWhatTheClosedFormSays) {
    const auto captured = capture(GilbertElliott{.p = 0.01, .r = 0.25, .bad_loss = 1, .good_loss = 0});
    EXPECT_NEAR(captured.rate(), 0.01 / 0.26, 0.1 * 0.01 / 0.26);
    EXPECT_NEAR(captured.mean_burst(), 1 / 0.25, 0.1 / 0.25);
}

TEST(CapturedBursts, OfFourStatesAreWhatTheClosedFormSays) {
    const FourState model{.p13 = 0.01, .p31 = 0.3, .p32 = 0.2, .p23 = 0.4, .p14 = 0.005};
    const double p1 = 1 / (1 + model.p14 + model.p13 / model.p31 + model.p13 * model.p32 / (model.p31 * model.p23));
    const double p2 = p1 * model.p13 * model.p32 / (model.p31 * model.p23);
    const double lost = p1 * (model.p14 + model.p13 / model.p31);
    const double run = lost / (p1 * (model.p13 + model.p14) + p2 * model.p23);
    const auto captured = capture(model);
    EXPECT_NEAR(captured.rate(), lost, 0.1 * lost);
    EXPECT_NEAR(captured.mean_burst(), run, 0.05 * run);
}

// Against the kernel's own time stamps. How late the latest are says more of the machine than of the link.
TEST(Link, LatencyIsNeverLessAndHardlyMore) {
    LinkConfig config;
    config.network.towards_server.latency = milliseconds(20);
    const auto link = open_link(config);
    const auto flow = open_datagrams(*link);
    std::vector<double> late;
    for (int i = 0; i < 100; ++i) {
        const auto sent = realtime();
        ASSERT_EQ(::send(flow.client.get(), "x", 1, 0), 1);
        ASSERT_TRUE(readable(flow.server, milliseconds(2000)));
        late.push_back(receive_stamp(flow.server) - sent - 0.020);
    }
    std::sort(late.begin(), late.end());
    EXPECT_GE(late.front(), 0);
    EXPECT_LE(late[late.size() / 2], 0.001);
}

TEST(Link, RateIsKeptWithinTwoPercent) {
    LinkConfig config;
    config.network.towards_server.rate = Rate{.bytes_per_second = 1'000'000, .burst = 0, .queue_packets = 10'000};
    const auto link = open_link(config);
    const auto flow = open_datagrams(*link);
    const std::vector<char> data(972, 'x');  // an IP packet of 1000 bytes
    constexpr int count = 600;
    for (int i = 0; i < count; ++i)
        ASSERT_EQ(::send(flow.client.get(), data.data(), data.size(), 0), static_cast<ssize_t>(data.size()));
    double first = 0, last = 0;
    for (int i = 0; i < count; ++i) {
        ASSERT_TRUE(readable(flow.server, milliseconds(2000))) << i;
        last = receive_stamp(flow.server);
        if (i == 0) first = last;
    }
    EXPECT_NEAR((count - 1) * 1000 / (last - first), 1'000'000, 20'000);
}

class Throughput : public testing::TestWithParam<double> {};

// Reno against Mathis, Semke, Mahdavi, Ott (CCR 1997), an acknowledgement for each segment. (Padhye's model adds
// time-outs that a kernel with RACK and tail loss probes hardly has.)
TEST_P(Throughput, IsWhatTheModelOfTcpSays) {
    const double p = GetParam(), rtt = 0.040;
    LinkConfig config;
    config.network.congestion = "reno";
    config.network.towards_server.loss = Bernoulli{p};
    config.network.towards_server.latency = config.network.towards_client.latency = milliseconds(20);
    const auto pair = connect_over(config);
    const auto sent = transfer(pair, p < 0.02 ? 5'000'000 : 2'000'000);
    const double model = 1448 / rtt * std::sqrt(1.5 / p);
    const double measured = static_cast<double>(sent.received) / sent.seconds;
    RecordProperty("ratio", std::to_string(measured / model));
    EXPECT_LE(measured, model * 1.5) << to_string(sent.facts);
    EXPECT_GE(measured, model / 1.5) << to_string(sent.facts);
}
INSTANTIATE_TEST_SUITE_P(Losses, Throughput, testing::Values(0.01, 0.05));

TEST(Link, FirewallsAnswerAsTheyDo) {
    const auto error_of = [](SynAnswer answer) {
        LinkConfig config;
        config.network.towards_server.syn = answer;
        const auto link = open_link(config);
        std::uint16_t port = 0;
        const auto listener = link->listen(Place::server, port);
        Descriptor socket;
        return dial(*link, socket, port, 2);
    };
    EXPECT_EQ(error_of(SynAnswer::pass), 0);
    EXPECT_EQ(error_of(SynAnswer::reset), ECONNREFUSED);
    EXPECT_EQ(error_of(SynAnswer::port_unreachable), ECONNREFUSED);
    EXPECT_EQ(error_of(SynAnswer::host_unreachable), EHOSTUNREACH);
    EXPECT_EQ(error_of(SynAnswer::prohibited), EHOSTUNREACH);
    EXPECT_EQ(error_of(SynAnswer::drop), ETIMEDOUT);
}

TEST(Link, ForgottenConnectionIsReset) {
    LinkConfig config;
    config.network.towards_server.idle = config.network.towards_client.idle = IdleLimit{milliseconds(200), true};
    const auto pair = connect_over(config);
    std::this_thread::sleep_for(milliseconds(300));  // this is the idling
    ASSERT_EQ(::send(pair.client.get(), "x", 1, MSG_NOSIGNAL), 1);
    ASSERT_TRUE(readable(pair.client, milliseconds(5000)));
    char byte = 0;
    EXPECT_EQ(::recv(pair.client.get(), &byte, 1, 0), -1);
    EXPECT_EQ(errno, ECONNRESET);
}

TEST(Link, PathMtuIsFoundUnlessTheHoleIsBlack) {
    for (const bool black_hole : {false, true}) {
        LinkConfig config;
        config.network.towards_server.mtu = Mtu{1000, black_hole};
        const auto pair = connect_over(config);
        const std::vector<char> data(4000, 'x');
        ASSERT_EQ(::send(pair.client.get(), data.data(), data.size(), MSG_NOSIGNAL), 4000);
        EXPECT_EQ(readable(pair.server, milliseconds(black_hole ? 500 : 5000)), !black_hole);
    }
}

TEST(Link, StageReachedElsewhereMovesTheTimeline) {
    LinkConfig config;
    Change silence;
    silence.after_stage = Stage::rdp_active;
    silence.towards_server.silent = true;
    config.network.timeline = {silence};
    const auto pair = connect_over(config);
    ASSERT_EQ(::send(pair.client.get(), "x", 1, MSG_NOSIGNAL), 1);
    ASSERT_TRUE(readable(pair.server, milliseconds(5000)));
    char byte = 0;
    ASSERT_EQ(::recv(pair.server.get(), &byte, 1, 0), 1);
    pair.link->reached(Stage::rdp_active);
    ASSERT_TRUE(eventually([&] { return pair.link->report().changes == 1; }));
    ASSERT_EQ(::send(pair.client.get(), "y", 1, MSG_NOSIGNAL), 1);
    ASSERT_TRUE(eventually([&] { return dropped(pair.link->report().towards_server, "silence") > 0; }));
    EXPECT_FALSE(readable(pair.server, milliseconds(0)));
}

TEST(Link, KernelsFactsOfBothEnds) {
    const auto pair = connect_over({});
    const auto client = pair.link->facts(Place::client);
    const auto server = pair.link->facts(Place::server);
    ASSERT_EQ(client.size(), 1U);
    ASSERT_EQ(server.size(), 1U);
    EXPECT_EQ(client[0].remote_port, server[0].local_port);
    EXPECT_EQ(client[0].local_port, server[0].remote_port);
    EXPECT_EQ(client[0].facts.segment_size, 1448U);
}

TEST(Link, SeveralStandSideBySide) {
    const auto one = connect_over({});
    const auto two = connect_over({});
    ASSERT_EQ(::send(one.client.get(), "x", 1, MSG_NOSIGNAL), 1);
    EXPECT_TRUE(readable(one.server, milliseconds(5000)));
    EXPECT_FALSE(readable(two.server, milliseconds(0)));
}

TEST(Link, NothingIsLeftOfItWhenItsProcessIsKilled) {
    const auto interfaces = [] {
        std::size_t count = 0;
        for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/sys/class/net"))
            ++count;
        return count;
    };
    const auto before = interfaces();
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        std::string why;
        const auto link = Link::open({}, why);
        const pid_t helper = link ? link->namespaces().helper() : 0;
        static_cast<void>(!::write(ends[1], &helper, sizeof helper));
        ::pause();
        ::_exit(0);
    }
    pid_t helper = 0;
    ASSERT_EQ(::read(ends[0], &helper, sizeof helper), static_cast<ssize_t>(sizeof helper));
    ASSERT_GT(helper, 0);
    EXPECT_TRUE(std::filesystem::exists("/proc/" + std::to_string(helper) + "/ns/net"));
    EXPECT_EQ(interfaces(), before);  // not in our network at any time
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    EXPECT_TRUE(eventually([&] {
        return ::kill(helper, 0) != 0 || !std::filesystem::exists("/proc/" + std::to_string(helper) + "/exe");
    }));
    ::close(ends[0]);
    ::close(ends[1]);
}

}  // namespace
}  // namespace rdpfault::link
