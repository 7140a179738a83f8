// What flows in the active session: fast-path PDUs, bitmap updates, slow-path input, Save Session Info.
#include "protocol/bitmap_update.hpp"
#include "protocol/fast_path.hpp"
#include "protocol/input.hpp"
#include "protocol/output_control.hpp"
#include "protocol/save_session_info.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

constexpr ShareOrigin server{0x000203EA, 1002};

TEST(FastPathInput, Golden) {
    expect_golden(hex("0404 001e"), FastPathInput{{ScancodeEvent{0, 0x1E}}});
    expect_golden(
        hex("1c22 01 1e 20 0008 1000 2000 40 0100 0300 0400 62 80 4100 a0 0000 ffff 0200 c0 10000000"),
        FastPathInput{{ScancodeEvent{1, 0x1E}, MouseEvent{0x0800, 16, 32}, ExtendedMouseEvent{1, 3, 4}, SyncEvent{2},
                       UnicodeEvent{0, 0x41}, RelativeMouseEvent{0, -1, 2}, QoeTimestampEvent{16}}});
}

TEST(FastPathInput, ManyEventsAreCountedBehindTheLength) {
    const FastPathInput input{std::vector<FastPathInputEvent>(70, ScancodeEvent{2, 0x4B})};
    Bytes events;
    for (int i = 0; i < 70; ++i)
        append(events, hex("024b"));
    expect_golden(hex("008090 46") + events, input);
    EXPECT_THROW(encoded(FastPathInput{}), std::length_error);
}

TEST(FastPathInput, RefusesWhatItCannotRead) {
    expect_error<FastPathInput>(hex("0304 001e"), Errc::bad_value, 0);
    expect_error<FastPathInput>(hex("8404 001e"), Errc::unsupported, 0);
    expect_error<FastPathInput>(hex("0403 001e"), Errc::trailing, 3);
    expect_error<FastPathInput>(hex("0405 001e"), Errc::truncated, 4);
    expect_error<FastPathInput>(hex("0401 001e"), Errc::bad_length, 1);
    expect_error<FastPathInput>(hex("0003 00"), Errc::bad_value, 3);
    expect_error<FastPathInput>(hex("0404 e01e"), Errc::bad_value, 2);
}

TEST(FastPathOutput, Golden) {
    expect_golden(hex("0007 01 0200 abcd"),
                  FastPathOutput{{{UpdateCode::bitmap, Fragmentation::single, {}, {0xAB, 0xCD}}}});
    expect_golden(hex("0009 a1 20 0000 03 0000"),
                  FastPathOutput{{{UpdateCode::bitmap, Fragmentation::first, 0x20, {}},
                                  {UpdateCode::synchronize, Fragmentation::single, {}, {}}}});
    const Bytes data(200, 7);
    expect_golden(hex("0080ce 04 c800") + data,
                  FastPathOutput{{{UpdateCode::surface_commands, Fragmentation::single, {}, data}}});
}

TEST(FastPathOutput, RefusesAnUpdateThatEndsLater) {
    expect_error<FastPathOutput>(hex("0007 01 0300 abcd"), Errc::truncated, 5);
}

TEST(FastPathUpdates, FragmentsJoinToTheData) {
    Bytes data(1000);
    for (std::size_t i = 0; i < data.size(); ++i)
        data[i] = static_cast<std::uint8_t>(i);
    const auto pdus = fast_path_update(UpdateCode::bitmap, data, 300);
    ASSERT_EQ(pdus.size(), 4u);
    Bytes joined;
    std::vector<Fragmentation> kinds;
    for (const auto& pdu : pdus) {
        EXPECT_LE(pdu.size(), 300u);
        const auto output = FastPathOutput::decode(pdu).value();
        ASSERT_EQ(output.updates.size(), 1u);
        EXPECT_EQ(output.updates[0].code, UpdateCode::bitmap);
        kinds.push_back(output.updates[0].fragmentation);
        append(joined, output.updates[0].data);
    }
    using enum Fragmentation;
    EXPECT_EQ(kinds, (std::vector{first, next, next, last}));
    EXPECT_EQ(joined, data);
}

TEST(FastPathUpdates, OnePduWhereItFits) {
    const auto largest = fast_path_update(UpdateCode::bitmap, Bytes(max_fast_path_pdu - 6));
    ASSERT_EQ(largest.size(), 1u);
    EXPECT_EQ(largest[0].size(), max_fast_path_pdu);
    EXPECT_EQ(FastPathOutput::decode(largest[0]).value().updates[0].fragmentation, Fragmentation::single);
    EXPECT_EQ(fast_path_update(UpdateCode::synchronize, {}).size(), 1u);
    EXPECT_EQ(fast_path_update(UpdateCode::bitmap, Bytes(max_fast_path_pdu - 5)).size(), 2u);
}

BitmapRectangle two_by_two() {
    return uncompressed_rectangle(16, 32, 2, 2, 24, hex("010203 040506 070809 0a0b0c"));
}

TEST(BitmapUpdate, Golden) {
    expect_golden(hex("0100 0100 1000 2000 1100 2100 0200 0200 1800 0000 1000 0708090a0b0c0000 0102030405060000"),
                  BitmapUpdate{{two_by_two()}});
}

TEST(BitmapUpdate, SlowPathGolden) {
    expect_golden(hex("38001700ea03ea030200 0001 2a00 02000000"
                      "0100 0100 1000 2000 1100 2100 0200 0200 1800 0000 1000 0708090a0b0c0000 0102030405060000"),
                  SlowPathBitmapUpdate{server, {{two_by_two()}}});
}

TEST(BitmapUpdate, RefusesAnotherUpdateAndFalseCounts) {
    expect_error<BitmapUpdate>(hex("0200 0000"), Errc::bad_value, 0);
    expect_error<BitmapUpdate>(hex("0100 ffff 1000"), Errc::truncated, 6);
}

TEST(UncompressedRectangle, RefusesPixelsThatDoNotFit) {
    EXPECT_EQ(uncompressed_rectangle(0, 0, 3, 1, 8, hex("010203")).data, hex("01020300"));
    EXPECT_EQ(uncompressed_rectangle(0, 0, 1, 2, 32, hex("0102030405060708")).data, hex("0506070801020304"));
    EXPECT_THROW(uncompressed_rectangle(0, 0, 2, 2, 32, Bytes(15)), std::invalid_argument);
    EXPECT_THROW(uncompressed_rectangle(0, 0, 2, 2, 12, Bytes(6)), std::invalid_argument);
    EXPECT_THROW(uncompressed_rectangle(0, 0, 0, 0, 32, {}), std::invalid_argument);
}

TEST(InputPdu, Golden) {
    expect_golden(hex("52001700ef03ea030200 0001 4400 1c000000 0500 0000"
                      "00000000 0000 0000 02000000"
                      "01000000 0400 0080 1e00 0000"
                      "02000000 0500 0000 4100 0000"
                      "03000000 0180 0008 1000 2000"
                      "04000000 0280 0100 0300 0400"),
                  InputPdu{{0x000203EA, 1007},
                           {{0, SlowSync{2}},
                            {1, SlowScancode{0x8000, 0x1E}},
                            {2, SlowUnicode{0, 0x41}},
                            {3, SlowMouse{0x0800, 16, 32}},
                            {4, SlowExtendedMouse{1, 3, 4}}}});
}

TEST(InputPdu, LeavesTheUnusedEventOutAndRefusesUnknownOnes) {
    const auto pdu = [](std::string_view type) {
        return hex("22001700ef03ea030200 0001 1400 1c000000 0100 0000 00000000") + hex(type) + Bytes(6);
    };
    EXPECT_TRUE(InputPdu::decode(pdu("0200")).value().events.empty());
    expect_error<InputPdu>(pdu("0300"), Errc::unsupported, 26);
}

TEST(OutputControl, Golden) {
    const ShareOrigin client{0x000203EA, 1007};
    expect_golden(hex("26001700ef03ea030200 0001 1800 21000000 02 000000 0000000001000100 0a00140013001d00"),
                  RefreshRect{client, {{0, 0, 1, 1}, {10, 20, 19, 29}}});
    expect_golden(hex("16001700ef03ea030200 0001 0800 23000000 00 000000"), SuppressOutput{client, std::nullopt});
    expect_golden(hex("1e001700ef03ea030200 0001 1000 23000000 01 000000 00000000ff03ff02"),
                  SuppressOutput{client, InclusiveRectangle{0, 0, 1023, 767}});
}

TEST(SaveSessionInfo, AutoReconnectCookie) {
    // MS-RDPBCGR 4.3; the server of the dump says 76 02 for uncompressedLength too, which nobody reads.
    const AutoReconnectCookie cookie{
        2, {0xa8, 0x02, 0xe7, 0x25, 0xe2, 0x4c, 0x82, 0xb7, 0x52, 0xa5, 0x53, 0x50, 0x34, 0x98, 0xa1, 0xa8}};
    auto bytes = hex("76021700ea03ea030200 0001 6802 26000000 03000000 2600 01000000 1c000000"
                     "1c0000000100000002000000a802e725e24c82b752a553503498a1a8") +
                 Bytes(570);
    expect_golden(bytes, SaveSessionInfo{server, LogonExtended{cookie, std::nullopt}});
}

TEST(SaveSessionInfo, LogonErrorsFollowTheCookie) {
    const SaveSessionInfo info{server, LogonExtended{std::nullopt, LogonErrors{0xFFFFFFFE, 7}}};
    expect_golden(
        hex("62021700ea03ea030200 0001 5402 26000000 03000000 1200 02000000 08000000 feffffff 07000000") + Bytes(570),
        info);
}

TEST(SaveSessionInfo, PlainNotify) {
    expect_golden(hex("56021700ea03ea030200 0001 4802 26000000 02000000") + Bytes(576),
                  SaveSessionInfo{server, LogonNotify{}});
}

TEST(SaveSessionInfo, LogonNames) {
    expect_golden(hex("56021700ea03ea030200 0001 4802 26000000 00000000 06000000 4c004200") + Bytes(48) +
                      hex("04000000 7500") + Bytes(510) + hex("01000000"),
                  SaveSessionInfo{server, LogonInfo{"LB", "u", 1}});
    expect_golden(hex("60021700ea03ea030200 0001 5202 26000000 01000000 0100 40020000 01000000 06000000 04000000") +
                      Bytes(558) + hex("4c004200 0000 7500 0000"),
                  SaveSessionInfo{server, LogonInfoLong{"LB", "u", 1}});
}

TEST(SaveSessionInfo, RefusesUnknownTypesAndEndlessNames) {
    auto bytes = encoded(SaveSessionInfo{server, LogonInfoLong{"LB", "u", 1}});
    bytes[32] = 3;  // a domain of 771 bytes
    bytes[33] = 3;
    expect_error<SaveSessionInfo>(bytes, Errc::too_long, 32);
    bytes[18] = 4;
    expect_error<SaveSessionInfo>(bytes, Errc::unsupported, 18);
}

}  // namespace
}  // namespace rdpfault::protocol
