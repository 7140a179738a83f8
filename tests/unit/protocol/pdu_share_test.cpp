// Share headers, and the PDUs that are little more: the bytes of MS-RDPBCGR 4.1.14 to 4.3 and 2.2.5.1.
#include "protocol/error_info.hpp"
#include "protocol/finalization.hpp"
#include "protocol/session_end.hpp"
#include "protocol/share.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

constexpr ShareOrigin client{0x000103EA, 1007};
constexpr ShareOrigin server{0x000103EA, 1002};

TEST(Synchronize, Golden) {
    expect_golden(hex("16001700ef03 ea03010000010800 1f000000 0100ea03"), Synchronize{client, 1, 1002});
}

TEST(Synchronize, DecodesWhatWindowsServersLeaveUninitialised) {
    // 4.1.19: pad, stream and target user are junk, uncompressedLength is that of the whole PDU.
    EXPECT_EQ(Synchronize::decode(hex("16001700ea03ea030100140016001f000000 01006344")).value(),
              (Synchronize{server, 1, 0x4463}));
}

TEST(Control, Golden) {
    expect_golden(hex("1a001700ef03ea030100 0001 0c00 14000000 0400 0000 00000000"), Control{client});
    expect_golden(hex("1a001700ef03ea030100 0001 0c00 14000000 0100 0000 00000000"),
                  Control{client, ControlAction::request_control});
    expect_golden(hex("1a001700ea03ea030100 0001 0c00 14000000 0200 ef03 ea030000"),
                  Control{server, ControlAction::granted_control, 1007, 1002});
    expect_error<Control>(hex("1a001700ef03ea030100 0001 0c00 14000000 0500 0000 00000000"), Errc::bad_value, 18);
}

TEST(Fonts, Golden) {
    expect_golden(hex("1a001700ef03ea030100 0001 0c00 27000000 0000 0000 0300 3200"), FontList{client});
    expect_golden(hex("1a001700ea03ea030100 0001 0c00 28000000 0000 0000 0300 0400"), FontMap{server});
}

TEST(PersistentKeyList, IsKeptAsItCame) {
    expect_golden(hex("15001700ef03ea030100 0001 0700 2b000000 0a0b0c"), PersistentKeyList{client, {10, 11, 12}});
}

TEST(SetErrorInfo, Golden) {
    expect_golden(hex("160017000000 ea030100 0001 0800 2f000000 07000000"), SetErrorInfo{{0x000103EA, 0}, 7});
}

TEST(Shutdown, Golden) {
    expect_golden(hex("12001700ef03ea030200 0001 0400 24000000"), ShutdownRequest{{0x000203EA, 1007}});
    expect_golden(hex("12001700ea03ea030200 0001 0400 25000000"), ShutdownDenied{{0x000203EA, 1002}});
}

TEST(DeactivateAll, Golden) {
    expect_golden(hex("0d001600ea03 ea030100 0100 00"), DeactivateAll{1002, DeactivateAllBody{0x000103EA}});
    expect_golden(hex("06001600ea03"), DeactivateAll{1002, std::nullopt});
}

TEST(DeactivateAll, MayEndBeforeItsSource) {
    EXPECT_EQ(DeactivateAll::decode(hex("04001600")).value(), (DeactivateAll{0, std::nullopt}));
}

TEST(ShareUnit, CutsThePdusOfAPayload) {
    const auto payload = encoded(Synchronize{server}) + encoded(DeactivateAll{}) + encoded(SetErrorInfo{{1, 0}, 7});
    const auto first = peek_share_unit(payload).value();
    EXPECT_EQ(first.control, (ShareControlHeader{22, SharePduType::data, 1002}));
    EXPECT_TRUE(first.is(DataPduType::synchronize));
    EXPECT_EQ(first.bytes.size(), 22u);
    const auto second = peek_share_unit(ByteView(payload).subspan(22)).value();
    EXPECT_EQ(second.control.type, SharePduType::deactivate_all);
    EXPECT_FALSE(second.data);
    const auto third = peek_share_unit(ByteView(payload).subspan(22 + second.bytes.size())).value();
    ASSERT_TRUE(third.is(DataPduType::set_error_info));
    EXPECT_EQ(SetErrorInfo::decode(third.bytes).value().error_info, 7u);
    EXPECT_EQ(third.data->share_id, 1u);
}

TEST(ShareUnit, RefusesLengthsThatLie) {
    const auto error = [](std::string_view text) { return peek_share_unit(hex(text)).error(); };
    EXPECT_EQ(error("0300 1700").code, Errc::bad_length);
    EXPECT_EQ(error("0500 1700 ea03 00").code, Errc::bad_length);  // ends within pduSource
    EXPECT_EQ(error("0700 1600 ea03").code, Errc::truncated);
    EXPECT_EQ(error("0080 1600 ea03").code, Errc::unsupported);
    EXPECT_EQ(error("0180 1600 ea03").code, Errc::too_long);
    EXPECT_EQ(error("0600 1700 ea03").code, Errc::truncated);  // share data without its header
    EXPECT_EQ(error("").code, Errc::truncated);
}

TEST(ShareData, RefusesAnotherTypeAndCompression) {
    expect_error<FontMap>(encoded(FontList{client}), Errc::bad_value, 14);
    expect_error<FontMap>(encoded(DeactivateAll{}), Errc::bad_value, 2);
    auto compressed = encoded(FontMap{server});
    compressed[15] = 0x21;
    expect_error<FontMap>(compressed, Errc::unsupported, 15);
}

}  // namespace
}  // namespace rdpfault::protocol
