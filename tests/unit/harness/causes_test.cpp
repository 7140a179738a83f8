#include "harness/causes.hpp"

#include <gmock/gmock.h>

#include <set>

#include "protocol/catalogue.hpp"

namespace rdpfault::harness {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Causes, are_twenty_four_and_the_control_comes_last) {
    ASSERT_THAT(causes(), SizeIs(25));
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
        EXPECT_THAT(cause.signs, testing::Not(IsEmpty())) << cause.id;
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
