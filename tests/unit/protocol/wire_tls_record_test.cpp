#include "protocol/tls_record.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

TEST(TlsRecord, Header) {
    expect_golden(hex("1603010200"), TlsRecordHeader{TlsContentType::handshake, 0x0301, 512});
    expect_golden(hex("1703034800"), TlsRecordHeader{TlsContentType::application_data, 0x0303, 18432});
    expect_error<TlsRecordHeader>(hex("1303010200"), Errc::bad_value, 0);
    expect_error<TlsRecordHeader>(hex("1602000200"), Errc::bad_value, 1);
    expect_error<TlsRecordHeader>(hex("1703034801"), Errc::too_long, 3);
}

TEST(TlsRecord, WholeRecord) {
    const auto golden = hex("1403030001 01");
    const auto record = TlsRecord::decode(golden);
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(record->type, TlsContentType::change_cipher_spec);
    EXPECT_EQ(record->version, 0x0303);
    EXPECT_EQ(to_hex(record->fragment), "01");
    EXPECT_EQ(encoded(*record), golden);
    for (std::size_t size = 0; size < golden.size(); ++size)
        EXPECT_EQ(TlsRecord::decode(ByteView(golden).first(size)).error().code, Errc::truncated) << size;
    expect_error<TlsRecord>(hex("1403030001 01 00"), Errc::trailing, 6);
}

TEST(TlsAlert, GoldenBytes) {
    expect_golden(hex("0228"), TlsAlert{TlsAlert::fatal, 40});
    expect_golden(hex("0100"), TlsAlert{TlsAlert::warning, 0});
    expect_error<TlsAlert>(hex("022800"), Errc::trailing, 2);
}

TEST(TlsAlert, AsARecord) {
    EXPECT_EQ(to_hex(tls_alert_record({TlsAlert::fatal, 80})), "15030300020250");
    EXPECT_EQ(to_hex(tls_alert_record({TlsAlert::fatal, 70}, 0x0301)), "15030100020246");
}

}  // namespace
}  // namespace rdpfault::protocol
