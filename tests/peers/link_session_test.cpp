// A real client and real servers across the emulated link: what they make of packets that vanish, and of firewalls.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/peers/support/rdpfault.hpp"
#include "tests/peers/support/servers.hpp"

namespace rdpfault::peers {
namespace {

// The one run of the fault arm of this scenario, with xfreerdp, as results.json has it.
nlohmann::json fault_run(const std::string& body, std::uint16_t port, const std::string& verdict = "passed") {
    const TempDir folder;
    std::ofstream(folder / "across.yaml") << "name: across\nsummary: Across the link.\ncause: bad-link\n" << body;
    const auto outcome = rdpfault({"run", folder / "across.yaml", "--server", loopback(port), "--client", "xfreerdp",
                                   "--arm", "fault", "--out", folder / "report", "--quiet", "--format", "plain"},
                                  folder, seconds(120));
    const auto results = nlohmann::json::parse(read_file(folder / "report" / "results.json"));
    const auto& arm = results.at("arms").at(0);
    EXPECT_EQ(arm.at("verdict"), verdict) << outcome.output << outcome.errors;
    return arm.at("runs").at(0);
}

// How long after the silence, which began with the fifth second of the link, the client ended. The link is there before
// the client is, by as long as its display takes to start.
double seconds_of_silence(const nlohmann::json& run) {
    return run.at("client").at("duration_ms").get<double>() / 1000 - 5;
}

constexpr auto silence =
    "network: { timeline: [ { time: 5s, silent: true } ] }\n"
    "client: { linger: 40s }\ntimeout: 40s\nexpect: { ended_by: timeout, session_up: true }\n";

template <class Server>
class LinkSession : public testing::Test {};
using Servers = testing::Types<Xrdp, FreerdpShadow>;
TYPED_TEST_SUITE(LinkSession, Servers);

TYPED_TEST(LinkSession, SurvivesAVpn) {
    const TypeParam server;
    const auto run = fault_run(
        "network: { latency: 40ms, jitter: 10ms, loss: 0.01 }\nexpect: connected\ntimeout: 60s\n", server.port());
    EXPECT_EQ(run.at("client").at("session_up"), true);
}

TYPED_TEST(LinkSession, EndsWithinTenSecondsOfSilence) {
    const TypeParam server;
    const auto run = fault_run(silence, server.port());
    EXPECT_EQ(run.at("client").at("session_up"), true);
    EXPECT_GE(seconds_of_silence(run), 5);
    EXPECT_LE(seconds_of_silence(run), 11);
}

// The same client against a proxy that keeps still while its kernel acknowledges: it never notices.
TEST(LinkAcross, StallOfTheProxyIsNotNoticed) {
    const Xrdp server;
    const auto run = fault_run(
        "network: { latency: 1ms }\nfaults: [ { at: start, elapsed: 5s, do: { stall: forever } } ]\n"
        "client: { linger: 60s }\ntimeout: 25s\nexpect: { ended_by: timeout }\n",
        server.port());
    EXPECT_EQ(run.at("timed_out"), true);
}

TEST(LinkAcross, FirewallsAreReportedAsXfreerdpReportsThem) {
    const Xrdp server;
    const auto run = [&](const std::string& answer) {
        return fault_run("network: { towards_server: { syn: " + answer +
                             " } }\nexpect: { ended_by: client_exit }\ntimeout: 40s\n",
                         server.port())
            .at("client");
    };
    const auto reset = run("reset"), prohibited = run("prohibited"), dropped = run("drop");
    EXPECT_EQ(reset.at("exit_name"), "CONNECT_TRANSPORT_FAILED");
    EXPECT_LE(reset.at("duration_ms"), 5000);
    EXPECT_EQ(prohibited.at("exit_name"), "CONNECT_TRANSPORT_FAILED");
    EXPECT_LE(prohibited.at("duration_ms"), 5000);
    EXPECT_EQ(dropped.at("exit_name"), "CONNECT_FAILED");
    EXPECT_GE(dropped.at("duration_ms"), 10'000);
}

// A real client asks the name server that its system names, which behind the link is the run's own.
TEST(LinkAcross, XfreerdpMeetsTheNameServerOfTheRun) {
    const Xrdp server(Xrdp::Shows::login_window);
    const auto run = [&](const std::string& dns, const std::string& expect) {
        return fault_run("dns: { " + dns + " }\nexpect: " + expect + "\ntimeout: 40s\n", server.port());
    };
    const auto found = run("delay: 300ms", "connected");
    EXPECT_EQ(found.at("client").at("session_up"), true);
    EXPECT_GE(found.at("dns").at("wrong"), 1);

    const auto missing = run("answer: no-such-name", "{ ended_by: name_not_found, mstsc: 0x104/0x0 }");
    EXPECT_EQ(missing.at("client").at("exit_name"), "DNS_NAME_NOT_FOUND");
    EXPECT_EQ(missing.at("mstsc").at("pair"), "0x104/0x0");

    const auto elsewhere = run("address: 127.0.0.77", "{ ended_by: client_exit }");
    EXPECT_EQ(elsewhere.at("client").at("exit_name"), "CONNECT_TRANSPORT_FAILED");
}

}  // namespace
}  // namespace rdpfault::peers
