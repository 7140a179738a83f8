// From the way a connection ended to what may be behind it.
#include "harness/rank_causes.hpp"
#include "evidence.hpp"
#include "harness/rank_signatures.hpp"

namespace rdpfault::harness {
namespace {

using std::chrono::milliseconds;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Symptoms seen(Stage stage, EndKind kind, Party who, std::uint32_t code = 0) {
    Symptoms symptoms;
    symptoms.stage = stage;
    symptoms.ending = end_of(kind, code);
    symptoms.who = who;
    symptoms.session_up = stage >= Stage::rdp_active;
    return symptoms;
}

std::vector<std::string_view> ids(const Symptoms& symptoms) {
    std::vector<std::string_view> list;
    for (const auto& ranked : rank_causes(symptoms))
        list.push_back(ranked.cause->id);
    return list;
}

TEST(RankCauses, EveryCauseHasASignatureAndTheControlHasNone) {
    for (const auto& cause : causes())
        EXPECT_EQ(find_signature(cause.id) != nullptr, cause.id != "control") << cause.id;
    EXPECT_EQ(find_signature("no-such-cause"), nullptr);
}

TEST(RankCauses, AQuickResetAtTheClientHelloIsTheKeyFirst) {
    auto symptoms = seen(Stage::tls_client_hello, EndKind::reset, Party::server);
    symptoms.since_stage = milliseconds(2);
    const auto ranked = rank_causes(symptoms);
    ASSERT_FALSE(ranked.empty());
    EXPECT_EQ(ranked[0].cause->id, "certificate-key-unusable");
    EXPECT_THAT(ranked[0].reason, HasSubstr("it ended by reset from the server's side after tls.client_hello"));
    EXPECT_THAT(ranked[0].reason, HasSubstr("at once (2.0 ms)"));
    EXPECT_THAT(ranked[0].reason, HasSubstr("0x904/0x7"));
}

TEST(RankCauses, ScoresFallAndAreFractions) {
    double before = 1;
    const auto ranked = rank_causes(seen(Stage::x224_request, EndKind::close, Party::server));
    EXPECT_GE(ranked.size(), 3U);
    EXPECT_LE(ranked.size(), 8U);
    for (const auto& one : ranked) {
        EXPECT_LE(one.score, before);
        EXPECT_GT(one.score, 0);
        EXPECT_FALSE(one.reason.empty());
        before = one.score;
    }
}

TEST(RankCauses, WhoEndedItDecides) {
    EXPECT_EQ(ids(seen(Stage::tls_client_hello, EndKind::reset, Party::between))[0], "security-software-reset");
    EXPECT_THAT(ids(seen(Stage::rdp_active, EndKind::reset, Party::client)), Not(Contains("gateway")));
}

TEST(RankCauses, ACodeSaysMoreThanTheStage) {
    EXPECT_EQ(ids(seen(Stage::tls_client_hello, EndKind::tls_alert, Party::server, 70))[0], "tls-mismatch");
    EXPECT_EQ(ids(seen(Stage::x224_confirm, EndKind::negotiation_failure, Party::server, 5))[0], "policy");
    EXPECT_EQ(ids(seen(Stage::nla_authenticate, EndKind::authentication, Party::server, 0xC000006D))[0],
              "logon-refused");
    EXPECT_EQ(ids(seen(Stage::nla_authenticate, EndKind::authentication, Party::server, 0xC000005E))[0],
              "domain-unreachable");
    EXPECT_EQ(ids(seen(Stage::rdp_licensing, EndKind::license_error, Party::server, 2))[0], "licensing");
    EXPECT_EQ(ids(seen(Stage::tcp_connect, EndKind::refused, Party::server)).size(), 4U);
    EXPECT_THAT(ids(seen(Stage::tcp_connect, EndKind::refused, Party::server)), Contains("service-stopped"));
}

TEST(RankCauses, ThePaceTellsALineFromAServer) {
    auto symptoms = seen(Stage::tls_client_hello, EndKind::timeout, Party::client);
    symptoms.since_stage = std::chrono::seconds(10);
    EXPECT_EQ(ids(symptoms)[0], "bad-link");
}

TEST(RankCauses, BehindTlsWhatIsHiddenIsNotRuledOut) {
    auto symptoms = seen(Stage::tls_application_data, EndKind::close, Party::server);
    EXPECT_THAT(ids(symptoms), Not(Contains("nla-closed")));
    symptoms.hidden = true;
    EXPECT_THAT(ids(symptoms), Contains("nla-closed"));
    EXPECT_THAT(ids(symptoms), Contains("logon-refused"));
    symptoms.nla = true;
    EXPECT_THAT(ids(symptoms)[0], "nla-closed");
    EXPECT_THAT(ids(symptoms), Contains("logon-refused"));
    symptoms.nla = false;
    EXPECT_THAT(ids(symptoms), Not(Contains("nla-closed")));
    symptoms.session_up = true;
    EXPECT_THAT(ids(symptoms), Contains("pipeline-crash"));
    EXPECT_THAT(ids(symptoms), Not(Contains("nla-closed")));
}

TEST(RankCauses, WhatWorkedHasNone) {
    EXPECT_THAT(rank_causes(seen(Stage::rdp_disconnect, EndKind::orderly, Party::client)), IsEmpty());
    EXPECT_THAT(rank_causes(seen(Stage::rdp_active, EndKind::none, Party::unknown)), IsEmpty());
}

TEST(RankCauses, MstscIsNotPredictedForWhatTheClientDid) {
    EXPECT_FALSE(prediction_of(seen(Stage::rdp_active, EndKind::close, Party::client)).pair);
    EXPECT_EQ(prediction_of(seen(Stage::rdp_active, EndKind::close, Party::server)).pair, (MstscPair{0x904, 0}));
    EXPECT_EQ(prediction_of(seen(Stage::tls_client_hello, EndKind::timeout, Party::client)).pair,
              (MstscPair{0x108, 0}));
}

}  // namespace
}  // namespace rdpfault::harness
