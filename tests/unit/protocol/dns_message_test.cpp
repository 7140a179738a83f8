#include "protocol/dns_message.hpp"

#include <gtest/gtest.h>

#include "tests/unit/protocol/tracker_support.hpp"

namespace rdpfault::protocol {
namespace {

const DnsQuestion question{0x1234, "rdp.rdpfault.test", dns_type_a};

// RFC 1035 4.1: header, then the name as labels, type A, class IN.
const Bytes query_bytes = hex("1234 0100 0001 0000 0000 0000  03 726470 08 7264706661756c74 04 74657374 00  0001 0001");

TEST(DnsMessage, QueryIsWhatTheStandardSays) {
    EXPECT_EQ(write_dns_query(question), query_bytes);
    EXPECT_EQ(read_dns_query(query_bytes), question);
}

TEST(DnsMessage, AnswerPointsBackToTheName) {
    const auto bytes = write_dns_answer(question, DnsStatus::no_error, {hex("c6120002")}, 60);
    auto expected = query_bytes;
    expected[2] = 0x81, expected[3] = 0x80, expected[7] = 1;
    append(expected, hex("c00c 0001 0001 0000003c 0004 c6120002"));
    EXPECT_EQ(bytes, expected);
    const auto answer = read_dns_answer(bytes);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->question, question);
    EXPECT_EQ(answer->addresses, std::vector<Bytes>{hex("c6120002")});
}

TEST(DnsMessage, StatusIsCarried) {
    for (const auto status : {DnsStatus::server_failure, DnsStatus::name_error, DnsStatus::refused}) {
        const auto answer = read_dns_answer(write_dns_answer(question, status, {}, 1));
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, static_cast<int>(status));
        EXPECT_TRUE(answer->addresses.empty());
        EXPECT_FALSE(dns_status_text(answer->status).empty());
    }
}

TEST(DnsMessage, AliasCountsAsItsEnd) {
    // rdp.rdpfault.test is an alias of www.rdpfault.test, which is 198.18.0.2.
    const auto answer =
        read_dns_answer(hex("1234 8180 0001 0002 0000 0000  03 726470 08 7264706661756c74 04 74657374 00  0001 0001"
                            "c00c 0005 0001 00000001 0006 03 777777 c010  c02f 0001 0001 00000001 0004 c6120002"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->addresses, std::vector<Bytes>{hex("c6120002")});
}

TEST(DnsMessage, AddressOfAnotherLengthIsLeftOut) {
    const auto bytes = write_dns_answer(question, DnsStatus::no_error, {Bytes(16), Bytes(4)}, 1);
    EXPECT_EQ(read_dns_answer(bytes)->addresses.size(), 1U);
    EXPECT_LE(write_dns_answer(question, DnsStatus::no_error, std::vector<Bytes>(1000, Bytes(4)), 1).size(),
              dns_max_message);
}

TEST(DnsMessage, NameThatCannotBeWrittenIsRefused) {
    EXPECT_FALSE(write_dns_query({1, std::string(64, 'a'), dns_type_a}));
    EXPECT_FALSE(write_dns_query({1, "a..b", dns_type_a}));
}

TEST(DnsMessage, QueryIsNoAnswerAndCutOnesAreNeither) {
    const auto answer = write_dns_answer(question, DnsStatus::no_error, {Bytes(4)}, 1);
    EXPECT_FALSE(read_dns_answer(query_bytes));
    EXPECT_FALSE(read_dns_query(answer));
    for (std::size_t size = 0; size < query_bytes.size(); ++size)
        EXPECT_FALSE(read_dns_query(ByteView(query_bytes).first(size))) << size;
    for (std::size_t size = 0; size < answer.size(); ++size)
        EXPECT_FALSE(read_dns_answer(ByteView(answer).first(size))) << size;
}

TEST(DnsMessage, NameThatPointsToItselfIsRefused) {
    EXPECT_FALSE(read_dns_query(hex("1234 0100 0001 0000 0000 0000  c00c 0001 0001")));
}

}  // namespace
}  // namespace rdpfault::protocol
