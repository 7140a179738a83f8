#include "harness/causes.hpp"

#include <gmock/gmock.h>

#include <set>

#include "harness/advice.hpp"
#include "harness/unexplained.hpp"
#include "protocol/catalogue.hpp"
#include "protocol/events.hpp"
#include "protocol/prediction_rules.hpp"

namespace rdpfault::harness {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Causes, are_twenty_six_and_the_control_comes_last) {
    ASSERT_THAT(causes(), SizeIs(27));
    EXPECT_EQ(causes().back().id, "control");
    EXPECT_EQ(causes().back().grade, Grade::none);
}

TEST(Causes, have_distinct_ids_fit_for_a_file) {
    std::set<std::string_view> ids;
    for (const auto& cause : causes()) {
        EXPECT_TRUE(ids.insert(cause.id).second) << cause.id;
        EXPECT_EQ(cause.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos) << cause.id;
    }
}

TEST(Causes, say_what_is_wrong_what_is_seen_and_what_to_change) {
    for (const auto& cause : causes()) {
        EXPECT_FALSE(cause.title.empty()) << cause.id;
        EXPECT_TRUE(cause.explanation.ends_with('.')) << cause.id;
        EXPECT_TRUE(cause.grounds.ends_with('.')) << cause.id;
        EXPECT_TRUE(cause.signature.ends_with('.')) << cause.id;
        EXPECT_THAT(cause.events, testing::Not(IsEmpty())) << cause.id;
        const bool control = cause.id == "control";
        EXPECT_EQ(cause.fixes.empty(), control) << cause.id;
        EXPECT_EQ(cause.no_fix.empty(), control) << cause.id;
        EXPECT_EQ(cause.shows.empty(), control) << cause.id;
    }
}

TEST(Causes, name_neighbours_codes_and_sources_that_exist) {
    for (const auto& cause : causes()) {
        for (const auto id : cause.neighbours) {
            EXPECT_NE(find_cause(id), nullptr) << cause.id << " -> " << id;
            EXPECT_NE(id, cause.id);
        }
        for (const auto& pair : cause.shows)
            EXPECT_NE(find(Family::mstsc, pair.code), nullptr) << cause.id;
        EXPECT_THAT(source_keys(cause.source), testing::Not(IsEmpty())) << cause.id;
        for (const auto key : source_keys(cause.source))
            EXPECT_NE(source_text(key), key) << cause.id;
    }
}

TEST(Causes, name_events_that_exist) {
    for (const auto& cause : causes())
        for (const auto& sign : cause.events)
            EXPECT_NE(find_event(sign.log, sign.id), nullptr) << cause.id << ": " << to_string(sign);
    EXPECT_EQ(to_string(Sign{"Schannel", 36870, false, "a note"}), "Schannel 36870 (a note)");
    EXPECT_EQ(to_string(Sign{"Schannel", 36870, true, {}}), "no Schannel 36870");
}

TEST(Causes, say_how_to_change_something_and_what_proves_it) {
    for (const auto& cause : causes())
        for (const auto& remedy : cause.fixes) {
            EXPECT_FALSE(remedy.what.empty()) << cause.id;
            EXPECT_GE(remedy.action.size(), 15U) << cause.id << ": " << remedy.what;
            EXPECT_GE(remedy.proof.size(), 10U) << cause.id << ": " << remedy.what;
            if (remedy.kind == ActionKind::registry) {
                EXPECT_NE(remedy.action.find("HK"), std::string_view::npos) << remedy.action;
            }
            if (remedy.kind == ActionKind::policy) {
                EXPECT_NE(remedy.action.find(", "), std::string_view::npos) << remedy.action;
            }
        }
}

// What weakens a machine is a diagnosis, and says so.
TEST(Causes, warn_of_steps_back) {
    std::size_t warned = 0;
    for (const auto& cause : causes())
        for (const auto& remedy : cause.fixes)
            for (const std::string_view weakening :
                 {"UserAuthentication (DWORD) 0", "TLS 1.0\\Server", "RDGClientTransport"})
                if (remedy.action.find(weakening) != std::string_view::npos) {
                    EXPECT_TRUE(remedy.caution.find("step back") != std::string_view::npos ||
                                remedy.caution.find("diagnosis") != std::string_view::npos)
                        << cause.id << ": " << remedy.action;
                    ++warned;
                }
    EXPECT_EQ(warned, 3U);
}

TEST(Causes, have_every_registry_path_in_one_piece) {
    for (const auto& cause : causes())
        for (const auto& remedy : cause.fixes)
            EXPECT_EQ(remedy.action.find("  "), std::string_view::npos) << remedy.action;
}

TEST(Dialog, is_worded_for_the_pairs_that_were_recorded) {
    EXPECT_THAT(std::string(dialog_wording({0x904, 7})), testing::HasSubstr("cannot connect"));
    EXPECT_THAT(std::string(dialog_wording({0x904, 0})), testing::HasSubstr("has ended"));
    EXPECT_TRUE(dialog_wording({0x1F07, 0}).empty());
}

TEST(Advice, has_a_verdict_a_reason_and_a_source) {
    std::set<std::string_view> words;
    for (const auto& advice : all_advice()) {
        EXPECT_TRUE(words.insert(advice.id).second) << advice.id;
        for (const auto word : advice.words)
            EXPECT_TRUE(words.insert(word).second) << advice.id << ": " << word;
        for (const auto text : {advice.claim, advice.reason, advice.instead})
            EXPECT_TRUE(text.ends_with('.')) << advice.id << ": " << text;
        EXPECT_FALSE(advice.told_by.empty()) << advice.id;
        EXPECT_THAT(advice.scenarios, testing::Not(IsEmpty())) << advice.id;
        EXPECT_THAT(source_keys(advice.source), testing::Not(IsEmpty())) << advice.id;
        for (const auto key : source_keys(advice.source))
            EXPECT_NE(source_text(key), key) << advice.id;
    }
}

TEST(Advice, is_found_by_its_words_in_any_case) {
    for (const auto* word :
         {"RDGClientTransport", "rdgclienttransport=1", "GPUPDATE /force", "udp", "Test-NetConnection"})
        EXPECT_NE(find_advice(word), nullptr) << word;
    EXPECT_EQ(find_advice(""), nullptr);
    EXPECT_EQ(find_advice("zebra"), nullptr);
}

TEST(Unexplained, are_codes_of_mstsc_that_no_rule_gives) {
    std::uint32_t last = 0;
    for (const auto& row : unexplained_codes()) {
        EXPECT_GT(row.code, last);
        last = row.code;
        EXPECT_NE(find(Family::mstsc, row.code), nullptr) << row.code;
        for (const auto key : source_keys(row.source))
            EXPECT_NE(source_text(key), key) << row.code;
        for (const auto& rule : prediction_rules())
            EXPECT_FALSE(rule.pair_of == PairOf::rule && rule.pair.code == row.code) << row.code;
        for (const auto& status : codes(Family::ntstatus))
            EXPECT_NE(status.related, row.code);
    }
    EXPECT_NE(find_unexplained(0x1F07), nullptr);
    EXPECT_EQ(find_unexplained(0x904), nullptr);
}

TEST(Causes, licensing_is_not_blamed_for_0x904) {
    const auto* licensing = find_cause("licensing");
    ASSERT_NE(licensing, nullptr);
    EXPECT_EQ(licensing->grade, Grade::contradicted);
    EXPECT_THAT(licensing->shows, testing::Not(Contains(MstscPair{0x904, 7})));
}

TEST(Causes, are_found_by_id_and_suggested_for_a_misspelling) {
    ASSERT_NE(find_cause("certificate-key-unusable"), nullptr);
    EXPECT_EQ(find_cause("certificate-key-unusable")->stages, std::vector{Stage::tls_client_hello});
    EXPECT_EQ(find_cause("certificate"), nullptr);
    EXPECT_EQ(find_cause(""), nullptr);
    EXPECT_THAT(nearest_causes("certificate-key-unuseable"), Contains("certificate-key-unusable"));
    EXPECT_THAT(nearest_causes("quux"), IsEmpty());
}

}  // namespace
}  // namespace rdpfault::harness
