#include "protocol/tls_handshake.hpp"
#include "protocol/tls_reassembler.hpp"
#include "protocol/tls_record.hpp"
#include "tests/unit/protocol/fixtures.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The smallest hello that TLS 1.0 allows: no session, two suites, no extensions.
const auto small_hello =
    "01 00002b 0301 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 00"
    "0004 002f 000a 01 00";

ClientHello small_hello_value() {
    ClientHello hello;
    hello.version = 0x0301;
    for (std::uint8_t i = 0; i < 32; ++i)
        hello.random[i] = i;
    hello.cipher_suites = {0x002f, 0x000a};
    return hello;
}

// The handshake message that a recorded flight begins with.
Bytes first_message(const fixtures::Flight& flight) {
    const auto bytes = hex(flight.hex);
    const auto header = TlsHandshakeHeader::decode(ByteView(bytes).subspan(tls_record_header_size)).value();
    const auto message = ByteView(bytes).subspan(tls_record_header_size, tls_handshake_header_size + header.length);
    return {message.begin(), message.end()};
}

TlsExtension extension(std::uint16_t type, std::string_view data) {
    return {type, hex(data)};
}

TEST(TlsHandshake, Header) {
    expect_golden(hex("0e000000"), TlsHandshakeHeader{TlsHandshakeType::server_hello_done, 0});
    expect_golden(hex("0b010203"), TlsHandshakeHeader{TlsHandshakeType::certificate, 0x010203});
}

TEST(ClientHello, WithoutExtensions) {
    expect_golden(hex(small_hello), small_hello_value());
}

TEST(ClientHello, WithExtensions) {
    auto hello = small_hello_value();
    hello.session_id = {1, 2, 3};
    hello.extensions = {extension(TlsExtension::server_name, "000e 00 000b 6c61622e6578616d706c65"),
                        extension(TlsExtension::supported_groups, "0004 001d 0017"),
                        extension(TlsExtension::signature_algorithms, "0002 0403"),
                        extension(TlsExtension::supported_versions, "04 0304 0303")};
    expect_golden(hex("01 00005f 0301 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 03010203"
                      "0004 002f 000a 01 00 002f"
                      "0000 0010 000e 00 000b 6c61622e6578616d706c65  000a 0006 0004 001d 0017"
                      "000d 0004 0002 0403  002b 0005 04 0304 0303"),
                  hello);
    EXPECT_EQ(hello.server_name(), "lab.example");
    EXPECT_THAT(hello.supported_groups(), ElementsAre(0x001d, 0x0017));
    EXPECT_THAT(hello.signature_algorithms(), ElementsAre(0x0403));
    EXPECT_THAT(hello.supported_versions(), ElementsAre(0x0304, 0x0303));
}

TEST(ClientHello, OfOpenssl) {
    const auto message = first_message(fixtures::tls_1_3.front());
    const auto hello = ClientHello::decode(message);
    ASSERT_TRUE(hello.has_value()) << to_string(hello.error());
    EXPECT_EQ(hello->version, 0x0303);
    EXPECT_EQ(hello->session_id.size(), 32u);
    EXPECT_EQ(hello->server_name(), "lab.example");
    EXPECT_THAT(hello->supported_versions(), ElementsAre(0x0304, 0x0303));
    EXPECT_THAT(hello->supported_groups(), testing::Contains(0x001d));
    EXPECT_THAT(hello->signature_algorithms(), testing::Contains(0x0403));
    EXPECT_THAT(hello->cipher_suites, testing::IsSupersetOf({0x1302, 0x1301, 0xc02b}));
    EXPECT_EQ(encoded(*hello), message);
}

TEST(ClientHello, SaysNothingOfAbsentExtensions) {
    const auto hello = small_hello_value();
    EXPECT_FALSE(hello.server_name());
    EXPECT_THAT(hello.supported_versions(), IsEmpty());
    EXPECT_THAT(hello.supported_groups(), IsEmpty());
    EXPECT_THAT(hello.signature_algorithms(), IsEmpty());
}

TEST(ClientHello, RefusesMalformedExtensions) {
    for (const auto& bad :
         {extension(TlsExtension::server_name, "000e 00 000c 6c61622e6578616d706c65"),
          extension(TlsExtension::server_name, "000e 01 000b 6c61622e6578616d706c65"),
          extension(TlsExtension::supported_groups, "0003 001d 00"), extension(TlsExtension::supported_groups, "0000"),
          extension(TlsExtension::signature_algorithms, "0002 0403 00"),
          extension(TlsExtension::supported_versions, "06 0304 0303")}) {
        auto hello = small_hello_value();
        hello.extensions = {bad};
        EXPECT_TRUE(ClientHello::decode(encoded(hello)).has_error()) << bad.type << ' ' << to_hex(bad.data);
    }
}

TEST(ClientHello, SaysWhatIsWrong) {
    auto bytes = hex(small_hello);
    bytes[0] = 2;
    expect_error<ClientHello>(bytes, Errc::bad_value, 0);
    bytes = hex(small_hello);
    bytes[38] = 33;  // session id length
    expect_error<ClientHello>(bytes, Errc::bad_length, 39);
    bytes = hex(small_hello);
    bytes[40] = 3;  // an odd number of suite bytes
    expect_error<ClientHello>(bytes, Errc::bad_length, 41);
    bytes = hex(small_hello) + hex("00");
    expect_error<ClientHello>(bytes, Errc::bad_length, 1);
}

TEST(ServerHello, UpToTls12) {
    ServerHello hello;
    for (std::uint8_t i = 0; i < 32; ++i)
        hello.random[i] = i;
    hello.cipher_suite = 0xc02b;
    const auto golden = "02 000026 0303 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 00 c02b 00";
    expect_golden(hex(golden), hello);
    EXPECT_EQ(hello.negotiated_version(), 0x0303);
    EXPECT_FALSE(hello.is_hello_retry_request());
}

TEST(ServerHello, OfTls13) {
    const auto message = first_message(fixtures::tls_1_3[1]);
    const auto hello = ServerHello::decode(message);
    ASSERT_TRUE(hello.has_value()) << to_string(hello.error());
    EXPECT_EQ(hello->version, 0x0303);
    EXPECT_EQ(hello->negotiated_version(), 0x0304);
    EXPECT_EQ(hello->cipher_suite, 0x1302);
    EXPECT_FALSE(hello->is_hello_retry_request());
    EXPECT_EQ(encoded(*hello), message);
}

TEST(ServerHello, HelloRetryRequest) {
    const auto hello = ServerHello::decode(first_message(fixtures::tls_1_3_retry[1]));
    ASSERT_TRUE(hello.has_value());
    EXPECT_TRUE(hello->is_hello_retry_request());
    EXPECT_EQ(hello->negotiated_version(), 0x0304);
}

TEST(ServerHello, RefusesAMalformedSelectedVersion) {
    ServerHello hello;
    hello.extensions = {extension(TlsExtension::supported_versions, "03")};
    EXPECT_TRUE(ServerHello::decode(encoded(hello)).has_error());
}

class Reassembly : public testing::Test {
  protected:
    // Feeds one record after those before, and gives what it completed as (type, begin, end).
    using Seen = std::vector<std::tuple<int, std::uint64_t, std::uint64_t>>;
    Seen feed(std::string_view fragment) {
        std::vector<TlsHandshakeMessage> messages;
        const auto bytes = hex(fragment);
        followed_ = reassembler_.feed(at_, bytes, messages);
        at_ += tls_record_header_size + bytes.size();
        Seen seen;
        for (const auto& message : messages)
            seen.emplace_back(static_cast<int>(message.type), message.begin, message.end);
        return seen;
    }

    TlsReassembler reassembler_{1000};
    std::uint64_t at_ = 100;
    bool followed_ = true;
};

TEST_F(Reassembly, OneMessageInOneRecord) {
    EXPECT_EQ(feed("0b000003 010203"), (Seen{{11, 100, 112}}));
    EXPECT_EQ(reassembler_.pending(), std::nullopt);
}

TEST_F(Reassembly, MessagesThatShareARecord) {
    EXPECT_EQ(feed("02000001aa 0e000000 0b000003 010203"), (Seen{{2, 100, 110}, {14, 110, 114}, {11, 114, 121}}));
}

TEST_F(Reassembly, AMessageThatSpansRecords) {
    EXPECT_EQ(feed("0b00"), Seen{});
    EXPECT_EQ(reassembler_.pending(), 100u);
    EXPECT_EQ(feed(""), Seen{});
    EXPECT_EQ(feed("0003 01"), Seen{});
    EXPECT_EQ(feed("0203 0e0000"), (Seen{{11, 100, 127}}));
    EXPECT_EQ(reassembler_.pending(), 127u);
    EXPECT_EQ(feed("00"), (Seen{{14, 127, 136}}));
    EXPECT_EQ(reassembler_.pending(), std::nullopt);
}

TEST_F(Reassembly, RefusesAMessageOverTheLimitAtItsHeader) {
    EXPECT_EQ(feed("0e000000 0b0003e5"), (Seen{{14, 100, 109}}));
    EXPECT_FALSE(followed_);
}

}  // namespace
}  // namespace rdpfault::protocol
