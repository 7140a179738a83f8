#include "loading.hpp"

namespace rdpfault::harness {
namespace {

using Who = proxy::ConnectionLog::Who;

std::string text(const std::string& expect) {
    return "name: x\nsummary: s\ncause: control\nexpect: " + expect + "\n";
}
Expectation expectation_of(const std::string& expect) {
    return scenario_of(text(expect)).expect;
}

TEST(Expectation, Connected) {
    EXPECT_TRUE(expectation_of("connected").connected);
    expect_error(text("conected"), "unknown expectation 'conected' (did you mean 'connected'?)");
}

TEST(Expectation, AllOfAnEnd) {
    const auto expect = expectation_of(
        "{ ends_at: tls.client_hello, ended_by: reset, who: proxy, session_up: false, mstsc: 0x904/0x7, connections: 3 "
        "}");
    EXPECT_FALSE(expect.connected);
    ASSERT_EQ(expect.any_of.size(), 1U);
    const auto& end = expect.any_of[0];
    EXPECT_EQ(end.ends_at, Stage::tls_client_hello);
    EXPECT_EQ(end.ended_by, EndKind::reset);
    EXPECT_FALSE(end.code);
    EXPECT_EQ(end.who, Who::proxy);
    EXPECT_EQ(end.session_up, false);
    EXPECT_EQ(end.mstsc, (MstscPair{0x904, 7}));
    EXPECT_EQ(end.connections, 3U);
}

TEST(Expectation, StageInsideTlsMayBeExpected) {
    EXPECT_EQ(expectation_of("{ ends_at: rdp.licensing }").any_of[0].ends_at, Stage::rdp_licensing);
}

TEST(Expectation, EndsWithACode) {
    const auto end = expectation_of("{ ended_by: { alert: 40 } }").any_of[0];
    EXPECT_EQ(end.ended_by, EndKind::tls_alert);
    EXPECT_EQ(end.code, 40U);
    EXPECT_EQ(expectation_of("{ ended_by: { error_info: 0x112F } }").any_of[0].code, 0x112fU);
    EXPECT_FALSE(expectation_of("{ ended_by: alert }").any_of[0].code);
    EXPECT_EQ(expectation_of("{ ended_by: { authentication: 0xC000006D } }").any_of[0].code, 0xC000006D);
    EXPECT_EQ(expectation_of("{ ended_by: { authentication: STATUS_LOGON_FAILURE } }").any_of[0].code, 0xC000006D);
    expect_error(text("{ ended_by: { authentication: STATUS_LOGIN_FAILURE } }"),
                 "did you mean 'STATUS_LOGON_FAILURE'?");
    expect_error(text("{ ended_by: { reset: 1 } }"), "unknown end 'reset'");
    expect_error(text("{ ended_by: { alert: 40, disconnect: 1 } }"), "names one end");
    expect_error(text("{ ended_by: rest }"), "did you mean 'reset'?");
}

// The words of files and those of reports are the same ones.
TEST(Expectation, WordsAreThoseOfReports) {
    for (const std::string word :
         {"orderly", "close", "reset", "timeout", "refused", "unreachable", "malformed", "tls_failure", "alert",
          "negotiation_failure", "license_error", "error_info", "disconnect", "authentication", "client_exit"}) {
        const auto kind = expectation_of("{ ended_by: " + word + " }").any_of.at(0).ended_by;
        EXPECT_EQ(kind, end_kind_from_string(word)) << word;
    }
}

TEST(Expectation, AlternativesInheritWhatIsCommon) {
    const auto expect =
        expectation_of("{ session_up: false, any_of: [ { ended_by: reset }, { ended_by: { alert: 40 } } ] }");
    ASSERT_EQ(expect.any_of.size(), 2U);
    EXPECT_EQ(expect.any_of[0].ended_by, EndKind::reset);
    EXPECT_EQ(expect.any_of[0].session_up, false);
    EXPECT_EQ(expect.any_of[1].code, 40U);
    EXPECT_EQ(expect.any_of[1].session_up, false);
}

TEST(Expectation, MustExpectSomething) {
    expect_error(text("{}"), "expects nothing");
    expect_error(text("{ any_of: [ { ended_by: reset } ] }"), "two or more alternatives");
    expect_error(text("{ any_of: [ { ended_by: reset }, {} ] }"), "expects nothing");
    expect_error(text("{ mstsc: 0x904 }"), "such as 0x904/0x7");
}

TEST(Expectation, TrafficIsNoStageToEndAt) {
    const std::string head = "name: x\nsummary: s\ncause: control\nexpect: ";
    expect_error(head + "{ ends_at: rdp.data }\n", "is traffic");
    const auto end = scenario_of(head + "{ ended_by: { authentication: 0xC000005E } }\n").expect.any_of.at(0);
    EXPECT_EQ(end.ended_by, EndKind::authentication);
    EXPECT_EQ(end.code, 0xC000005EU);
}

}  // namespace
}  // namespace rdpfault::harness
