// The lab's name server and the probe's own lookup, against each other over UDP.
#include "server/dns_responder.hpp"

#include <gmock/gmock.h>

#include "client/name_lookup.hpp"

namespace rdpfault::server {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr auto name = "rdp.rdpfault.test";
constexpr Ipv4 right{192, 0, 2, 1};

struct DnsLab : testing::Test {
    struct Result {
        std::vector<std::string> addresses;
        std::string why;
    };
    void serve(const DnsConfig& config) {
        responder = DnsResponder::start(io, -1, {asio::ip::address_v4::loopback(), 0}, name, right, config);
    }
    Result look_up(const std::string& what = name, milliseconds timeout = milliseconds(2000), unsigned attempts = 2) {
        Result result;
        bool done = false;
        const auto lookup = std::make_shared<client::NameLookup>(
            io.get_executor(), client::NameServer{"127.0.0.1", responder->port(), timeout, attempts, {}}, what,
            [&](const client::NameLookup::Addresses& addresses, const Ending& ending) {
                for (const auto& address : addresses)
                    result.addresses.push_back(address.to_string());
                EXPECT_EQ(addresses.empty(), ending.kind == EndKind::name_not_found);
                result.why = ending.detail;
                done = true;
            });
        lookup->start();
        io.restart();
        const auto bound = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!done && std::chrono::steady_clock::now() < bound)
            io.run_one_for(std::chrono::seconds(1));
        EXPECT_TRUE(done);
        return result;
    }
    void TearDown() override {
        if (responder) responder->stop();
        io.restart();
        io.run();
    }
    asio::io_context io;
    std::shared_ptr<DnsResponder> responder;
};

TEST_F(DnsLab, RightAnswer) {
    serve({});
    EXPECT_EQ(look_up().addresses, std::vector<std::string>{"192.0.2.1"});
    EXPECT_EQ(responder->report().queries, 1U);
    EXPECT_EQ(responder->report().wrong, 0U);
}

TEST_F(DnsLab, OtherNamesDoNotExist) {
    serve({});
    EXPECT_EQ(look_up("other.rdpfault.test").why, "name does not exist");
}

TEST_F(DnsLab, WrongAnswersAreToldApart) {
    const std::pair<NameAnswer, const char*> cases[] = {{NameAnswer::no_such_name, "name does not exist"},
                                                        {NameAnswer::no_address, "the name has no address"},
                                                        {NameAnswer::server_failure, "server failure"},
                                                        {NameAnswer::refused, "refused"}};
    for (const auto& [answer, why] : cases) {
        serve({.answer = answer});
        EXPECT_EQ(look_up().why, why);
        EXPECT_EQ(responder->report().wrong, 1U);
        responder->stop();
    }
}

TEST_F(DnsLab, SilenceIsAskedAgainAndThenGivenUp) {
    serve({.answer = NameAnswer::silence});
    EXPECT_THAT(look_up(name, milliseconds(50), 3).why, HasSubstr("no answer"));
    EXPECT_EQ(responder->report().queries, 3U);
}

TEST_F(DnsLab, StaleRecordIsReplaced) {
    serve({.address = Ipv4{192, 0, 2, 99}, .first = 1});
    EXPECT_EQ(look_up().addresses, std::vector<std::string>{"192.0.2.99"});
    EXPECT_EQ(look_up().addresses, std::vector<std::string>{"192.0.2.1"});
    EXPECT_EQ(responder->report().wrong, 1U);
}

// The answer to the first question comes when the second was asked, and is taken.
TEST_F(DnsLab, SlowAnswerIsWaitedFor) {
    serve({.delay = milliseconds(150)});
    EXPECT_EQ(look_up(name, milliseconds(100)).addresses, std::vector<std::string>{"192.0.2.1"});
    EXPECT_EQ(responder->report().queries, 2U);
    EXPECT_EQ(responder->report().wrong, 2U);
}

TEST_F(DnsLab, NobodyAtThePortIsNoWait) {
    serve({});
    responder->stop();
    udp::socket closed(io, {asio::ip::address_v4::loopback(), 0});
    const auto port = closed.local_endpoint().port();
    closed.close();
    std::string why;
    const auto lookup = std::make_shared<client::NameLookup>(
        io.get_executor(), client::NameServer{"127.0.0.1", port, std::chrono::seconds(30), 2, {}}, name,
        [&](const client::NameLookup::Addresses&, const Ending& ending) { why = ending.detail; });
    lookup->start();
    io.restart();
    io.run_for(std::chrono::seconds(10));
    EXPECT_THAT(why, HasSubstr("refused"));
}

TEST_F(DnsLab, GarbageIsPassedOver) {
    serve({});
    udp::socket hostile(io, {asio::ip::address_v4::loopback(), 0});
    for (const std::size_t size : {0, 1, 11, 12, 100, 4096})
        hostile.send_to(asio::buffer(Bytes(size, 0xc0)), {asio::ip::address_v4::loopback(), responder->port()});
    EXPECT_EQ(look_up().addresses.size(), 1U);
    EXPECT_EQ(responder->report().queries, 1U);
}

}  // namespace
}  // namespace rdpfault::server
