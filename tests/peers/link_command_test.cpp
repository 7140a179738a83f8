// `rdpfault link`: any command behind an emulated link, its TCP and its datagrams; and `rdpfault proxy` with a link in
// its middle for a client that is elsewhere.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "tests/peers/support/rdpfault.hpp"

namespace rdpfault::peers {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

struct LinkCommand : testing::Test {
    void write_network(const std::string& text) { write_file(folder / "network.yaml", text); }
    Outcome behind_link(const std::vector<std::string>& options, const std::vector<std::string>& command) {
        std::vector<std::string> arguments{"link", folder / "network.yaml"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        arguments.push_back("--");
        arguments.insert(arguments.end(), command.begin(), command.end());
        return rdpfault(arguments, folder);
    }
    TempDir folder;
};

TEST_F(LinkCommand, TakesAClientToItsServerAcrossTheLatency) {
    write_network("latency: 60ms\n");
    const Serve server;
    const auto outcome =
        behind_link({"--server", loopback(server.port())}, {program(), "probe", "{host}:{port}", "--format", "json"});
    ASSERT_EQ(outcome.exit, (Exit{0, std::nullopt})) << outcome.output << outcome.errors;
    const auto met = nlohmann::json::parse(outcome.output).at("connections").at(0);
    EXPECT_EQ(met.at("session_up"), true);
    // SYN, X.224, two flights of TLS and what follows: each a round trip of 120 ms.
    EXPECT_GE(met.at("duration_us"), 5 * 120'000);
    EXPECT_THAT(outcome.errors, ContainsRegex("link: .*to server [0-9]+ packets .delay"));
}

TEST_F(LinkCommand, EndsWithTheStatusOfTheCommand) {
    write_network("latency: 1ms\n");
    EXPECT_EQ(behind_link({}, {"sh", "-c", "exit 7"}).exit, (Exit{7, std::nullopt}));
    EXPECT_EQ(behind_link({}, {"sh", "-c", "kill -TERM $$"}).exit, (Exit{128 + 15, std::nullopt}));
    EXPECT_EQ(behind_link({}, {"/no/such/program"}).exit, (Exit{2, std::nullopt}));
}

// Says back what it is told, with "echo " before, until it goes.
class UdpEcho {
  public:
    UdpEcho() : socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        socklen_t size = sizeof address;
        EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { answer(); });
    }
    ~UdpEcho() {
        ::shutdown(socket_, SHUT_RD);
        thread_.join();
        ::close(socket_);
    }
    UdpEcho(const UdpEcho&) = delete;
    UdpEcho& operator=(const UdpEcho&) = delete;
    std::uint16_t port() const { return port_; }

  private:
    void answer() {
        char text[512] = "echo ";
        sockaddr_in from{};
        for (;;) {
            socklen_t size = sizeof from;
            const auto count =
                ::recvfrom(socket_, text + 5, sizeof text - 5, 0, reinterpret_cast<sockaddr*>(&from), &size);
            if (count <= 0) return;
            ::sendto(socket_, text, static_cast<std::size_t>(count) + 5, 0, reinterpret_cast<sockaddr*>(&from), size);
        }
    }
    int socket_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

TEST_F(LinkCommand, TakesDatagramsOutAndTheirAnswersBack) {
    write_network("latency: 30ms\n");
    const UdpEcho echo;
    const auto outcome = behind_link({}, {"python3", "-c",
                                          "import socket, time\n"
                                          "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                                          "s.settimeout(10)\n"
                                          "for word in (b'one', b'two'):\n"
                                          "    began = time.monotonic()\n"
                                          "    s.sendto(word, ('198.18.0.2', " +
                                              std::to_string(echo.port()) +
                                              "))\n"
                                              "    print(s.recv(99).decode(), time.monotonic() - began >= 0.06)\n"});
    EXPECT_EQ(outcome.output, "echo one True\necho two True\n") << outcome.errors;
}

TEST_F(LinkCommand, DatagramForNobodyIsNotAnswered) {
    write_network("latency: 1ms\n");
    const auto outcome = behind_link({}, {"python3", "-c",
                                          "import socket\n"
                                          "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                                          "s.settimeout(0.3)\n"
                                          "s.sendto(b'x', ('198.18.0.2', 9))\n"
                                          "try: print(s.recv(99))\n"
                                          "except TimeoutError: print('silence')\n"});
    EXPECT_EQ(outcome.output, "silence\n") << outcome.errors;
}

// mstsc cannot be put behind a link: the link is put behind mstsc.
TEST_F(LinkCommand, ProxyHoldsALinkForAClientOutside) {
    const Serve server;
    Proxy proxy(
        server.port(),
        "{ mode: pass-through }, network: { latency: 60ms, towards_client: { lose: [ { kind: data, nth: 3 } ] } }");
    const auto outcome = rdpfault({"probe", loopback(proxy.port()), "--format", "json"}, folder);
    ASSERT_EQ(outcome.exit, (Exit{0, std::nullopt})) << outcome.errors << proxy.log() << proxy.errors();
    EXPECT_GE(nlohmann::json::parse(outcome.output).at("connections").at(0).at("duration_us"), 5 * 120'000);
    EXPECT_THAT(proxy.errors(), HasSubstr("in the middle"));
    proxy.process().signal(SIGINT);
    EXPECT_EQ(proxy.process().wait(seconds(10)), (Exit{0, std::nullopt}));
    EXPECT_THAT(proxy.errors(), ContainsRegex("link: .*lose"));
    EXPECT_THAT(proxy.log(), ContainsRegex("TCP with the client: rtt 1[2-9][0-9]\\.[0-9] ms, 1 retransmit"));
}

}  // namespace
}  // namespace rdpfault::peers
