#include "protocol/catalogue.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "protocol/catalogue/nearest.hpp"

namespace rdpfault {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Catalogue, every_family_has_a_row_in_the_order_of_the_enum) {
    ASSERT_THAT(families(), SizeIs(static_cast<std::size_t>(Family::gateway) + 1));
    for (std::size_t i = 0; i < families().size(); ++i) {
        EXPECT_EQ(static_cast<std::size_t>(families()[i].family), i);
        EXPECT_FALSE(codes(families()[i].family).empty()) << families()[i].name;
    }
}

TEST(Catalogue, every_row_belongs_to_its_family_ascends_and_says_what_it_means_and_where_from) {
    for (const auto& family : families()) {
        const auto table = codes(family.family);
        EXPECT_EQ(std::ranges::adjacent_find(table, std::ranges::greater_equal{}, &CodeInfo::code), table.end());
        for (const auto& row : table) {
            EXPECT_EQ(row.family, family.family);
            EXPECT_FALSE(row.meaning.empty()) << family.name << ' ' << row.code;
            EXPECT_FALSE(row.source.empty()) << family.name << ' ' << row.code;
            EXPECT_LT(row.meaning.size(), 140U) << family.name << ' ' << row.code;
            EXPECT_TRUE(!family.related.empty() || row.related == 0) << family.name << ' ' << row.code;
        }
    }
}

TEST(Catalogue, holds_as_many_codes_as_were_collected) {
    EXPECT_THAT(codes(Family::mstsc), SizeIs(82));
    EXPECT_THAT(codes(Family::extended), SizeIs(30));
    EXPECT_THAT(codes(Family::error_info), SizeIs(121));
    EXPECT_THAT(codes(Family::negotiation), SizeIs(6));
    EXPECT_THAT(codes(Family::tls_alert), SizeIs(31));
    EXPECT_THAT(codes(Family::ntstatus), SizeIs(37));
    EXPECT_THAT(codes(Family::freerdp), SizeIs(30));
    EXPECT_THAT(codes(Family::gateway), SizeIs(72));
}

TEST(Catalogue, finds_the_codes_of_the_bug_that_the_product_is_about) {
    const auto* primary = find(Family::mstsc, 0x904);
    ASSERT_NE(primary, nullptr);
    EXPECT_EQ(primary->name, "disconnectReasonAtClientWinsockFDCLOSE");
    EXPECT_EQ(primary->code, 2308U);
    const auto* extended = find(Family::extended, 7);
    ASSERT_NE(extended, nullptr);
    EXPECT_EQ(extended->name, "exDiscReasonServerDeniedConnection");
}

TEST(Catalogue, finds_first_and_last_of_a_table_and_nothing_between) {
    EXPECT_NE(find(Family::tls_alert, 0), nullptr);
    EXPECT_NE(find(Family::tls_alert, 120), nullptr);
    EXPECT_EQ(find(Family::tls_alert, 41), nullptr);
    EXPECT_EQ(find(Family::tls_alert, 0xFFFFFFFF), nullptr);
    EXPECT_EQ(find(Family::negotiation, 0), nullptr);
}

TEST(Catalogue, relates_codes_of_two_families) {
    EXPECT_EQ(find(Family::tls_alert, 40)->related, 0x80090326U);
    EXPECT_EQ(find(Family::ntstatus, 0xC000006D)->related, 0x807U);
    EXPECT_EQ(find(Family::freerdp, 0x20008)->related, 143U);
    for (const auto& row : codes(Family::ntstatus)) {
        EXPECT_TRUE(row.related == 0 || find(Family::mstsc, row.related) != nullptr) << row.name;
    }
    for (const auto& row : codes(Family::freerdp))
        EXPECT_NE(find(Family::xfreerdp, row.related), nullptr) << row.name;
}

TEST(Catalogue, finds_a_code_wherever_it_is_used) {
    std::vector<Family> found;
    for (const auto* row : find_anywhere(7))
        found.push_back(row->family);
    EXPECT_THAT(found, ElementsAre(Family::extended, Family::error_info, Family::xfreerdp, Family::license));
    EXPECT_THAT(find_anywhere(0xDEADBEEF), IsEmpty());
}

TEST(Catalogue, finds_a_name_in_any_case_and_in_every_family) {
    ASSERT_THAT(find_by_name("errconnect_tls_connect_failed"), SizeIs(1));
    EXPECT_EQ(find_by_name("errconnect_tls_connect_failed")[0]->code, 0x20008U);
    EXPECT_THAT(find_by_name("TLS_CONNECT_FAILED"), SizeIs(1));
    EXPECT_THAT(find_by_name(""), IsEmpty());  // rows without a name are not found by it
    EXPECT_THAT(find_by_name("ERRINFO_SERVER_DENIED"), IsEmpty());
}

TEST(Catalogue, names_of_one_family_are_unique) {
    for (const auto& family : families())
        for (const auto& row : codes(family.family)) {
            const auto same = find_by_name(row.name);
            EXPECT_LE(std::ranges::count(same, family.family, &CodeInfo::family), 1) << row.name;
        }
}

TEST(Catalogue, suggests_names_for_a_misspelling_and_for_a_part) {
    EXPECT_THAT(nearest_code_names("ERRCONECT_TLS_CONNECT_FAILD"), Contains("ERRCONNECT_TLS_CONNECT_FAILED"));
    EXPECT_THAT(nearest_code_names("FDCLOSE"), Contains("disconnectReasonAtClientWinsockFDCLOSE"));
    EXPECT_THAT(nearest_code_names("handshake failure"), Contains("handshake_failure"));
    EXPECT_THAT(nearest_code_names("zebra"), IsEmpty());
}

TEST(Catalogue, writes_codes_as_people_do) {
    EXPECT_EQ(code_text(Family::mstsc, 2308), "0x904");
    EXPECT_EQ(code_text(*find(Family::xfreerdp, 143)), "143");
    EXPECT_EQ(code_text(Family::ntstatus, 0xFFFFFFFF), "0xFFFFFFFF");
}

TEST(Catalogue, every_source_key_has_a_text) {
    for (const auto& family : families())
        for (const auto& row : codes(family.family))
            for (const auto key : source_keys(row.source))
                EXPECT_NE(source_text(key), key) << row.name;
    EXPECT_EQ(source_text("no such key"), "no such key");
}

TEST(Catalogue, splits_source_keys) {
    EXPECT_THAT(source_keys("S1 S3  S44 "), ElementsAre("S1", "S3", "S44"));
    EXPECT_THAT(source_keys(""), IsEmpty());
}

TEST(Nearest, orders_by_likeness_and_stops_at_most) {
    const std::vector<std::string_view> words{"reset", "rest", "preset", "stall", "reset"};
    EXPECT_THAT(nearest("rest", words, 2), ElementsAre("rest", "reset"));
    EXPECT_THAT(nearest("rset", words, 1), ElementsAre("reset"));
    EXPECT_THAT(nearest("RE-SET", words, 1), ElementsAre("reset"));
}

TEST(Nearest, gives_nothing_for_nothing_and_for_the_monstrous) {
    const std::vector<std::string_view> words{"reset", "stall"};
    EXPECT_THAT(nearest("", words), IsEmpty());
    EXPECT_THAT(nearest("---", words), IsEmpty());
    EXPECT_THAT(nearest(std::string(100'000, 'r'), words), IsEmpty());
    EXPECT_THAT(nearest("reset", {}), IsEmpty());
}

}  // namespace
}  // namespace rdpfault
