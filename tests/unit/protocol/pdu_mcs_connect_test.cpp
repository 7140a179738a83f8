// MCS Connect and the GCC blocks: the bytes of MS-RDPBCGR 4.1.3 and 4.1.4, and bytes computed by hand.
#include "protocol/gcc.hpp"
#include "protocol/mcs_connect.hpp"
#include "protocol/mcs_domain.hpp"
#include "tests/unit/protocol/pdu_fixtures.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

ConferenceCreateRequest windows_request() {
    ClientCoreData core;
    core.desktop_width = 1280;
    core.desktop_height = 1024;
    core.client_build = 3790;
    core.client_name = "ELTONS-DEV2";
    core.supported_color_depths = 7;
    core.early_capability_flags = 1;
    core.digital_product_id = "69712-783-0357974-42714";
    ClientDataBlocks blocks;
    blocks.core = core;
    blocks.cluster = ClientClusterData{0x0D, 0};
    blocks.security = ClientSecurityData{0x1B, 0};
    blocks.network = ClientNetworkData{{{"rdpdr", 0x80800000}, {"cliprdr", 0xC0A00000}, {"rdpsnd", 0xC0000000}}};
    return {blocks};
}

TEST(ConnectInitial, DecodesWhatWindowsSends) {
    const auto unit = hex(fixtures::windows_connect_initial);
    const auto mcs = data_payload(unit);
    ASSERT_TRUE(mcs.has_value()) << to_string(mcs.error());
    const auto initial = ConnectInitial::decode(*mcs);
    ASSERT_TRUE(initial.has_value()) << to_string(initial.error());
    EXPECT_EQ(initial->target, DomainParameters{});
    EXPECT_EQ(initial->minimum, DomainParameters::minimum());
    EXPECT_EQ(initial->maximum, DomainParameters::maximum());
    EXPECT_TRUE(initial->upward);
    expect_golden(initial->user_data, windows_request());
    for (std::size_t size = 0; size < mcs->size(); ++size)
        EXPECT_FALSE(ConnectInitial::decode(mcs->first(size)).has_value()) << size;
}

TEST(ConnectInitial, EncodesPositiveIntegers) {
    ConnectInitial initial;
    initial.user_data = {0xAA};
    expect_golden(hex("7f65 65 040101 040101 0101ff"
                      "301a 020122 020102 020100 020101 020100 020101 020300ffff 020102"
                      "3019 020101 020101 020101 020101 020100 020101 02020420 020102"
                      "3020 020300ffff 020300fc17 020300ffff 020101 020100 020101 020300ffff 020102"
                      "0401aa"),
                  initial);
}

TEST(ConnectResponse, RoundTrips) {
    ConnectResponse response;
    response.user_data = {1, 2};
    expect_golden(hex("7f66 26 0a0100 020100"
                      "301a 020122 020103 020100 020101 020100 020101 020300ffff 020102"
                      "04020102"),
                  response);
    response.result = 14;
    EXPECT_EQ(ConnectResponse::decode(encoded(response)).value(), response);
}

TEST(ConnectResponse, RefusesAnUnknownResult) {
    auto bytes = encoded(ConnectResponse{});
    bytes[5] = 16;
    expect_error<ConnectResponse>(bytes, Errc::bad_value, 3);
}

TEST(ConferenceCreateRequest, CarriesEveryBlock) {
    auto request = windows_request();
    request.blocks.core = ClientCoreData{};
    request.blocks.core->desktop_physical_width = 300;
    request.blocks.core->desktop_physical_height = 200;
    request.blocks.core->desktop_orientation = 90;
    request.blocks.core->desktop_scale_factor = 150;
    request.blocks.core->device_scale_factor = 140;
    request.blocks.monitor = ClientMonitorData{0, {{-1920, 0, -1, 1079, 0}, {0, 0, 1919, 1079, 1}}};
    request.blocks.monitor_extended = ClientMonitorExtendedData{0, {{500, 300, 0, 100, 100}, {1, 2, 3, 4, 5}}};
    request.blocks.message_channel = ClientMessageChannelData{0};
    request.blocks.multitransport = ClientMultitransportData{0x305};
    request.blocks.others = {{0xC009, {1, 2, 3}}, {0xC0FF, {}}};
    const auto decoded = ConferenceCreateRequest::decode(encoded(request));
    ASSERT_TRUE(decoded.has_value()) << to_string(decoded.error());
    EXPECT_EQ(*decoded, request);
}

TEST(ClientCoreData, StopsAtTheFirstAbsentField) {
    ClientDataBlocks blocks;
    blocks.core = ClientCoreData{};
    blocks.core->serial_number.reset();
    // What follows an absent field is not on the wire.
    const auto decoded = ClientDataBlocks::decode(encoded(blocks)).value();
    EXPECT_EQ(decoded.core->client_product_id, 1);
    EXPECT_FALSE(decoded.core->serial_number);
    EXPECT_FALSE(decoded.core->early_capability_flags);
    EXPECT_FALSE(decoded.core->server_selected_protocol);
}

TEST(ClientDataBlocks, RefusesLengthsAndCountsThatLie) {
    expect_error<ClientDataBlocks>(hex("02c00300"), Errc::bad_length, 2);
    expect_error<ClientDataBlocks>(hex("02c00c000000"), Errc::truncated, 4);
    expect_error<ClientDataBlocks>(hex("02c008001b000000"), Errc::truncated, 8);
    expect_error<ClientDataBlocks>(hex("03c0080020000000"), Errc::bad_value, 4);
    expect_error<ClientDataBlocks>(hex("05c00c000000000011000000"), Errc::bad_value, 8);
    expect_error<ClientDataBlocks>(hex("08c010000000000013000000 00000000"), Errc::bad_value, 8);
}

TEST(ConferenceCreateRequest, ErrorsCountFromTheUserData) {
    auto bytes = encoded(windows_request());
    // The header of the core block stands behind 23 bytes of envelope.
    bytes[23 + 2] = 3;
    bytes[23 + 3] = 0;
    expect_error<ConferenceCreateRequest>(bytes, Errc::bad_length, 25);
    bytes[17] = 'X';  // in "Duca"
    EXPECT_EQ(ConferenceCreateRequest::decode(bytes).error().what, "H.221 key");
}

TEST(ConferenceCreateResponse, DecodesWhatWindowsSends) {
    // MS-RDPBCGR 4.1.4 with a shorter random and certificate; the length 2a of the connect PDU is Windows's own.
    const auto bytes =
        hex("000500147c0001 2a 14760a01010001c0004d63446e 3a"
            "010c0c000400080000000000"
            "030c1000eb030300ec03ed03ee030000"
            "020c1e00020000000200000004000000060000001011772001000000 0100");
    const auto response = ConferenceCreateResponse::decode(bytes);
    ASSERT_TRUE(response.has_value()) << to_string(response.error());
    EXPECT_EQ(response->node_id, 31219);
    EXPECT_EQ(response->tag, 1u);
    EXPECT_EQ(response->blocks.core, (ServerCoreData{0x00080004, 0, std::nullopt}));
    EXPECT_EQ(response->blocks.network, (ServerNetworkData{1003, {1004, 1005, 1006}}));
    EXPECT_EQ(response->blocks.security, (ServerSecurityData{2, 2, hex("10117720"), hex("010000000100")}));
}

TEST(ConferenceCreateResponse, EncodesATlsServer) {
    ConferenceCreateResponse response;
    response.blocks.core = ServerCoreData{0x00080004, 1, 8};
    response.blocks.security = ServerSecurityData{};
    response.blocks.network = ServerNetworkData{1003, {1004}};
    response.blocks.message_channel = ServerMessageChannelData{1005};
    response.blocks.multitransport = ServerMultitransportData{0x301};
    response.blocks.others = {{0x0C77, {9}}};
    expect_golden(hex("000500147c0001 49 14760a01010001c0004d63446e 3b"
                      "010c1000040008000100000008000000"
                      "020c0c000000000000000000"
                      "030c0c00eb030100ec030000"
                      "040c0600ed03"
                      "080c080001030000"
                      "770c050009"),
                  response);
}

}  // namespace
}  // namespace rdpfault::protocol
