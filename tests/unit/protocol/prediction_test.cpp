#include "protocol/prediction.hpp"

#include <gtest/gtest.h>

#include <set>

#include "protocol/catalogue.hpp"
#include "protocol/prediction_rules.hpp"

namespace rdpfault {
namespace {

Prediction predict_kind(Stage furthest, bool session_up, EndKind kind, std::uint32_t code = 0) {
    return predict(furthest, session_up, Ending{.kind = kind, .code = code, .detail = {}});
}

void expect(const Prediction& got, std::string_view pair, Confidence confidence) {
    ASSERT_TRUE(got.pair.has_value()) << "expected " << pair;
    EXPECT_EQ(to_string(*got.pair), pair);
    EXPECT_EQ(to_string(got.confidence), to_string(confidence)) << got.why;
}

void expect_unknown(const Prediction& got) {
    EXPECT_FALSE(got.pair.has_value());
    EXPECT_EQ(got.confidence, Confidence::unknown);
    EXPECT_FALSE(got.why.empty());
}

TEST(Prediction, a_stream_that_ends_before_the_session_is_up_shows_0x904_0x7) {
    expect(predict_kind(Stage::tcp_connect, false, EndKind::close), "0x904/0x7", Confidence::reported);
    expect(predict_kind(Stage::x224_request, false, EndKind::reset), "0x904/0x7", Confidence::reported);
    expect(predict_kind(Stage::x224_confirm, false, EndKind::reset), "0x904/0x7", Confidence::inferred);
    expect(predict_kind(Stage::tls_client_hello, false, EndKind::reset), "0x904/0x7", Confidence::reported);
    expect(predict_kind(Stage::tls_client_hello, false, EndKind::close), "0x904/0x7", Confidence::inferred);
    expect(predict_kind(Stage::tls_server_hello, false, EndKind::close), "0x904/0x7", Confidence::inferred);
    expect(predict_kind(Stage::nla_authenticate, false, EndKind::reset), "0x904/0x7", Confidence::reported);
    expect(predict_kind(Stage::tls_established, false, EndKind::close), "0x904/0x7", Confidence::reported);
    expect(predict_kind(Stage::mcs_connect_initial, false, EndKind::reset), "0x904/0x7", Confidence::inferred);
    expect(predict_kind(Stage::rdp_licensing, false, EndKind::close), "0x904/0x7", Confidence::inferred);
}

TEST(Prediction, a_session_whose_stream_ends_shows_0x904_0x0) {
    expect(predict_kind(Stage::rdp_active, true, EndKind::close), "0x904/0x0", Confidence::reported);
    expect(predict_kind(Stage::rdp_active, true, EndKind::reset), "0x904/0x0", Confidence::reported);
    expect(predict_kind(Stage::rdp_active, true, EndKind::timeout), "0x904/0x0", Confidence::inferred);
}

TEST(Prediction, silence_runs_out_of_time) {
    expect(predict_kind(Stage::x224_request, false, EndKind::timeout), "0x108/0x0", Confidence::inferred);
    expect(predict_kind(Stage::tls_client_hello, false, EndKind::timeout), "0x108/0x0", Confidence::reported);
    expect(predict_kind(Stage::nla_challenge, false, EndKind::timeout), "0x108/0x0", Confidence::reported);
    expect(predict_kind(Stage::tls_application_data, false, EndKind::timeout), "0x108/0x0", Confidence::inferred);
    expect(predict_kind(Stage::rdp_client_info, false, EndKind::timeout), "0x908/0x0", Confidence::documented);
    expect(predict_kind(Stage::rdp_licensing, false, EndKind::timeout), "0x108/0x0", Confidence::inferred);
}

TEST(Prediction, no_connection_at_all_has_documented_codes) {
    expect(predict_kind(Stage::tcp_connect, false, EndKind::refused), "0x204/0x0", Confidence::documented);
    expect(predict_kind(Stage::tcp_connect, false, EndKind::unreachable), "0x204/0x0", Confidence::documented);
    expect(predict_kind(Stage::tcp_connect, false, EndKind::name_not_found), "0x104/0x0", Confidence::documented);
}

TEST(Prediction, what_the_server_says_decides) {
    expect(predict_kind(Stage::rdp_client_info, false, EndKind::error_info, 7), "0x3/0x7", Confidence::inferred);
    expect(predict_kind(Stage::rdp_active, true, EndKind::error_info, 0x112F), "0x3/0x112F", Confidence::inferred);
    expect(predict_kind(Stage::rdp_active, true, EndKind::disconnect, 3), "0x3/0x0", Confidence::inferred);
    expect(predict_kind(Stage::rdp_client_info, false, EndKind::license_error, 6), "0x808/0x0", Confidence::documented);
    expect(predict_kind(Stage::nla_authenticate, false, EndKind::authentication, 0xC000006D), "0x807/0x0",
           Confidence::inferred);
    expect_unknown(predict_kind(Stage::nla_authenticate, false, EndKind::authentication, 0xC0000022));
    expect_unknown(predict_kind(Stage::rdp_client_info, false, EndKind::error_info, 0));
}

TEST(Prediction, only_negotiation_failure_5_has_a_code) {
    for (const std::uint32_t code : {1U, 2U, 3U, 4U, 6U, 7U})
        expect_unknown(predict_kind(Stage::x224_confirm, false, EndKind::negotiation_failure, code));
    expect(predict_kind(Stage::x224_confirm, false, EndKind::negotiation_failure, 5), "0xB09/0x0",
           Confidence::inferred);
}

TEST(Prediction, alerts_are_a_working_assumption_at_most) {
    for (const std::uint32_t alert : {40U, 70U, 71U, 80U})
        expect(predict_kind(Stage::tls_client_hello, false, EndKind::tls_alert, alert), "0x904/0x7",
               Confidence::inferred);
    expect_unknown(predict_kind(Stage::tls_client_hello, false, EndKind::tls_alert, 48));
    expect_unknown(predict_kind(Stage::rdp_active, true, EndKind::tls_alert, 40));
    expect(predict_kind(Stage::rdp_active, true, EndKind::tls_alert, 20), "0x904/0x0", Confidence::inferred);
}

TEST(Prediction, unreadable_bytes_depend_on_where_they_come) {
    expect(predict_kind(Stage::x224_request, false, EndKind::malformed), "0x904/0x7", Confidence::inferred);
    expect_unknown(predict_kind(Stage::tls_client_hello, false, EndKind::malformed));
    expect(predict_kind(Stage::mcs_connect_initial, false, EndKind::malformed), "0xD06/0x0", Confidence::reported);
}

TEST(Prediction, claims_nothing_where_nothing_is_known) {
    for (const auto kind :
         {EndKind::none, EndKind::orderly, EndKind::tls_failure, EndKind::certificate, EndKind::client_exit})
        expect_unknown(predict_kind(Stage::tls_server_hello, false, kind, 143));
}

TEST(Prediction, every_claim_has_a_known_source_and_one_sentence) {
    for (const auto& stage : stages())
        for (auto kind = 0; kind <= static_cast<int>(EndKind::client_exit); ++kind)
            for (const bool session_up : {false, true}) {
                const auto got = predict_kind(stage.stage, session_up, static_cast<EndKind>(kind), 40);
                EXPECT_TRUE(got.why.ends_with('.')) << got.why;
                EXPECT_EQ(got.pair.has_value(), got.confidence != Confidence::unknown);
                EXPECT_EQ(got.pair.has_value(), !got.source.empty());
                for (const auto key : source_keys(got.source))
                    EXPECT_NE(source_text(key), key);
            }
}

// Every ending that there can be: each kind with the codes that some rule or table names.
std::vector<Ending> every_ending() {
    std::set<std::uint32_t> codes{0, 5, 7, 20, 40, 48, 0xC0000022, 0xC000006D};
    for (const auto& rule : prediction_rules())
        codes.insert(rule.codes.begin(), rule.codes.end());
    std::vector<Ending> endings;
    for (auto kind = 0; kind <= static_cast<int>(EndKind::client_exit); ++kind)
        for (const auto code : codes)
            endings.push_back({.kind = static_cast<EndKind>(kind), .code = code, .detail = {}});
    return endings;
}

TEST(PredictionRules, every_one_is_reached_and_something_always_matches) {
    std::set<const PredictionRule*> reached;
    for (const auto& stage : stages())
        for (const bool session_up : {false, true})
            for (const auto& ending : every_ending())
                reached.insert(prediction_rule(stage.stage, session_up, ending));
    const auto rules = prediction_rules();
    EXPECT_FALSE(reached.contains(rules.data() + rules.size())) << "an ending without a rule";
    for (const auto& rule : rules)
        EXPECT_TRUE(reached.contains(&rule)) << "shadowed by the rules above it: " << rule.why;
}

TEST(PredictionRules, claim_nothing_without_a_source) {
    for (const auto& rule : prediction_rules()) {
        EXPECT_TRUE(rule.why.ends_with('.')) << rule.why;
        EXPECT_LE(rule.first_kind, rule.last_kind) << rule.why;
        EXPECT_LE(rule.first_stage, rule.last_stage) << rule.why;
        EXPECT_EQ(rule.pair_of == PairOf::nothing, rule.confidence == Confidence::unknown) << rule.why;
        EXPECT_EQ(rule.pair_of == PairOf::nothing, rule.source.empty()) << rule.why;
        for (const auto key : source_keys(rule.source))
            EXPECT_NE(source_text(key), key) << rule.why;
        if (rule.pair_of == PairOf::rule || rule.pair_of == PairOf::error_info) {
            EXPECT_NE(find(Family::mstsc, rule.pair.code), nullptr) << rule.why;
        }
    }
}

TEST(MstscPair, is_read_in_hexadecimal_and_in_decimal) {
    EXPECT_EQ(mstsc_pair_from_string("0x904/0x7"), (MstscPair{0x904, 7}));
    EXPECT_EQ(mstsc_pair_from_string("2308/7"), (MstscPair{0x904, 7}));
    EXPECT_EQ(mstsc_pair_from_string("0Xb09/0x0"), (MstscPair{0xB09, 0}));
    for (const auto* wrong : {"", "/", "0x904", "0x904/", "0x/0x7", "904h/7", "0x904/0x7 ", "0x100000000/0", "-1/0"})
        EXPECT_FALSE(mstsc_pair_from_string(wrong).has_value()) << wrong;
}

TEST(MstscPair, is_written_as_the_dialog_prints_it) {
    EXPECT_EQ(to_string(MstscPair{0x904, 7}), "0x904/0x7");
    EXPECT_EQ(mstsc_pair_from_string(to_string(MstscPair{0xB09, 0x112F})), (MstscPair{0xB09, 0x112F}));
}

TEST(Ending, kinds_have_names_that_are_read_back) {
    for (auto i = 0; i <= static_cast<int>(EndKind::client_exit); ++i) {
        const auto kind = static_cast<EndKind>(i);
        EXPECT_EQ(end_kind_from_string(to_string(kind)), kind);
    }
    EXPECT_EQ(to_string(EndKind::tls_alert), "alert");
    EXPECT_FALSE(end_kind_from_string("rest").has_value());
}

TEST(Ending, is_written_for_people) {
    const auto text = [](EndKind kind, std::uint32_t code = 0, std::uint64_t offset = 0) {
        return to_string(Ending{.kind = kind, .code = code, .offset = offset, .detail = {}});
    };
    EXPECT_EQ(text(EndKind::reset), "reset");
    EXPECT_EQ(text(EndKind::tls_alert, 40), "alert 40 handshake_failure");
    EXPECT_EQ(text(EndKind::tls_alert, 41), "alert 41");
    EXPECT_EQ(text(EndKind::error_info, 7), "error_info 7 ERRINFO_SERVER_DENIED_CONNECTION");
    EXPECT_EQ(text(EndKind::error_info, 0x112F), "error_info 0x112F ERRINFO_GRAPHICSSUBSYSTEMFAILED");
    EXPECT_EQ(text(EndKind::authentication, 0xC000006D), "authentication 0xC000006D STATUS_LOGON_FAILURE");
    EXPECT_EQ(text(EndKind::negotiation_failure, 5), "negotiation_failure 5 HYBRID_REQUIRED_BY_SERVER");
    EXPECT_EQ(text(EndKind::malformed, 0, 12), "malformed at byte 12");
    EXPECT_EQ(text(EndKind::client_exit, 143), "client_exit 143");
}

}  // namespace
}  // namespace rdpfault
