// Licensing: "valid client" of MS-RDPBCGR 4.1.11, the form that xrdp sends, and messages built by hand.
#include "protocol/licensing.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

TEST(LicenseErrorAlert, ValidClient) {
    const LicenseErrorAlert alert;
    expect_golden(hex("80000000 ff031000 07000000 02000000 04000000"), alert);
    EXPECT_TRUE(alert.valid_client());
}

TEST(LicenseErrorAlert, TheFormOfXrdp) {
    // flagsHi is the length of the message there, the type of the empty blob is junk.
    const auto bytes = hex("80001000 ff021000 07000000 02000000 28140000");
    EXPECT_TRUE(is_licensing(bytes));
    const auto alert = LicenseErrorAlert::decode(bytes);
    ASSERT_TRUE(alert.has_value()) << to_string(alert.error());
    EXPECT_TRUE(alert->valid_client());
    EXPECT_EQ(alert->flags, 2);
    EXPECT_EQ(alert->error_info.type, 0x1428);
}

TEST(LicenseErrorAlert, NoLicense) {
    const auto alert = LicenseErrorAlert::no_license();
    expect_golden(hex("80000000 ff831000 02000000 01000000 04000000"), alert);
    EXPECT_FALSE(alert.valid_client());
}

TEST(LicenseErrorAlert, RefusesLengthsThatLie) {
    expect_error<LicenseErrorAlert>(hex("80000000 ff030300 07000000"), Errc::bad_length, 6);
    expect_error<LicenseErrorAlert>(hex("80000000 ff030800 07000000 02000000"), Errc::truncated, 12);
    expect_error<LicenseErrorAlert>(hex("80000000 ff031000 07000000 02000000 04000100"), Errc::truncated, 20);
    expect_error<LicenseErrorAlert>(hex("80000000 01031000 07000000 02000000 04000000"), Errc::bad_value, 4);
    expect_error<LicenseErrorAlert>(hex("88000000 ff031000 07000000 02000000 04000000"), Errc::unsupported, 0);
}

TEST(LicenseMessage, IsTheTypeInThePreamble) {
    EXPECT_EQ(license_message(hex("80000000 01030400")).value(), LicenseMessage::license_request);
    EXPECT_EQ(license_message(hex("80000000 ff030400")).value(), LicenseMessage::error_alert);
    EXPECT_EQ(license_message(hex("80000000 77030400")).error().code, Errc::unsupported);
    EXPECT_EQ(license_message(hex("80000000")).error().code, Errc::truncated);
    EXPECT_EQ(license_message(hex("40000000 ff")).error().code, Errc::bad_value);
}

TEST(IsLicensing, TellsAShareControlHeaderFromASecurityHeader) {
    EXPECT_TRUE(is_licensing(hex("80000000 ff031000")));
    EXPECT_TRUE(is_licensing(hex("80003e01 01023e01")));   // xrdp's License Request
    EXPECT_FALSE(is_licensing(hex("80011100 ea03ea03")));  // a Demand Active of 0x180 bytes
    EXPECT_FALSE(is_licensing(hex("9a001700 ea03ea03")));  // share data of 0x9a bytes
    EXPECT_FALSE(is_licensing(hex("40000000")));
    EXPECT_FALSE(is_licensing(hex("8000")));
}

TEST(LicenseRequest, Golden) {
    LicenseRequest request;
    request.server_random[0] = 0x7B;
    request.company_name = "M";
    request.product_id = "A02";
    request.server_certificate.data = {1, 2, 3};
    request.scopes = {{0x000E, {'m', 0}}};
    expect_golden(hex("80000000 01035500") + hex("7b") + Bytes(31) +
                      hex("00000600 04000000 4d000000 08000000 4100300032000000"
                          "0d00 0400 01000000 0300 0300 010203 01000000 0e00 0200 6d00"),
                  request);
}

TEST(LicenseRequest, RefusesEndlessScopes) {
    auto bytes = encoded(LicenseRequest{});
    bytes[bytes.size() - 4] = 65;
    expect_error<LicenseRequest>(bytes, Errc::too_long, bytes.size() - 4);
}

TEST(NewLicenseRequest, Golden) {
    NewLicenseRequest request;
    request.client_random[31] = 0xEE;
    request.encrypted_premaster_secret.data = {0xAA};
    request.client_user_name.data = {'u', 0};
    request.client_machine_name.data = {'m', 0};
    expect_golden(
        hex("80000000 13033d00 01000000 00000004") + Bytes(31) + hex("ee 0200 0100 aa 0f00 0200 7500 1000 0200 6d00"),
        request);
}

}  // namespace
}  // namespace rdpfault::protocol
