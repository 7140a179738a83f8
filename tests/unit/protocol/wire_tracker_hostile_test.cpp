// Bytes that are not RDP: one event, then silence, and never more than max_held() bytes behind.
#include "protocol/tls_record.hpp"
#include "tests/unit/protocol/tracker_support.hpp"

namespace rdpfault {
namespace {

using testing::ElementsAre;

struct Hostile {
    std::string_view name;
    Connection before;
    Piece piece;
    std::string garbage;  // "" for pieces that must not be called garbage
};

Connection up_to_client_hello() {
    auto pieces = rdp_connection(fixtures::tls_1_2);
    pieces.resize(3);
    return pieces;
}

Bytes record(protocol::TlsContentType type, const Bytes& fragment) {
    return protocol::encoded(protocol::TlsRecord{type, 0x0303, fragment});
}
Bytes handshake(std::string_view fragment) {
    return record(protocol::TlsContentType::handshake, hex(fragment));
}

// A Certificate message of 100,000 bytes with one byte in each record; its end is never reached.
Bytes endless_message() {
    auto bytes = handshake("0200000100") + handshake("0b0186a0");
    for (int i = 0; i < 30000; ++i)
        append(bytes, handshake("00"));
    return bytes;
}

const Connection requested{{to_server, request_tls}};
const Connection confirmed{{to_server, request_tls}, {to_client, confirm_tls}};

const std::vector<Hostile> cases{
    {"a web server", requested, {to_client, to_bytes("HTTP/1.1 400 Bad Request\r\n\r\n")}, "< garbage 0: TPKT version"},
    {"a web client", {}, {to_server, to_bytes("GET / HTTP/1.1\r\nHost: lab\r\n\r\n")}, "> garbage 0: cbSize"},
    {"an SSH client", {}, {to_server, to_bytes("SSH-2.0-OpenSSH_9.2\r\n")}, "> garbage 0: cbSize"},
    {"a TPKT of six bytes", {}, {to_server, hex("0300000602f0")}, "> garbage 0: TPKT length"},
    {"a TPKT of no bytes", requested, {to_client, hex("030000000ed00000")}, "< garbage 0: TPKT length"},
    {"a wrong length indicator",
     {},
     {to_server, hex("03000013 0de000000000000100080001000000")},
     "> garbage 0: X.224 length indicator"},
    {"a confirm from the client", {}, {to_server, confirm_tls}, "> garbage 0: X.224 TPDU code"},
    {"data instead of a confirm", requested, {to_client, hex("0300000702f080")}, "< garbage 0: X.224 TPDU code"},
    {"an unknown negotiation type",
     requested,
     {to_client, hex("03000013 0ed00000123400 0900080001000000")},
     "< garbage 0: rdpNegData type"},
    {"a preconnection PDU of version 3",
     {},
     {to_server, hex("10000000 00000000 03000000 00000000")},
     "> garbage 0: preconnection version"},
    {"a banner instead of TLS", confirmed, {to_client, to_bytes("220 ready")}, "< garbage 19: TLS content type"},
    {"a record that is too long", confirmed, {to_server, hex("1603034801")}, "> garbage 19: TLS record length"},
    {"a ServerHello from the client", confirmed, {to_server, handshake("0200000100")}, "> garbage 19: ClientHello"},
    {"a Certificate before the ServerHello",
     up_to_client_hello(),
     {to_client, handshake("0b00000100")},
     "< garbage 19: ServerHello"},
    {"a ServerHello that is cut",
     up_to_client_hello(),
     {to_client, handshake("0200000100")},
     "< garbage 19: ServerHello"},
    {"a message that is too long",
     up_to_client_hello(),
     {to_client, handshake("02ffffff")},
     "< garbage 19: shorter handshake message"},
    {"other records within a message",
     up_to_client_hello(),
     {to_client, handshake("020000") + hex("140303000101")},
     "< garbage 27: rest of a handshake message"},
    {"an alert of three bytes", up_to_client_hello(), {to_client, hex("1503030003022800")}, "< garbage 19: TLS alert"},
};

class HostileBytes : public testing::TestWithParam<Hostile> {};

TEST_P(HostileBytes, AreGarbageOnce) {
    const auto& [name, before, piece, garbage] = GetParam();
    Follower follower;
    follower.feed(before);
    follower.events.clear();
    follower.feed(piece);
    follower.feed({piece.direction, Bytes(200000, 0x16)});
    EXPECT_THAT(without_records(follower.events), ElementsAre(garbage));
    EXPECT_TRUE(follower.tracker.opaque(piece.direction));
    EXPECT_FALSE(follower.tracker.opaque(opposite(piece.direction)));
    EXPECT_EQ(follower.tracker.complete(piece.direction), follower.fed(piece.direction));
}

TEST_P(HostileBytes, CutAnyWayGiveTheSameEvents) {
    auto pieces = GetParam().before;
    pieces.push_back(GetParam().piece);
    const auto whole = events_of(pieces);
    EXPECT_EQ(events_of(byte_by_byte(pieces)), whole);
    for (std::uint32_t seed = 0; seed < 50; ++seed)
        EXPECT_EQ(events_of(cut_at_random(pieces, seed)), whole);
}

INSTANTIATE_TEST_SUITE_P(StageTracker, HostileBytes, testing::ValuesIn(cases), [](const auto& given) {
    std::string name(given.param.name);
    for (auto& letter : name)
        if (!std::isalnum(static_cast<unsigned char>(letter))) letter = '_';
    return name;
});

TEST(StageTracker, AMessageInTooManyRecordsIsGarbage) {
    auto pieces = rdp_connection(fixtures::tls_1_2);
    pieces.resize(4);
    // Cut the server's flight after its ServerHello, then never end a Certificate.
    pieces[3].bytes.resize(70);
    append(pieces[3].bytes, ByteView(endless_message()).subspan(10));
    Follower follower;
    follower.feed(byte_by_byte(pieces));  // the follower checks max_held() at every byte
    EXPECT_EQ(follower.events.back().kind, TrackerEvent::Kind::garbage);
    EXPECT_EQ(follower.events.back().what, "shorter handshake message");
    EXPECT_TRUE(follower.tracker.opaque(to_client));
    EXPECT_EQ(follower.events, events_of(pieces));
}

TEST(StageTracker, GarbageOfOneSideLeavesTheOther) {
    Follower follower;
    follower.feed(
        {{to_server, request_tls}, {to_client, to_bytes("HTTP/1.1 400")}, {to_server, hex("15030300020250")}});
    EXPECT_THAT(text(follower.events), ElementsAre("> x224.request 1 [0,19)", "< garbage 0: TPKT version",  //
                                                   "> record 21 1 [19,26)", "> alert 2 80 [19,26)"));
}

TEST(StageTracker, RandomBytesDoNoHarm) {
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        std::mt19937 random(seed);
        auto pieces = rdp_connection(seed % 2 ? fixtures::tls_1_2 : fixtures::tls_1_3);
        for (auto& piece : pieces)
            for (auto& byte : piece.bytes)
                if (random() % 40 == 0) byte = static_cast<std::uint8_t>(random());
        const auto whole = events_of(pieces);
        EXPECT_EQ(events_of(cut_at_random(pieces, seed)), whole) << "seed " << seed;
        for (const auto direction : {to_server, to_client})
            EXPECT_LE(std::ranges::count_if(whole,
                                            [&](const TrackerEvent& event) {
                                                return event.kind == TrackerEvent::Kind::garbage &&
                                                       event.direction == direction;
                                            }),
                      1);
    }
}

}  // namespace
}  // namespace rdpfault
