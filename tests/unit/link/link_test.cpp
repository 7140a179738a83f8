// The link with real packets: a TCP connection across it, whose kernel must repair what the link loses.
#include "proxy/link/link.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <thread>

#include "proxy/link/tcp_facts.hpp"
#include "tests/unit/link/sockets.hpp"

namespace rdpfault::link {
namespace {

TEST(Link, TcpRetransmitsWhatIsLost) {
    LinkConfig config;
    config.network.congestion = "reno";
    config.network.towards_server.loss = Bernoulli{0.05};
    config.network.towards_server.latency = Duration{5'000};
    config.network.towards_client.latency = Duration{5'000};
    const auto pair = connect_over(config);
    const auto sent = transfer(pair, 3'000'000);
    EXPECT_EQ(sent.received, 3'000'000U);
    const auto report = pair.link->report();
    std::uint64_t dropped = 0;
    for (const auto& effect : report.towards_server.effects)
        if (effect.effect == "loss") dropped = effect.dropped;
    SCOPED_TRACE(to_string(report) + "; " + to_string(sent.facts));
    EXPECT_GT(dropped, 50U);
    EXPECT_GE(sent.facts.retransmits, dropped - 3);  // acknowledgements and the handshake are not retransmitted
    EXPECT_GE(sent.facts.rtt.count(), 9'000);
    EXPECT_EQ(report.overruns, 0U);
}

}  // namespace
}  // namespace rdpfault::link
