// The MCS domain PDUs: the bytes of MS-RDPBCGR 4.1.5 to 4.1.9, and the bit fields of T.125 by hand.
#include "protocol/mcs_domain.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

TEST(ErectDomainRequest, Golden) {
    expect_golden(hex("0401000100"), ErectDomainRequest{});
}

TEST(ErectDomainRequest, TakesLargerNumbers) {
    expect_golden(hex("04020102 0101"), ErectDomainRequest{0x102, 1});
}

TEST(AttachUserRequest, Golden) {
    expect_golden(hex("28"), AttachUserRequest{});
}

TEST(AttachUserConfirm, Golden) {
    expect_golden(hex("2e000006"), AttachUserConfirm{0, 1007});
}

TEST(AttachUserConfirm, ResultStraddlesTwoBytes) {
    // 1011 choice 11, 0 no initiator, 1101 result 13, padding.
    expect_golden(hex("2da0"), AttachUserConfirm{13, std::nullopt});
}

TEST(AttachUserConfirm, RefusesAUserIdThatDoesNotFit) {
    expect_error<AttachUserConfirm>(hex("2e00fc17"), Errc::bad_value, 2);
}

TEST(ChannelJoinRequest, Golden) {
    expect_golden(hex("38000603ef"), ChannelJoinRequest{1007, 1007});
}

TEST(ChannelJoinConfirm, Golden) {
    expect_golden(hex("3e00000603ee03ee"), ChannelJoinConfirm{0, 1007, 1006, 1006});
}

TEST(ChannelJoinConfirm, Refusal) {
    // rt-no-such-channel is 2.
    expect_golden(hex("3c40000603ee"), ChannelJoinConfirm{2, 1007, 1006, std::nullopt});
}

TEST(SendData, Golden) {
    expect_golden(hex("64000603eb7003 aabbcc"), SendDataRequest{1007, 1003, {0xAA, 0xBB, 0xCC}});
    expect_golden(hex("68000103eb7003 aabbcc"), SendDataIndication{1002, 1003, {0xAA, 0xBB, 0xCC}});
}

TEST(SendData, TwoByteLength) {
    const Bytes payload(0x19C, 0x48);
    expect_golden(hex("64000603eb70819c") + payload, SendDataRequest{1007, 1003, payload});
}

TEST(SendData, LowPriorityIsTheSame) {
    EXPECT_EQ(SendDataIndication::decode(hex("68000103edf00107")).value(), (SendDataIndication{1002, 1005, {7}}));
}

TEST(SendData, RefusesToEncodeMoreThanPerCanSay) {
    const SendDataRequest largest{1007, 1003, Bytes(max_send_data)};
    EXPECT_EQ(SendDataRequest::decode(encoded(largest)).value(), largest);
    EXPECT_THROW(send_data_request(1007, 1003, Bytes(max_send_data + 1)), std::length_error);
}

TEST(DisconnectProviderUltimatum, Golden) {
    expect_golden(hex("2180"), DisconnectProviderUltimatum{3});
    expect_golden(hex("2080"), DisconnectProviderUltimatum{1});
    expect_golden(hex("2200"), DisconnectProviderUltimatum{4});
}

TEST(DomainPduKind, IsTheFirstSixBits) {
    const auto kind = [](std::uint8_t first) { return domain_pdu_kind({&first, 1}); };
    EXPECT_EQ(kind(0x04).value(), DomainPduKind::erect_domain_request);
    EXPECT_EQ(kind(0x21).value(), DomainPduKind::disconnect_provider_ultimatum);
    EXPECT_EQ(kind(0x28).value(), DomainPduKind::attach_user_request);
    EXPECT_EQ(kind(0x2E).value(), DomainPduKind::attach_user_confirm);
    EXPECT_EQ(kind(0x38).value(), DomainPduKind::channel_join_request);
    EXPECT_EQ(kind(0x3E).value(), DomainPduKind::channel_join_confirm);
    EXPECT_EQ(kind(0x64).value(), DomainPduKind::send_data_request);
    EXPECT_EQ(kind(0x68).value(), DomainPduKind::send_data_indication);
    EXPECT_EQ(kind(0x7F).error().code, Errc::unsupported);
    EXPECT_EQ(domain_pdu_kind({}).error().code, Errc::truncated);
}

TEST(DomainPdus, RefuseEachOther) {
    expect_error<AttachUserRequest>(hex("2e000006"), Errc::bad_value, 0);
    expect_error<SendDataRequest>(hex("68000103eb7001aa"), Errc::bad_value, 0);
}

TEST(DataUnit, WrapsAndUnwraps) {
    const auto unit = data_unit(encoded(AttachUserRequest{}));
    EXPECT_EQ(to_hex(unit), "0300000802f08028");
    EXPECT_EQ(to_hex(data_payload(unit).value()), "28");
    for (std::size_t size = 0; size < unit.size(); ++size)
        EXPECT_FALSE(data_payload(ByteView(unit).first(size)).has_value()) << size;
    EXPECT_EQ(data_unit(Bytes(max_data_unit_payload)).size(), 65535u);
    EXPECT_THROW(data_unit(Bytes(max_data_unit_payload + 1)), std::length_error);
}

TEST(DataUnit, SendDataInOneGo) {
    EXPECT_EQ(to_hex(send_data_request(1007, 1003, hex("aabb"))), "0300001002f08064000603eb7002aabb");
    EXPECT_EQ(to_hex(send_data_indication(1002, 1003, hex("aabb"))), "0300001002f08068000103eb7002aabb");
}

}  // namespace
}  // namespace rdpfault::protocol
