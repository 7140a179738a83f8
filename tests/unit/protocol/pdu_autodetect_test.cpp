// Network auto-detection: the headers are MS-RDPBCGR 2.2.14, computed by hand.
#include "protocol/autodetect.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

TEST(AutoDetectRequest, Golden) {
    expect_golden(hex("00100000 06 00 2300 0110"), AutoDetectRequest{0x23, RttRequest{}});
    expect_golden(hex("00100000 06 00 0100 0100"), AutoDetectRequest{1, RttRequest{autodetect::rtt_continuous}});
    expect_golden(hex("00100000 06 00 0100 1410"), AutoDetectRequest{1, BandwidthStart{}});
    expect_golden(hex("00100000 08 00 0100 0200 0300 aabbcc"),
                  AutoDetectRequest{1, BandwidthPayload{{0xAA, 0xBB, 0xCC}}});
    expect_golden(hex("00100000 08 00 0100 2b00 0100 aa"), AutoDetectRequest{1, BandwidthStop{.payload = {0xAA}}});
    expect_golden(hex("00100000 06 00 0100 2904"),
                  AutoDetectRequest{1, BandwidthStop{autodetect::bandwidth_stop_continuous}});
    expect_golden(hex("00100000 12 00 0100 c008 05000000 00200000 07000000"),
                  AutoDetectRequest{1, NetworkCharacteristics{0x08C0, 5, 8192, 7}});
    expect_golden(hex("00100000 0e 00 0100 4008 05000000 07000000"),
                  AutoDetectRequest{1, NetworkCharacteristics{0x0840, 5, 0, 7}});
    expect_golden(hex("00100000 0e 00 0100 8008 00200000 07000000"),
                  AutoDetectRequest{1, NetworkCharacteristics{0x0880, 0, 8192, 7}});
}

TEST(AutoDetectResponse, Golden) {
    expect_golden(hex("00200000 06 01 2300 0000"), AutoDetectResponse{0x23, RttResponse{}});
    expect_golden(hex("00200000 0e 01 0100 0300 0a000000 00040000"),
                  AutoDetectResponse{1, BandwidthResults{.time_delta = 10, .byte_count = 1024}});
    expect_golden(hex("00200000 0e 01 0100 0b00 0a000000 00040000"),
                  AutoDetectResponse{1, BandwidthResults{autodetect::bandwidth_results_continuous, 10, 1024}});
    expect_golden(hex("00200000 0e 01 0100 1800 00200000 05000000"),
                  AutoDetectResponse{1, NetworkCharacteristicsSync{8192, 5}});
}

TEST(AutoDetect, RefusesWhatItIsNot) {
    expect_error<AutoDetectRequest>(hex("00200000 06 00 0100 0110"), Errc::bad_value, 0);
    expect_error<AutoDetectRequest>(hex("00100000 06 01 0100 0110"), Errc::bad_value, 5);
    expect_error<AutoDetectRequest>(hex("00100000 06 00 0100 9999"), Errc::unsupported, 8);
    expect_error<AutoDetectRequest>(hex("00100000 08 00 0100 0200 ffff aa"), Errc::truncated, 12);
    expect_error<AutoDetectResponse>(hex("00200000 06 01 0100 9999"), Errc::unsupported, 8);
}

}  // namespace
}  // namespace rdpfault::protocol
