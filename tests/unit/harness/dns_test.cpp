// The `dns:` part: read, changed by a fix, judged.
#include "harness/arm.hpp"
#include "harness/verdict.hpp"
#include "tests/unit/harness/evidence.hpp"
#include "tests/unit/harness/loading.hpp"

namespace rdpfault::harness {
namespace {

using server::NameAnswer;
using std::chrono::milliseconds;
using testing::Contains;
using testing::HasSubstr;

server::DnsConfig dns_of(const std::string& dns) {
    return scenario_of(scenario_text("dns: { " + dns + " }\n")).dns.value_or(server::DnsConfig{});
}
void expect_dns_error(const std::string& dns, const std::string& part) {
    expect_error(scenario_text("dns: { " + dns + " }\n"), part);
}

TEST(Dns, ReadsWhatIsAnswered) {
    EXPECT_EQ(dns_of("answer: no-such-name, delay: 2s, first: 3"),
              (server::DnsConfig{NameAnswer::no_such_name, {}, milliseconds(2000), 3}));
    EXPECT_EQ(dns_of("address: 192.0.2.7").address, (server::Ipv4{192, 0, 2, 7}));
    expect_dns_error("answer: no-such-nam", "did you mean 'no-such-name'?");
    expect_dns_error("address: lab", "an IPv4 address");
    expect_dns_error("answer: refused, address: 192.0.2.7", "leave out 'answer:'");
    expect_dns_error("adress: 192.0.2.7", "did you mean 'address'?");
}

TEST(Dns, StandsInTheFaultArmAndInFixesThatDoNotTakeItAway) {
    const auto scenario = scenario_of(
        scenario_text("dns: { address: 192.0.2.7 }\n"
                      "fixes: { right: { action: a, dns: { answer: right } }, off: { action: b, dns: none } }\n"));
    const auto arms = arms_of(scenario);
    ASSERT_EQ(arms.size(), 4U);
    EXPECT_FALSE(arms[0].dns) << "the control arm dials an address";
    EXPECT_TRUE(server::misbehaves(*arms[1].dns));
    EXPECT_FALSE(server::misbehaves(*arms[2].dns));
    EXPECT_FALSE(arms[3].dns);
}

struct DnsVerdict : testing::Test {
    DnsVerdict() {
        arm.kind = ArmKind::fault;
        arm.dns = server::DnsConfig{NameAnswer::no_such_name, {}, {}, 0};
        EndExpectation end;
        end.ended_by = EndKind::name_not_found;
        end.mstsc = MstscPair{0x104, 0};
        arm.expect.any_of = {end};
        evidence.client = probe({met(Stage::tcp_connect, end_of(EndKind::name_not_found), false)});
        evidence.dns = server::DnsReport{1, 1};
    }
    Arm arm;
    Evidence evidence;
};

TEST_F(DnsVerdict, PassesWhenTheNameWasAskedForAndNotFound) {
    const auto verdict = judge(arm, evidence);
    EXPECT_EQ(verdict.result, Judgement::passed) << testing::PrintToString(verdict.reasons);
}

TEST_F(DnsVerdict, NobodyAskedIsNoFault) {
    evidence.dns = server::DnsReport{};
    const auto verdict = judge(arm, evidence);
    EXPECT_EQ(verdict.result, Judgement::fault_not_fired);
    EXPECT_THAT(verdict.reasons, Contains(HasSubstr("was not asked")));
}

TEST_F(DnsVerdict, ConnectionThatWasMadeSpeaksAgainstIt) {
    evidence.connections = {log_of(Stage::x224_request, proxy::ConnectionLog::Who::client, end_of(EndKind::close),
                                   leg(EndKind::close, false), leg(EndKind::close, true))};
    EXPECT_EQ(judge(arm, evidence).result, Judgement::failed);
}

TEST_F(DnsVerdict, ProgramSaysThatItDidNotFindTheName) {
    client::ProcessReport report;
    report.started = true;
    report.exit_code = 140;
    report.exit_name = "DNS_NAME_NOT_FOUND";
    evidence.client = report;
    const auto verdict = judge(arm, evidence);
    EXPECT_EQ(verdict.observed.ended_by.kind, EndKind::name_not_found);
    EXPECT_EQ(verdict.result, Judgement::passed) << testing::PrintToString(verdict.reasons);
}

}  // namespace
}  // namespace rdpfault::harness
