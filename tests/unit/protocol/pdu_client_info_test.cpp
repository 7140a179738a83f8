// Client Info, and the text and cookies in it. The bytes are those of MS-RDPBCGR 4.1.10, decrypted, under TLS's header.
#include "protocol/client_info.hpp"
#include "protocol/security_header.hpp"
#include "protocol/utf16.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

const auto directory = R"(C:\depots\w2k3_1\termsrv\newclient\lib\win32\obj\i386\mstscax.dll)";

Bytes windows_client_info() {
    return hex("40000000 09040904 b3430000 0a00 0c00 0000 0000 0000"
               "4e005400440045005600 0000 65006c0074006f006e007300 0000 0000 0000 0000"
               "0200 1e00") +
           to_utf16le("157.59.242.156") + hex("0000 8400") + to_utf16le(directory) + hex("0000 e0010000") +
           to_utf16le("Pacific Standard Time") + Bytes(22) + hex("00000a0000000500 0200000000000000 00000000") +
           to_utf16le("Pacific Daylight Time") + Bytes(22) + hex("0000040000000100 0200000000000000 c4ffffff") +
           hex("00000000 01000000 0000");
}

ClientInfo windows_values() {
    ClientInfo info;
    info.code_page = 0x04090409;
    info.flags = 0x43B3;
    info.domain = "NTDEV";
    info.user = "eltons";
    info.extended->address = "157.59.242.156";
    info.extended->directory = directory;
    TimeZone zone;
    zone.bias = 480;
    zone.standard_name = "Pacific Standard Time";
    zone.standard_date = {.month = 10, .day = 5, .hour = 2};
    zone.daylight_name = "Pacific Daylight Time";
    zone.daylight_date = {.month = 4, .day = 1, .hour = 2};
    zone.daylight_bias = static_cast<std::uint32_t>(-60);
    info.extended->time_zone = zone;
    info.extended->performance_flags = 1;
    return info;
}

TEST(ClientInfo, Golden) {
    const auto bytes = windows_client_info();
    const auto decoded = ClientInfo::decode(bytes);
    ASSERT_TRUE(decoded.has_value()) << to_string(decoded.error());
    EXPECT_EQ(*decoded, windows_values());
    EXPECT_EQ(to_hex(encoded(windows_values())), to_hex(bytes));
}

TEST(ClientInfo, ACutIsAnErrorExceptWhereTheOptionalFieldsBegin) {
    const auto bytes = windows_client_info();
    std::vector<std::size_t> accepted;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        if (ClientInfo::decode(ByteView(bytes).first(size)).has_value()) accepted.push_back(size);
    }
    const auto end = bytes.size();
    EXPECT_EQ(accepted, (std::vector<std::size_t>{54, end - 182, end - 10, end - 6, end - 2}));
}

TEST(ClientInfo, CarriesTheAutoReconnectCookie) {
    auto info = windows_values();
    info.password = "p\u00e4ssw\u00f6rd";
    info.alternate_shell = "cmd.exe";
    info.working_directory = "C:\\";
    info.extended->auto_reconnect = AutoReconnectCookie{7, {1, 2, 3}};
    const auto bytes = encoded(info);
    EXPECT_EQ(ClientInfo::decode(bytes).value(), info);
    EXPECT_EQ(to_hex(ByteView(bytes).last(30)),
              "1c00"
              "1c00000001000000"
              "07000000"
              "01020300000000000000000000000000");
}

TEST(ClientInfo, OldClientsEndEarly) {
    ClientInfo info;
    info.user = "u";
    info.extended.reset();
    EXPECT_EQ(ClientInfo::decode(encoded(info)).value(), info);
}

TEST(ClientInfo, RefusesWhatItCannotRead) {
    auto bytes = windows_client_info();
    bytes[0] = 0x80;
    expect_error<ClientInfo>(bytes, Errc::bad_value, 0);
    bytes[0] = 0x48;
    expect_error<ClientInfo>(bytes, Errc::unsupported, 0);
    bytes[0] = 0x40;
    bytes[8] = 0xA3;  // without INFO_UNICODE
    expect_error<ClientInfo>(bytes, Errc::unsupported, 8);
    bytes[8] = 0xB3;
    bytes[13] = 0x05;  // a domain of 1290 bytes
    expect_error<ClientInfo>(bytes, Errc::too_long, 12);
}

TEST(ClientInfo, RefusesToWriteAnEndlessName) {
    ClientInfo info;
    info.user = std::string(511, 'u');
    EXPECT_EQ(ClientInfo::decode(encoded(info)).value(), info);
    info.user += 'u';
    EXPECT_THROW(encoded(info), std::length_error);
}

TEST(ClientInfo, CutsAnAddressWithoutItsNul) {
    ClientInfo info;
    info.extended->address = std::string(511, 'a');
    auto bytes = encoded(info);
    const auto nul = bytes.size() - (2 + 2 + 172 + 4 + 4 + 2) - 2;
    bytes[nul] = 'a';  // where the NUL of the address was
    const auto decoded = ClientInfo::decode(bytes);
    ASSERT_TRUE(decoded.has_value()) << to_string(decoded.error());
    EXPECT_EQ(decoded->extended->address, info.extended->address);
    EXPECT_EQ(ClientInfo::decode(encoded(*decoded)).value(), *decoded);
}

TEST(AutoReconnectCookie, Golden) {
    expect_golden(
        hex("1c00000001000000020000 00a802e725e24c82b752a553503498a1a8"),
        AutoReconnectCookie{
            2, {0xa8, 0x02, 0xe7, 0x25, 0xe2, 0x4c, 0x82, 0xb7, 0x52, 0xa5, 0x53, 0x50, 0x34, 0x98, 0xa1, 0xa8}});
    expect_error<AutoReconnectCookie>(hex("1d00000001000000") + Bytes(20), Errc::bad_length, 0);
    expect_error<AutoReconnectCookie>(hex("1c00000002000000") + Bytes(20), Errc::bad_value, 4);
}

TEST(SecurityHeader, Golden) {
    expect_golden(hex("80000203"), SecurityHeader{security::license_packet, 0x0302});
}

TEST(Utf16, BothWays) {
    EXPECT_EQ(to_hex(to_utf16le("a\u00e9\u20ac\U0001F511")), "6100e900ac203dd811dd");
    EXPECT_EQ(from_utf16le(hex("6100e900ac203dd811dd")), "a\u00e9\u20ac\U0001F511");
    EXPECT_EQ(from_utf16le(hex("610062")), "a");
    EXPECT_EQ(until_nul_utf16le(hex("6100000062 00")), "a");
}

TEST(Utf16, WhatIsNotTextBecomesTheReplacementCharacter) {
    const std::string replaced = "\uFFFD";
    EXPECT_EQ(from_utf16le(hex("3dd86100")), replaced + "a");  // a high surrogate alone
    EXPECT_EQ(from_utf16le(hex("11dd")), replaced);            // a low one
    EXPECT_EQ(to_hex(to_utf16le("\xff"
                                "a")),
              "fdff6100");
    EXPECT_EQ(to_hex(to_utf16le("\xe2\x82")), "fdfffdff");          // cut short
    EXPECT_EQ(to_hex(to_utf16le("\xc0\x80")), "fdfffdff");          // overlong NUL
    EXPECT_EQ(to_hex(to_utf16le("\xed\xa0\x80")), "fdfffdfffdff");  // a surrogate in UTF-8
}

TEST(Utf16, FixedFieldsAreCutAndPadded) {
    Writer writer;
    write_fixed_utf16(writer, "abcdef", 8);
    EXPECT_EQ(to_hex(writer.view()), "6100620063000000");
    Reader reader(writer.view());
    EXPECT_EQ(read_fixed_utf16(reader, 8, "field"), "abc");
    EXPECT_TRUE(reader.at_end());
}

}  // namespace
}  // namespace rdpfault::protocol
