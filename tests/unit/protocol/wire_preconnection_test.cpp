#include "protocol/preconnection.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

// The examples of MS-RDPEPS 4.1 and 4.2.
TEST(Preconnection, Version1) {
    expect_golden(hex("10000000 00000000 01000000 1556eced"), PreconnectionPdu{0, 0xedec5615, {}});
}

TEST(Preconnection, Version2) {
    expect_golden(hex("20000000 00000000 02000000 00000000 0700 540065007300740056004d000000"),
                  PreconnectionPdu{0, 0, u"TestVM"});
}

TEST(Preconnection, Version2WithAnEmptyString) {
    expect_golden(hex("14000000 00000000 02000000 05000000 0100 0000"), PreconnectionPdu{0, 5, u""});
}

TEST(Preconnection, SaysWhatIsWrong) {
    expect_error<PreconnectionPdu>(hex("11000000 00000000 01000000 00000000"), Errc::bad_length, 0);
    expect_error<PreconnectionPdu>(hex("10000000 00000000 03000000 00000000"), Errc::bad_value, 8);
    expect_error<PreconnectionPdu>(hex("12000000 00000000 02000000 00000000 0100"), Errc::truncated, 18);
    expect_error<PreconnectionPdu>(hex("14000000 00000000 02000000 00000000 0100 4100"), Errc::bad_value, 20);
    expect_error<PreconnectionPdu>(hex("12000000 00000000 02000000 00000000 0000"), Errc::bad_value, 18);
    expect_error<PreconnectionPdu>(hex("12000000 00000000 01000000 00000000 0000"), Errc::trailing, 16);
}

}  // namespace
}  // namespace rdpfault::protocol
