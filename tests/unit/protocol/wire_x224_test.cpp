#include "protocol/tpkt.hpp"
#include "protocol/x224.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

TEST(Tpkt, FramesAPayload) {
    Writer writer;
    writer.text("before");
    const auto start = begin_tpkt(writer);
    writer.text("abc");
    end_tpkt(writer, start);
    const auto unit = writer.view().subspan(6);
    EXPECT_EQ(to_hex(unit), "03000007616263");
    auto reader = open_tpkt(unit);
    EXPECT_EQ(to_hex(reader.take(3, "payload")), "616263");
    EXPECT_TRUE(reader.ok() && reader.at_end());
}

TEST(Tpkt, SaysWhatIsWrongWithTheHeader) {
    EXPECT_EQ(open_tpkt(hex("0300000602f0")).error().code, Errc::bad_length);
    EXPECT_EQ(open_tpkt(hex("0200000702f080")).error().code, Errc::bad_value);
    EXPECT_EQ(open_tpkt(hex("0300000802f080")).error().code, Errc::truncated);
    EXPECT_EQ(open_tpkt(hex("0300000702f08000")).error().code, Errc::trailing);
    EXPECT_EQ(open_tpkt(hex("030000")).error().code, Errc::truncated);
    EXPECT_EQ(open_tpkt({}).error().code, Errc::truncated);
}

TEST(X224, ConnectionRequestForTls) {
    ConnectionRequest request;
    request.negotiation = {0, protocol_ssl};
    expect_golden(hex("03000013 0ee00000000000 0100080001000000"), request);
}

TEST(X224, ConnectionRequestWithCookie) {
    ConnectionRequest request;
    request.cookie = "Administr";
    request.negotiation = {0, protocol_ssl | protocol_hybrid | protocol_hybrid_ex};
    const auto golden =
        hex("0300002f 2ae00000000000") + to_bytes("Cookie: mstshash=Administr\r\n") + hex("010008000b000000");
    expect_golden(golden, request);
}

TEST(X224, ConnectionRequestWithRoutingToken) {
    ConnectionRequest request;
    request.routing_token = "Cookie: msts=3640205228.15629.0000";
    request.negotiation = {0, protocol_ssl};
    const auto golden =
        hex("03000037 32e00000000000") + to_bytes("Cookie: msts=3640205228.15629.0000\r\n") + hex("0100080001000000");
    expect_golden(golden, request);
}

TEST(X224, ConnectionRequestWithCorrelationInfo) {
    ConnectionRequest request;
    request.negotiation = {NegotiationRequest::correlation_info_present, protocol_ssl};
    request.correlation.emplace();
    for (std::uint8_t i = 0; i < 16; ++i)
        request.correlation->id[i] = static_cast<std::uint8_t>(i + 1);
    expect_golden(hex("03000037 32e00000000000 0108080001000000 06002400"
                      "0102030405060708090a0b0c0d0e0f10 00000000000000000000000000000000"),
                  request);
}

TEST(X224, ConnectionRequestWithoutNegotiation) {
    expect_golden(hex("0300000b 06e00000000000"), ConnectionRequest{});
}

TEST(X224, ConnectionRequestSaysWhatIsWrong) {
    expect_error<ConnectionRequest>(hex("03000013 0dd00000000000 0100080001000000"), Errc::bad_length, 4);
    expect_error<ConnectionRequest>(hex("03000013 0ed00000000000 0100080001000000"), Errc::bad_value, 5);
    expect_error<ConnectionRequest>(hex("03000013 0ee00000000000 0100090001000000"), Errc::bad_length, 15);
    expect_error<ConnectionRequest>(hex("0300000f 0ae00000000000 436f6f6b"), Errc::truncated, 11);
    expect_error<ConnectionRequest>(hex("03000014 0fe00000000000 0100080001000000 ff"), Errc::trailing, 19);
    expect_error<ConnectionRequest>(hex("03000014 0fe00000000000 0100080001000000 06"), Errc::truncated, 19);
}

TEST(X224, ALengthIndicatorOf255IsReserved) {
    expect_error<ConnectionRequest>(hex("03000104 ffe00000000000") + Bytes(247, 't') + hex("0d0a"), Errc::bad_length,
                                    4);
}

TEST(X224, ConnectionConfirmSelectsTls) {
    ConnectionConfirm confirm;
    confirm.response = {0, protocol_ssl};
    expect_golden(hex("03000013 0ed00000123400 0200080001000000"), confirm);
}

TEST(X224, ConnectionConfirmFails) {
    ConnectionConfirm confirm;
    confirm.failure = {0, 5};
    expect_golden(hex("03000013 0ed00000123400 0300080005000000"), confirm);
}

TEST(X224, ConnectionConfirmOfAnOldServer) {
    expect_golden(hex("0300000b 06d00000123400"), ConnectionConfirm{});
}

TEST(X224, ConnectionConfirmSaysWhatIsWrong) {
    expect_error<ConnectionConfirm>(hex("03000013 0ed00000123400 0400080001000000"), Errc::bad_value, 11);
    expect_error<ConnectionConfirm>(hex("03000013 0ed00000123400 0200070001000000"), Errc::bad_length, 15);
    expect_error<ConnectionConfirm>(hex("0300000c 07d00000123400 02"), Errc::truncated, 12);
}

TEST(X224, DisconnectRequest) {
    expect_golden(hex("0300000b 0680 0000 1234 80"), DisconnectRequest{0, 0x1234, 0x80});
}

TEST(X224, ErrorTpdu) {
    expect_golden(hex("03000009 0470 0000 02"), ErrorTpdu{0, 2});
}

TEST(X224, Data) {
    const auto payload = hex("0401000100");
    const auto golden = hex("0300000c 02f080 0401000100");
    EXPECT_EQ(encoded(Data{payload}), golden);
    const auto data = Data::decode(golden);
    ASSERT_TRUE(data.has_value());
    EXPECT_EQ(to_hex(data->payload), to_hex(payload));
    for (std::size_t size = 0; size < golden.size(); ++size)
        EXPECT_FALSE(Data::decode(ByteView(golden).first(size)).has_value()) << size;
    expect_error<Data>(hex("03000007 02f000"), Errc::bad_value, 6);
    expect_error<Data>(hex("03000007 03f080"), Errc::bad_length, 4);
}

TEST(X224, RefusesToWriteWhatDoesNotFit) {
    ConnectionRequest request;
    request.routing_token = std::string(246, 't');
    EXPECT_EQ(ConnectionRequest::decode(encoded(request)).value(), request);
    request.routing_token = std::string(247, 't');
    EXPECT_THROW(encoded(request), std::length_error);
    const Bytes payload(65529);
    EXPECT_EQ(encoded(Data{ByteView(payload).first(65528)}).size(), tpkt_max_size);
    EXPECT_THROW(encoded(Data{payload}), std::length_error);
}

TEST(X224, TellsTpdusApart) {
    EXPECT_EQ(*tpdu_code(hex("0300000b 06e00000000000")), TpduCode::connection_request);
    EXPECT_EQ(*tpdu_code(hex("0300000b 06d00000123400")), TpduCode::connection_confirm);
    EXPECT_EQ(*tpdu_code(hex("0300000b 06800000123480")), TpduCode::disconnect_request);
    EXPECT_EQ(*tpdu_code(hex("03000009 0470000002")), TpduCode::error);
    EXPECT_EQ(*tpdu_code(hex("03000007 02f080")), TpduCode::data);
    EXPECT_EQ(tpdu_code(hex("03000007 021080")).error().code, Errc::bad_value);
}

}  // namespace
}  // namespace rdpfault::protocol
