#include "protocol/stage_tracker.hpp"

#include "protocol/tls_record.hpp"
#include "tests/unit/protocol/tracker_support.hpp"

namespace rdpfault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Records of these handshake messages, `size` bytes of message in each.
Bytes in_records(ByteView messages, std::size_t size) {
    protocol::Writer writer;
    for (; !messages.empty(); messages = messages.subspan(std::min(size, messages.size())))
        protocol::TlsRecord{protocol::TlsContentType::handshake, 0x0303,
                            messages.first(std::min(size, messages.size()))}
            .encode(writer);
    return writer.take();
}

// The handshake messages of a flight that is all plaintext handshake records.
Bytes messages_of(ByteView flight) {
    Bytes messages;
    while (!flight.empty()) {
        const auto header = protocol::TlsRecordHeader::decode(flight).value();
        EXPECT_EQ(header.type, protocol::TlsContentType::handshake);
        append(messages, flight.subspan(protocol::tls_record_header_size, header.length));
        flight = flight.subspan(protocol::tls_record_header_size + header.length);
    }
    return messages;
}

// The TLS 1.2 connection with the server's flight in other records.
Connection with_server_flight_in_records(std::size_t size) {
    auto pieces = rdp_connection(fixtures::tls_1_2);
    pieces[3].bytes = in_records(messages_of(pieces[3].bytes), size);
    return pieces;
}

TEST(StageTracker, FollowsTls12) {
    EXPECT_THAT(text(events_of(rdp_connection(fixtures::tls_1_2))),
                ElementsAre("> x224.request 1 [0,19)", "< x224.confirm 1 [0,19)",              //
                            "> record 22 1 [19,183)", "> tls.client_hello 1 [19,183)",         //
                            "< record 22 1 [19,89)", "< tls.server_hello 1 [19,89)",           //
                            "< record 22 2 [89,493)", "< tls.certificate 1 [89,493)",          //
                            "< record 22 3 [493,612)",                                         //
                            "< record 22 4 [612,621)", "< tls.server_hello_done 1 [612,621)",  //
                            "> record 22 2 [183,225)", "> tls.client_flight 1 [183,225)",      //
                            "> record 20 3 [225,231)",                                         //
                            "> record 22 4 [231,276)", "> tls.finished 1 [231,276)",           //
                            "< record 22 5 [621,796)", "< record 20 6 [796,802)",              //
                            "< record 22 7 [802,847)", "< tls.finished 1 [802,847)",           //
                            "< tls.established 1 [802,847)",                                   //
                            "> record 23 5 [276,317)", "> tls.application_data 1 [276,317)",   //
                            "< record 23 8 [847,886)", "< tls.application_data 1 [847,886)",   //
                            "> record 23 6 [317,358)", "> tls.application_data 2 [317,358)",   //
                            "> record 21 7 [358,389)"));
}

TEST(StageTracker, FollowsTls13) {
    EXPECT_THAT(text(events_of(rdp_connection(fixtures::tls_1_3))),
                ElementsAre("> x224.request 1 [0,19)", "< x224.confirm 1 [0,19)",                             //
                            "> record 22 1 [19,286)", "> tls.client_hello 1 [19,286)",                        //
                            "< record 22 1 [19,146)", "< tls.server_hello 1 [19,146)",                        //
                            "< record 20 2 [146,152)", "< record 23 3 [152,180)", "< record 23 4 [180,604)",  //
                            "< record 23 5 [604,705)", "< record 23 6 [705,779)",                             //
                            "> record 20 2 [286,292)", "> tls.client_flight 1 [286,292)",                     //
                            "> record 23 3 [292,366)", "> tls.finished 1 [292,366)",                          //
                            "> tls.established 1 [292,366)",                                                  //
                            "< record 23 7 [779,1034)", "< tls.application_data 1 [779,1034)",                //
                            "< record 23 8 [1034,1289)", "< tls.application_data 2 [1034,1289)",              //
                            "> record 23 4 [366,400)", "> tls.application_data 1 [366,400)",                  //
                            "< record 23 9 [1289,1321)", "< tls.application_data 3 [1289,1321)",              //
                            "> record 23 5 [400,434)", "> tls.application_data 2 [400,434)",                  //
                            "> record 23 6 [434,458)", "> tls.application_data 3 [434,458)"));
}

TEST(StageTracker, FollowsAHelloRetryRequest) {
    EXPECT_THAT(without_records(events_of(rdp_connection(fixtures::tls_1_3_retry))),
                ElementsAre("> x224.request 1 [0,19)", "< x224.confirm 1 [0,19)",                //
                            "> tls.client_hello 1 [19,270)", "< tls.server_hello 1 [19,112)",    //
                            "> tls.client_hello 2 [276,560)", "< tls.server_hello 2 [118,278)",  //
                            "> tls.client_flight 1 [560,634)", "> tls.finished 1 [560,634)",     //
                            "> tls.established 1 [560,634)",                                     //
                            "< tls.application_data 1 [905,1160)", "< tls.application_data 2 [1160,1415)",
                            "> tls.application_data 1 [634,668)", "< tls.application_data 3 [1415,1447)",
                            "> tls.application_data 2 [668,702)", "> tls.application_data 3 [702,726)"));
}

TEST(StageTracker, FollowsTls10) {
    EXPECT_THAT(without_records(events_of(rdp_connection(fixtures::tls_1_0))),
                ElementsAre("> x224.request 1 [0,19)", "< x224.confirm 1 [0,19)",                            //
                            "> tls.client_hello 1 [19,171)", "< tls.server_hello 1 [19,93)",                 //
                            "< tls.certificate 1 [93,632)", "< tls.server_hello_done 1 [807,816)",           //
                            "> tls.client_flight 1 [171,213)", "> tls.finished 1 [219,276)",                 //
                            "< tls.finished 1 [997,1054)", "< tls.established 1 [997,1054)",                 //
                            "> tls.application_data 1 [276,317)", "> tls.application_data 2 [317,358)",      //
                            "< tls.application_data 1 [1054,1095)", "< tls.application_data 2 [1095,1136)",  //
                            "> tls.application_data 3 [358,399)", "> tls.application_data 4 [399,440)"));
}

// However the streams are cut, nothing changes, and nothing is held back in the end.
class Cuts : public testing::TestWithParam<Connection> {};

TEST_P(Cuts, GiveTheSameEvents) {
    const auto whole = events_of(GetParam());
    ASSERT_THAT(whole, testing::Not(IsEmpty()));
    EXPECT_EQ(events_of(byte_by_byte(GetParam())), whole);
    for (std::uint32_t seed = 0; seed < 1000; ++seed) {
        Follower follower;
        follower.feed(cut_at_random(GetParam(), seed));
        ASSERT_EQ(follower.events, whole) << "seed " << seed;
        ASSERT_EQ(follower.tracker.complete(to_server), follower.fed(to_server));
        ASSERT_EQ(follower.tracker.complete(to_client), follower.fed(to_client));
    }
}

INSTANTIATE_TEST_SUITE_P(StageTracker, Cuts,
                         testing::Values(rdp_connection(fixtures::tls_1_0), rdp_connection(fixtures::tls_1_2),
                                         rdp_connection(fixtures::tls_1_3), rdp_connection(fixtures::tls_1_3_retry),
                                         with_server_flight_in_records(7), with_server_flight_in_records(5000)));

TEST(StageTracker, MessagesMayShareARecord) {
    const auto seen = without_records(events_of(with_server_flight_in_records(5000)));
    // The ServerHello begins with the record's header, the others with their own bytes: 65, 399, 114 and 4 of them.
    EXPECT_THAT(seen, testing::IsSupersetOf({"< tls.server_hello 1 [19,89)", "< tls.certificate 1 [89,488)",
                                             "< tls.server_hello_done 1 [602,606)"}));
}

TEST(StageTracker, AMessageMaySpanRecords) {
    const auto seen = text(events_of(with_server_flight_in_records(40)));
    // Of its 65 bytes the first record holds 40; the rest shares a record with the Certificate's first 15.
    EXPECT_THAT(seen, testing::IsSupersetOf({"< record 22 2 [64,109)", "< tls.server_hello 1 [19,94)"}));
    EXPECT_THAT(seen, testing::Contains(testing::StartsWith("< tls.certificate 1 [94,")));
}

TEST(StageTracker, CompleteHoldsASpanningMessageFromItsBegin) {
    const auto pieces = with_server_flight_in_records(40);
    Follower follower;
    follower.feed({pieces.begin(), pieces.begin() + 3});
    const ByteView flight = pieces[3].bytes;
    const auto feed = [&](std::size_t from, std::size_t to) {
        follower.feed({to_client, {flight.begin() + static_cast<long>(from), flight.begin() + static_cast<long>(to)}});
        return follower.tracker.complete(to_client);
    };
    EXPECT_EQ(feed(0, 45), 19u);    // 40 bytes of the ServerHello
    EXPECT_EQ(feed(45, 89), 19u);   // its end is here, but its record is not whole
    EXPECT_EQ(feed(89, 90), 94u);   // the Certificate's first bytes lie in the same record
    EXPECT_EQ(feed(90, 135), 94u);  // and go on in the next
    EXPECT_EQ(feed(135, flight.size()), 19 + flight.size());
}

TEST(StageTracker, CompleteHoldsAnUnfinishedUnit) {
    Follower follower;
    follower.feed({to_server, {request_tls.begin(), request_tls.begin() + 18}});
    EXPECT_THAT(follower.events, IsEmpty());
    EXPECT_EQ(follower.tracker.complete(to_server), 0u);
    follower.feed({to_server, {request_tls.back()}});
    EXPECT_THAT(text(follower.events), ElementsAre("> x224.request 1 [0,19)"));
    EXPECT_EQ(follower.tracker.complete(to_server), 19u);
}

TEST(StageTracker, TakesAPreconnectionPduFirst) {
    const auto version_1 = hex("10000000 00000000 01000000 1556eced");
    const auto version_2 = hex("20000000 00000000 02000000 00000000 0700 540065007300740056004d000000");
    EXPECT_THAT(text(events_of({{to_server, version_1 + request_tls}})),
                ElementsAre("> rdp.preconnection 1 [0,16)", "> x224.request 1 [16,35)"));
    EXPECT_THAT(text(events_of(byte_by_byte({{to_server, version_2 + request_tls}}))),
                ElementsAre("> rdp.preconnection 1 [0,32)", "> x224.request 1 [32,51)"));
}

TEST(StageTracker, ReportsANegotiationFailure) {
    Follower follower;
    follower.feed({{to_server, request_tls}, {to_client, hex("03000013 0ed00000123400 0300080005000000")}});
    EXPECT_THAT(text(follower.events), ElementsAre("> x224.request 1 [0,19)", "< x224.confirm 1 [0,19)",  //
                                                   "< negotiation_failure 5 [0,19)"));
    EXPECT_FALSE(follower.tracker.opaque(to_server) || follower.tracker.opaque(to_client));
    EXPECT_EQ(follower.tracker.furthest(), Stage::x224_confirm);
}

TEST(StageTracker, ARefusalInX224IsNoStage) {
    Follower follower;
    follower.feed({{to_server, request_tls}, {to_client, hex("0300000b 0680 0000 1234 80")}});
    EXPECT_THAT(text(follower.events), ElementsAre("> x224.request 1 [0,19)"));
    EXPECT_EQ(follower.tracker.complete(to_client), 11u);
}

TEST(StageTracker, ReportsPlaintextAlerts) {
    auto pieces = rdp_connection(fixtures::tls_1_3);
    pieces.resize(3);
    pieces.push_back({to_client, hex("15030300020228")});
    EXPECT_THAT(text(events_of(pieces)), testing::Contains("< alert 2 40 [19,26)"));
    // After a ServerHello of TLS 1.3 too: what is hidden there does not say that it is an alert.
    pieces[3] = rdp_connection(fixtures::tls_1_3)[3];
    pieces.push_back({to_server, hex("1503030002022f")});
    EXPECT_THAT(without_records(events_of(pieces)),
                testing::IsSupersetOf({"> tls.client_flight 1 [286,293)", "> alert 2 47 [286,293)"}));
}

TEST(StageTracker, AnEncryptedAlertIsNoFinished) {
    auto pieces = rdp_connection(fixtures::tls_1_3);
    pieces.resize(4);
    pieces.push_back({to_server, hex("1703030013") + Bytes(19, 0xaa)});
    const auto seen = text(events_of(pieces));
    EXPECT_EQ(seen.back(), "> tls.client_flight 1 [286,310)");
    EXPECT_EQ(seen[seen.size() - 2], "> record 23 2 [286,310)");
}

TEST(StageTracker, CountsFalseStartDataOfTls12) {
    auto pieces = rdp_connection(fixtures::tls_1_2);
    // The client's first data before the server's Finished.
    std::swap(pieces[5], pieces[6]);
    const auto seen = without_records(events_of(pieces));
    EXPECT_THAT(seen, testing::IsSupersetOf({"> tls.application_data 1 [276,317)", "< tls.established 1 [802,847)"}));
}

TEST(StageTracker, KnowsTheFurthestStage) {
    Follower follower;
    EXPECT_EQ(follower.tracker.furthest(), std::nullopt);
    follower.feed({to_server, request_tls});
    EXPECT_EQ(follower.tracker.furthest(), Stage::x224_request);
    follower.feed({to_client, confirm_tls});
    const auto pieces = connection(fixtures::tls_1_2);
    follower.feed({pieces.begin(), pieces.begin() + 2});
    EXPECT_EQ(follower.tracker.furthest(), Stage::tls_server_hello_done);
}

TEST(StageTracker, MovesWithItsState) {
    Follower follower;
    follower.feed({to_server, request_tls});
    StageTracker moved = std::move(follower.tracker);
    EXPECT_EQ(moved.furthest(), Stage::x224_request);
    EXPECT_EQ(moved.complete(to_server), 19u);
}

}  // namespace
}  // namespace rdpfault
