#include "protocol/framing.hpp"
#include "tests/unit/protocol/wire_support.hpp"

namespace rdpfault::protocol {
namespace {

constexpr FrameLength need_more{};
constexpr FrameLength known(std::size_t size) {
    return {FrameLength::Status::known, size, {}};
}

bool is_wrong(Framing framing, const Bytes& head) {
    return frame_length(framing, head).status == FrameLength::Status::wrong;
}

// Every shorter head asks for more, and every longer one says the same.
void expect_length(Framing framing, const Bytes& header, std::size_t size) {
    for (std::size_t n = 0; n < header.size(); ++n)
        EXPECT_EQ(frame_length(framing, ByteView(header).first(n)), need_more) << to_hex(header) << " cut to " << n;
    EXPECT_EQ(frame_length(framing, header), known(size)) << to_hex(header);
    EXPECT_EQ(frame_length(framing, header + hex("ffff")), known(size)) << to_hex(header);
    EXPECT_LE(size, max_frame(framing));
}

TEST(Framing, Tpkt) {
    expect_length(Framing::tpkt, hex("03000013"), 19);
    expect_length(Framing::tpkt, hex("0300ffff"), 65535);
    EXPECT_TRUE(is_wrong(Framing::tpkt, hex("48")));
    EXPECT_TRUE(is_wrong(Framing::tpkt, hex("03000006")));
    EXPECT_TRUE(is_wrong(Framing::tpkt, hex("03000000")));
}

TEST(Framing, Session) {
    expect_length(Framing::session, hex("03000013"), 19);
    expect_length(Framing::session, hex("0007"), 7);
    expect_length(Framing::session, hex("c4ffff"), 0x7fff);
    EXPECT_TRUE(is_wrong(Framing::session, hex("01")));
    EXPECT_TRUE(is_wrong(Framing::session, hex("0001")));
    EXPECT_TRUE(is_wrong(Framing::session, hex("008002")));
}

TEST(Framing, TlsRecord) {
    expect_length(Framing::tls_record, hex("1603010200"), 517);
    expect_length(Framing::tls_record, hex("1403030001"), 6);
    expect_length(Framing::tls_record, hex("1703030000"), 5);
    expect_length(Framing::tls_record, hex("1703034800"), 18437);
    EXPECT_TRUE(is_wrong(Framing::tls_record, hex("13")));
    EXPECT_TRUE(is_wrong(Framing::tls_record, hex("19")));
    EXPECT_TRUE(is_wrong(Framing::tls_record, hex("1602")));
    EXPECT_TRUE(is_wrong(Framing::tls_record, hex("1703034801")));
}

TEST(Framing, TsRequest) {
    expect_length(Framing::ts_request, hex("3012"), 20);
    expect_length(Framing::ts_request, hex("3081ff"), 258);
    expect_length(Framing::ts_request, hex("30820400"), 1028);
    expect_length(Framing::ts_request, hex("3083000400"), 1029);
    EXPECT_TRUE(is_wrong(Framing::ts_request, hex("31")));
    EXPECT_TRUE(is_wrong(Framing::ts_request, hex("3080")));
    EXPECT_TRUE(is_wrong(Framing::ts_request, hex("3085")));
    EXPECT_TRUE(is_wrong(Framing::ts_request, hex("3084ffffffff")));
}

TEST(Framing, Preconnection) {
    expect_length(Framing::preconnection, hex("10000000 00000000 01000000"), 16);
    expect_length(Framing::preconnection, hex("20000000 00000000 02000000"), 32);
    EXPECT_TRUE(is_wrong(Framing::preconnection, hex("47")));
    EXPECT_TRUE(is_wrong(Framing::preconnection, to_bytes("HTTP")));
    EXPECT_TRUE(is_wrong(Framing::preconnection, hex("10000100")));
    EXPECT_TRUE(is_wrong(Framing::preconnection, hex("0e000000")));
    EXPECT_TRUE(is_wrong(Framing::preconnection, hex("10000000 00000000 02000000")));
}

}  // namespace
}  // namespace rdpfault::protocol
