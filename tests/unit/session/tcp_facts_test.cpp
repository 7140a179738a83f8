// What the kernel knows of the legs goes into the account; a line is made of it only when packets were sent again, and
// when a leg has ended.
#include "playbook.hpp"

namespace rdpfault::proxy {
namespace {

TcpFacts facts(std::uint32_t retransmits) {
    TcpFacts facts;
    facts.rtt = milliseconds(40);
    facts.retransmits = retransmits;
    facts.congestion_window = 10;
    return facts;
}

std::vector<std::uint32_t> told(const ConnectionLog& log) {
    std::vector<std::uint32_t> retransmits;
    for (const auto& event : log.events)
        if (event.kind == Event::Kind::tcp) retransmits.push_back(event.tcp->retransmits);
    return retransmits;
}

TEST(TcpFactsOfALeg, AreToldWhenPacketsWereSentAgain) {
    const FaultPlan plan;
    Session session(plan, 1);
    session.accepted("client", epoch);
    for (const std::uint32_t retransmits : {0, 0, 2, 2, 3})
        session.saw_tcp(Side::client, facts(retransmits), epoch);
    EXPECT_EQ(told(session.log()), (std::vector<std::uint32_t>{2, 3}));
    EXPECT_EQ(session.log().client_tcp, facts(3));
    EXPECT_FALSE(session.log().server_tcp);
    EXPECT_EQ(to_string(session.log().events.back().kind), "tcp");
}

TEST(TcpFactsOfALeg, AreToldWhenItHasEnded) {
    const FaultPlan plan;
    Session session(plan, 1);
    session.accepted("client", epoch);
    session.server_connected({}, epoch);
    session.failed(Side::server, {.kind = EndKind::reset, .detail = {}}, epoch);
    session.saw_tcp(Side::server, facts(0), epoch);
    EXPECT_EQ(told(session.log()), std::vector<std::uint32_t>{0});
    EXPECT_EQ(session.log().events.back().side, Side::server);
}

}  // namespace
}  // namespace rdpfault::proxy
