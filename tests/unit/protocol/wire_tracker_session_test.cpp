// The session inside TLS, or on the wire with Standard RDP Security.
#include "protocol/activation.hpp"
#include "protocol/ber.hpp"
#include "protocol/client_info.hpp"
#include "protocol/error_info.hpp"
#include "protocol/finalization.hpp"
#include "protocol/gcc.hpp"
#include "protocol/licensing.hpp"
#include "protocol/mcs_connect.hpp"
#include "protocol/mcs_domain.hpp"
#include "protocol/session_end.hpp"
#include "protocol/x224.hpp"
#include "tests/unit/protocol/tracker_support.hpp"

namespace rdpfault {
namespace {

using namespace protocol;
using testing::ElementsAre;
using testing::IsEmpty;

// Not the usual 1003: the tracker must learn it from the Connect Response.
constexpr std::uint16_t io_channel = 1004;
constexpr std::uint16_t other_channel = 1005;

Bytes confirm(std::uint32_t selected) {
    ConnectionConfirm pdu;
    pdu.response = {0, selected};
    return encoded(pdu);
}

template <class Pdu>
Bytes from_client(const Pdu& pdu) {
    return send_data_request(1007, io_channel, encoded(pdu));
}
template <class Pdu>
Bytes from_server(const Pdu& pdu) {
    return send_data_indication(1002, io_channel, encoded(pdu));
}

Bytes connect_response() {
    ConferenceCreateResponse conference;
    conference.blocks.core.emplace();
    conference.blocks.network.emplace().io_channel = io_channel;
    ConnectResponse response;
    response.user_data = encoded(conference);
    return data_unit(encoded(response));
}

// Everything up to the active session, one unit a piece.
Connection session(Layer layer) {
    ConnectInitial initial;
    initial.user_data = encoded(ConferenceCreateRequest{});
    const auto client = [&](Bytes bytes) { return Piece{to_server, std::move(bytes), layer}; };
    const auto server = [&](Bytes bytes) { return Piece{to_client, std::move(bytes), layer}; };
    return {client(data_unit(encoded(initial))),
            server(connect_response()),
            client(data_unit(hex("0401000100"))),
            client(data_unit(hex("28"))),
            server(data_unit(hex("2e000006"))),
            client(data_unit(hex("38000603ef"))),
            server(data_unit(hex("3e00000603ef03ef"))),
            client(data_unit(hex("38000603ec"))),
            server(data_unit(hex("3e00000603ec03ec"))),
            client(from_client(ClientInfo{})),
            server(from_server(LicenseErrorAlert{})),
            server(from_server(DemandActive{})),
            client(from_client(ConfirmActive{})),
            client(from_client(Synchronize{})),
            client(from_client(Control{})),
            client(from_client(FontList{})),
            server(from_server(Synchronize{})),
            server(from_server(FontMap{})),
            client(hex("c405050505")),
            server(hex("0007aabbccddee")),
            server(hex("0003aa"))};
}

std::vector<std::string> stage_names(const Events& events) {
    std::vector<std::string> names;
    for (const auto& event : events) {
        EXPECT_EQ(event.kind, TrackerEvent::Kind::stage) << text(event);
        names.push_back((event.direction == to_server ? "> " : "< ") + std::string(to_string(event.stage)) + ' ' +
                        std::to_string(event.nth));
    }
    return names;
}

const auto session_stages =
    ElementsAre("> mcs.connect_initial 1", "< mcs.connect_response 1", "> mcs.erect_domain 1", "> mcs.attach_user 1",
                "< mcs.attach_user_confirm 1", "> mcs.channel_join 1", "< mcs.channel_join 1", "> mcs.channel_join 2",
                "< mcs.channel_join 2", "> rdp.client_info 1", "< rdp.licensing 1", "< rdp.demand_active 1",
                "> rdp.confirm_active 1", "> rdp.finalization 1", "> rdp.finalization 2", "> rdp.finalization 3",
                "< rdp.finalization 1", "< rdp.finalization 2", "> rdp.active 1", "< rdp.active 1");

// A follower that has seen the server select this, and its events since.
struct Decrypted : Follower {
    explicit Decrypted(std::uint32_t selected = protocol_ssl) {
        feed({{to_server, request_tls}, {to_client, confirm(selected)}});
        events.clear();
    }
    Events take() { return std::exchange(events, {}); }
    Events client(const Bytes& bytes) { return send({to_server, bytes, Layer::decrypted}); }
    Events server(const Bytes& bytes) { return send({to_client, bytes, Layer::decrypted}); }

  private:
    Events send(const Piece& piece) {
        feed(piece);
        return take();
    }
};

TEST(SessionTracker, FollowsASessionInsideTls) {
    Decrypted follower;
    follower.feed(session(Layer::decrypted));
    EXPECT_THAT(stage_names(follower.events), session_stages);
    EXPECT_EQ(follower.tracker.furthest(), Stage::rdp_active);
    // Offsets are those of the decrypted streams, and join without a gap.
    EXPECT_EQ(text(follower.events[2]), ">* mcs.erect_domain 1 [" + std::to_string(follower.events[0].end) + ',' +
                                            std::to_string(follower.events[0].end + 12) + ')');
}

TEST(SessionTracker, CutAnyWayGivesTheSameEvents) {
    auto pieces = session(Layer::decrypted);
    pieces.insert(pieces.begin(), {{to_server, request_tls}, {to_client, confirm_tls}});
    const auto whole = events_of(pieces);
    EXPECT_EQ(events_of(byte_by_byte(pieces)), whole);
    for (std::uint32_t seed = 0; seed < 200; ++seed)
        ASSERT_EQ(events_of(cut_at_random(pieces, seed)), whole) << seed;
}

TEST(SessionTracker, FollowsStandardRdpOnTheWire) {
    for (const auto& answer : {confirm(protocol_rdp), encoded(ConnectionConfirm{})}) {
        Follower follower;
        follower.feed({{to_server, request_tls}, {to_client, answer}});
        follower.events.clear();
        follower.feed(session(Layer::wire));
        EXPECT_THAT(stage_names(follower.events), session_stages);
        EXPECT_EQ(follower.tracker.complete(to_client), follower.fed(to_client));
    }
}

TEST(SessionTracker, StandardRdpFallsSilentWhenItIsEncrypted) {
    Follower follower;
    follower.feed({{to_server, request_tls}, {to_client, confirm(protocol_rdp)}});
    auto pieces = session(Layer::wire);
    pieces.resize(9);
    follower.feed(pieces);
    follower.events.clear();
    // Security Exchange PDU.
    follower.feed({to_server, send_data_request(1007, io_channel, hex("01000000 48000000") + Bytes(72, 0x5a))});
    follower.feed({{to_server, Bytes(500, 0x99)}, {to_client, Bytes(500, 0x99)}});
    EXPECT_THAT(follower.events, IsEmpty());
    for (const auto direction : {to_server, to_client}) {
        EXPECT_TRUE(follower.tracker.opaque(direction));
        EXPECT_EQ(follower.tracker.complete(direction), follower.fed(direction));
    }
}

// A TSRequest of version 6 with these fields: 1 tokens, 2 authInfo, 3 pubKeyAuth, 4 errorCode.
Bytes ts_request(std::initializer_list<unsigned> fields) {
    Writer content;
    ber::write(content, ber::context(0), hex("020106"));
    for (const auto field : fields)
        ber::write(content, ber::context(field), hex("0403aabbcc"));
    Writer writer;
    ber::write(writer, ber::sequence, content.view());
    return writer.take();
}

TEST(SessionTracker, FollowsCredSsp) {
    Decrypted follower(protocol_hybrid);
    // The golden vector of one token.
    EXPECT_THAT(text(follower.client(hex("3012a003020102a10b30093007a0050403000102"))),
                ElementsAre(">* nla.negotiate 1 [0,20)"));
    EXPECT_THAT(stage_names(follower.server(ts_request({1}))), ElementsAre("< nla.challenge 1"));
    EXPECT_THAT(stage_names(follower.client(ts_request({1, 3, 5}))), ElementsAre("> nla.authenticate 1"));
    EXPECT_THAT(stage_names(follower.server(ts_request({3}))), ElementsAre("< nla.public_key 1"));
    EXPECT_THAT(stage_names(follower.client(ts_request({2}))), ElementsAre("> nla.credentials 1"));
    follower.feed(session(Layer::decrypted));
    EXPECT_THAT(stage_names(follower.events), session_stages);
}

TEST(SessionTracker, ExpectsAnEarlyResultWithHybridExOnly) {
    Decrypted with(protocol_hybrid_ex);
    with.server(ts_request({3}));
    EXPECT_THAT(stage_names(with.server(hex("00000000"))), ElementsAre("< nla.early_auth 1"));
    EXPECT_THAT(stage_names(with.server(connect_response())), ElementsAre("< mcs.connect_response 1"));

    Decrypted without(protocol_hybrid);
    without.server(ts_request({3}));
    EXPECT_THAT(text(without.server(hex("00000000"))), ElementsAre(testing::StartsWith("<* garbage ")));
}

TEST(SessionTracker, AnEarlyResultThatDeniesIsAnError) {
    Decrypted follower(protocol_hybrid_ex);
    follower.server(ts_request({3}));
    EXPECT_THAT(text(follower.server(hex("05000000"))),
                ElementsAre("<* nla.early_auth 1 [14,18)", "<* credssp_error 0xC0000022 [14,18)"));
}

TEST(SessionTracker, ACredSspErrorIsNoStage) {
    Decrypted follower(protocol_hybrid);
    EXPECT_THAT(text(follower.server(hex("300da003020104a4060204c000005e"))),
                ElementsAre("<* credssp_error 0xC000005E [0,15)"));
    EXPECT_THAT(follower.client(hex("300da003020104a4060204c000005e")), IsEmpty());  // only servers say so
    EXPECT_THAT(stage_names(follower.server(ts_request({1}))), ElementsAre("< nla.challenge 1"));
}

TEST(SessionTracker, CredSspThatWasNotSelectedIsGarbage) {
    Decrypted follower;
    EXPECT_THAT(text(follower.client(ts_request({1}))), ElementsAre(">* garbage 0: TPKT version"));
}

// Up to the Font Map, and the events since.
Decrypted activated() {
    Decrypted follower;
    auto pieces = session(Layer::decrypted);
    pieces.resize(18);
    follower.feed(pieces);
    follower.take();
    return follower;
}

SetErrorInfo error_info(std::uint32_t code) {
    return {{}, code};
}

TEST(SessionTracker, ReportsErrorInfoAndTheEnd) {
    auto follower = activated();
    EXPECT_THAT(text(follower.server(hex("0003aa"))), ElementsAre(testing::HasSubstr("rdp.active 1")));
    EXPECT_THAT(text(follower.server(from_server(error_info(7)))),
                ElementsAre(testing::HasSubstr("rdp.data 1"), testing::HasSubstr("error_info 7")));
    EXPECT_THAT(stage_names(follower.server(from_server(DeactivateAll{}))), ElementsAre("< rdp.disconnect 1"));
    EXPECT_THAT(text(follower.server(data_unit(hex("2180")))),
                ElementsAre(testing::HasSubstr("rdp.disconnect 2"), testing::HasSubstr("disconnect 3")));
}

TEST(SessionTracker, ReportsErrorInfoBeforeActivation) {
    Decrypted follower;
    auto pieces = session(Layer::decrypted);
    pieces.resize(11);
    follower.feed(pieces);
    follower.take();
    EXPECT_THAT(text(follower.server(from_server(error_info(0x10c9)))),
                ElementsAre(testing::HasSubstr("rdp.data 1"), testing::HasSubstr("error_info 4297")));
    EXPECT_EQ(follower.tracker.furthest(), Stage::rdp_licensing) << "traffic is no progress";
    EXPECT_THAT(text(follower.server(data_unit(hex("2080")))),
                ElementsAre(testing::HasSubstr("rdp.disconnect 1"), testing::HasSubstr("disconnect 1")));
}

TEST(SessionTracker, ADeactivationMayBeginANewActivation) {
    auto follower = activated();
    EXPECT_THAT(stage_names(follower.server(from_server(DeactivateAll{}))), ElementsAre("< rdp.active 1"));
    EXPECT_THAT(stage_names(follower.server(from_server(DemandActive{}))), ElementsAre("< rdp.demand_active 2"));
    EXPECT_THAT(stage_names(follower.server(from_server(FontMap{}))), ElementsAre("< rdp.finalization 3"));
    EXPECT_THAT(stage_names(follower.server(hex("0003aa"))), ElementsAre("< rdp.active 2"));
}

TEST(SessionTracker, AShutdownRequestIsAnEnd) {
    auto follower = activated();
    follower.client(hex("c405050505"));
    EXPECT_THAT(stage_names(follower.client(from_client(ShutdownRequest{}))), ElementsAre("> rdp.disconnect 1"));
}

TEST(SessionTracker, ReportsLicenseErrors) {
    Decrypted follower;
    auto pieces = session(Layer::decrypted);
    pieces.resize(10);
    follower.feed(pieces);
    follower.take();
    LicenseErrorAlert alert;
    alert.error_code = license_error::no_license_server;
    alert.state_transition = license_transition::total_abort;
    EXPECT_THAT(text(follower.server(from_server(alert))),
                ElementsAre(testing::HasSubstr("rdp.licensing 1"), testing::HasSubstr("license_error 6")));
    EXPECT_THAT(text(follower.client(from_client(LicenseErrorAlert::no_license()))),
                ElementsAre(testing::HasSubstr("rdp.licensing 1"), testing::HasSubstr("license_error 2")));
    // xrdp's "valid client".
    EXPECT_THAT(stage_names(follower.server(
                    send_data_indication(1002, io_channel, hex("80000000 ff021000 07000000 02000000 28140000")))),
                ElementsAre("< rdp.licensing 2"));
}

TEST(SessionTracker, SeesEveryPduOfAUnit) {
    auto follower = activated();
    const auto both = encoded(error_info(7)) + encoded(error_info(0));
    EXPECT_THAT(text(follower.server(send_data_indication(1002, io_channel, both))),
                ElementsAre(testing::HasSubstr("rdp.active 1"), testing::HasSubstr("rdp.data 1"),
                            testing::HasSubstr("error_info 7"), testing::HasSubstr("error_info 0")));
}

TEST(SessionTracker, LooksAtTheIoChannelOnly) {
    auto follower = activated();
    follower.server(hex("0003aa"));
    EXPECT_THAT(follower.server(send_data_indication(1002, other_channel, encoded(error_info(7)))), IsEmpty());
}

TEST(SessionTracker, CountsTheTrafficOfASession) {
    auto follower = activated();
    follower.server(hex("0003aa"));
    follower.client(hex("c405050505"));
    EXPECT_THAT(text(follower.server(from_server(ShutdownDenied{}))),
                ElementsAre(testing::MatchesRegex("<\\* rdp.data 1 \\[[0-9]+,[0-9]+\\)")));
    EXPECT_THAT(stage_names(follower.client(from_client(ShutdownDenied{}))), ElementsAre("> rdp.data 1"));
    EXPECT_THAT(stage_names(follower.server(from_server(ShutdownDenied{}))), ElementsAre("< rdp.data 2"));
    // What has a stage of its own is not counted twice.
    EXPECT_THAT(stage_names(follower.server(from_server(Synchronize{}))), ElementsAre("< rdp.finalization 3"));
    EXPECT_EQ(follower.tracker.furthest(), Stage::rdp_active);
}

TEST(SessionTracker, TellsVirtualChannelsFromOthers) {
    ConferenceCreateResponse conference;
    conference.blocks.network.emplace().io_channel = io_channel;
    conference.blocks.network->channels = {other_channel, 1006};
    conference.blocks.message_channel.emplace().channel = 1007;
    ConnectResponse response;
    response.user_data = encoded(conference);
    Decrypted follower;
    follower.server(data_unit(encoded(response)));
    const auto channel_pdu = hex("04000000 03000000 aabbccdd");
    EXPECT_THAT(stage_names(follower.server(send_data_indication(1002, other_channel, channel_pdu))),
                ElementsAre("< rdp.channel_data 1"));
    EXPECT_THAT(stage_names(follower.server(send_data_indication(1002, 1006, channel_pdu))),
                ElementsAre("< rdp.channel_data 2"));
    EXPECT_THAT(stage_names(follower.client(send_data_request(1007, 1006, channel_pdu))),
                ElementsAre("> rdp.channel_data 1"));
    EXPECT_THAT(follower.server(send_data_indication(1002, 1007, channel_pdu)), IsEmpty()) << "the message channel";
    EXPECT_THAT(follower.server(send_data_indication(1002, 1010, channel_pdu)), IsEmpty());
    EXPECT_EQ(follower.tracker.furthest(), Stage::mcs_connect_response);
}

TEST(SessionTracker, UnreadableUnitsAreGarbageOnce) {
    for (const auto& [direction, bytes] : std::vector<std::pair<Direction, Bytes>>{
             {to_server, to_bytes("HTTP/1.1 400")},    // not even a TPKT
             {to_server, data_unit(hex("7f660100"))},  // a Connect Response from the client
             {to_client, data_unit(hex("28"))},        // an Attach User Request from the server
             {to_client, data_unit(hex("fc"))},        // no PDU of MCS
             {to_client, data_unit(hex("680006"))},    // a Send Data that is cut
             {to_client, data_unit(hex("680006 03eb 70 7f aa"))}}) {
        Decrypted follower;
        follower.feed({{direction, bytes, Layer::decrypted}, {direction, Bytes(100, 3), Layer::decrypted}});
        EXPECT_THAT(text(follower.events), ElementsAre(testing::HasSubstr("* garbage 0: "))) << to_hex(bytes);
        EXPECT_FALSE(follower.tracker.opaque(direction)) << "the wire has nothing to do with it";
    }
}

}  // namespace
}  // namespace rdpfault
