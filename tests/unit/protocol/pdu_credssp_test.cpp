// CredSSP: messages as peers send them, and DER that is not DER.
#include "protocol/credssp.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

TEST(TsRequest, AToken) {
    TsRequest request;
    request.version = 2;
    request.tokens = {{0, 1, 2}};
    expect_golden(hex("3012 a003020102 a10b 3009 3007 a005 0403 000102"), request);
}

TEST(TsRequest, AnErrorCode) {
    TsRequest request;
    request.version = 4;
    request.error_code = 0xC000005E;
    expect_golden(hex("300d a003020104 a406 0204 c000005e"), request);
}

TEST(TsRequest, AnErrorCodeWrittenAsAPositiveNumber) {
    const auto request = TsRequest::decode(hex("300e a003020106 a407 0205 00c000006d"));
    ASSERT_TRUE(request.has_value()) << to_string(request.error());
    EXPECT_EQ(request->error_code, 0xC000006D);
}

TEST(TsRequest, Everything) {
    TsRequest request;
    request.tokens = {{1}, {2, 3}};
    request.auth_info = Bytes{4};
    request.public_key = Bytes(130, 5);
    request.error_code = 0x12345678;
    request.nonce = Bytes(32, 7);
    expect_golden(hex("3081d1 a003020106 a111 300f 3005a003040101 3006a00404020203") + hex("a203040104") +
                      hex("a38185048182") + Bytes(130, 5) + hex("a406020412345678 a5220420") + Bytes(32, 7),
                  request);
}

TEST(TsRequest, RefusesWhatIsNotDer) {
    const auto code = [](std::string_view text) { return TsRequest::decode(hex(text)).error().code; };
    EXPECT_EQ(code("308105 a003020106"), Errc::bad_length);                    // a long length for a short one
    EXPECT_EQ(code("3080 a003020106 0000"), Errc::bad_length);                 // indefinite
    EXPECT_EQ(code("3005 a003020106 00"), Errc::trailing);                     // behind the message
    EXPECT_EQ(code("3007 a003020106 a600"), Errc::trailing);                   // a field nobody knows
    EXPECT_EQ(code("300a a003020106 a003020106"), Errc::trailing);             // a field twice
    EXPECT_EQ(code("300f a003020106 a303040100 a203040100"), Errc::trailing);  // not in order
    EXPECT_EQ(code("3009 a003020106 a102 3000"), Errc::bad_length);            // a list of no tokens
    EXPECT_EQ(code("300a a003020106 a503 040101"), Errc::bad_length);          // a nonce of one byte
    EXPECT_EQ(code("3006 a004020106 00"), Errc::trailing);                     // inside the version
    EXPECT_EQ(code("3005 a103020106"), Errc::bad_value);                       // no version
    EXPECT_EQ(code("3009 a003020106 a202 0480"), Errc::bad_length);
}

TEST(TsRequest, RefusesEndlessTokens) {
    TsRequest request;
    request.tokens.assign(8, Bytes{1});
    EXPECT_TRUE(TsRequest::decode(encoded(request)).has_value());
    request.tokens.assign(9, Bytes{1});
    EXPECT_EQ(TsRequest::decode(encoded(request)).error().code, Errc::too_long);
}

TEST(TsCredentials, OfAPassword) {
    TsCredentials credentials;
    credentials.credentials = encoded(TsPasswordCredentials{"D", "u", "p"});
    expect_golden(hex("301d a003020101 a116 0414 3012 a004 0402 4400 a104 0402 7500 a204 0402 7000"), credentials);
}

TEST(TsPasswordCredentials, Golden) {
    expect_golden(hex("3012 a004 0402 4400 a104 0402 7500 a204 0402 7000"), TsPasswordCredentials{"D", "u", "p"});
    // Restricted Admin: nothing is delegated.
    expect_golden(hex("300c a002 0400 a102 0400 a202 0400"), TsPasswordCredentials{});
}

TEST(EarlyUserAuthorization, Golden) {
    expect_golden(hex("00000000"), EarlyUserAuthorization{});
    expect_golden(hex("05000000"), EarlyUserAuthorization{EarlyUserAuthorization::access_denied});
    expect_error<EarlyUserAuthorization>(hex("0000000000"), Errc::trailing, 4);
}

TEST(BindingHashInput, IsTheMagicWithItsNulTheNonceAndTheKey) {
    const auto input = binding_hash_input(Direction::client_to_server, hex("aa"), hex("bb"));
    EXPECT_EQ(input.size(), 40U);
    EXPECT_EQ(input, to_bytes("CredSSP Client-To-Server Binding Hash") + hex("00aabb"));
    EXPECT_EQ(binding_hash_input(Direction::server_to_client, hex("aa"), hex("bb")),
              to_bytes("CredSSP Server-To-Client Binding Hash") + hex("00aabb"));
}

TEST(Incremented, CarriesFromTheFirstByteOn) {
    EXPECT_EQ(incremented(hex("3082")), hex("3182"));
    EXPECT_EQ(incremented(hex("ffff01")), hex("000002"));
    EXPECT_EQ(incremented(hex("ff")), hex("00"));
    EXPECT_EQ(incremented({}), Bytes{});
}

TEST(TakesErrorCode, AsTheSpecificationHasIt) {
    EXPECT_FALSE(credssp::takes_error_code(2));
    EXPECT_TRUE(credssp::takes_error_code(3));
    EXPECT_TRUE(credssp::takes_error_code(4));
    EXPECT_FALSE(credssp::takes_error_code(5));
    EXPECT_TRUE(credssp::takes_error_code(6));
    EXPECT_TRUE(credssp::takes_error_code(7));
}

}  // namespace
}  // namespace rdpfault::protocol
