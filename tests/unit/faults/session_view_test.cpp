#include "proxy/faults/session_view.hpp"

#include <gmock/gmock.h>

#include "protocol/stage_tracker.hpp"
#include "proxy/faults/injected_pdu.hpp"
#include "proxy/faults/postponed.hpp"
#include "session_units.hpp"

namespace rdpfault::proxy {
namespace {

using namespace protocol;
using testing::ElementsAre;

constexpr auto to_server = Direction::client_to_server;
constexpr auto to_client = Direction::server_to_client;

// A view that has seen the first `count` units.
SessionView view_of(std::size_t count) {
    SessionView view;
    for (const auto& [direction, unit] : units::session())
        if (count-- > 0)
            view.saw(direction, unit);
        else
            break;
    return view;
}
constexpr std::size_t up_to_font_map = 13;

TEST(SessionView, LearnsASession) {
    auto view = view_of(up_to_font_map);
    view.negotiated(3, 1);
    SessionFacts facts;
    facts.requested_protocols = 3;
    facts.selected_protocol = 1;
    facts.user = units::user;
    facts.server_user = units::server_user;
    facts.io_channel = units::io_channel;
    facts.message_channel = units::message_channel;
    facts.static_channels = {{"cliprdr", units::clipboard}};
    facts.share_id = units::share_id;
    facts.share_source = units::server_user;
    facts.licensing_seen = true;
    facts.active = true;
    EXPECT_EQ(view.facts(), facts);
}

TEST(SessionView, KnowsNothingAtFirst) {
    const SessionFacts facts;
    EXPECT_EQ(SessionView{}.facts(), facts);
    EXPECT_EQ(facts.io_channel, 1003);
    EXPECT_EQ(facts.server_user, 1002);
}

TEST(SessionView, FollowsTheEndOfActivity) {
    auto view = view_of(up_to_font_map);
    view.saw(to_client, units::from_server(DeactivateAll{}));
    EXPECT_FALSE(view.facts().active);
    DemandActive again;
    again.origin = {77, 5};
    view.saw(to_client, units::from_server(again));
    EXPECT_EQ(view.facts().share_id, 77U);
    EXPECT_EQ(view.facts().share_source, 5);
    EXPECT_FALSE(view.facts().active);
    view.saw(to_client, units::font_map());
    EXPECT_TRUE(view.facts().active);
}

// What one side sends is not learnt from the other.
TEST(SessionView, BelievesTheSenderOnly) {
    SessionView view;
    for (const auto& [direction, unit] : units::session())
        view.saw(opposite(direction), unit);
    EXPECT_EQ(view.facts(), SessionFacts{});
}

TEST(SessionView, TakesAnyBytes) {
    for (const auto& [direction, unit] : units::session()) {
        auto view = view_of(up_to_font_map);
        for (std::size_t size = 0; size <= unit.size(); ++size)
            view.saw(direction, ByteView(unit).first(size));
        for (std::size_t at = 0; at < unit.size(); ++at)
            for (const auto flip : {0x01U, 0x80U, 0xffU}) {
                auto flipped = unit;
                flipped[at] = static_cast<std::uint8_t>(flipped[at] ^ flip);
                view.saw(direction, flipped);
                view.saw(opposite(direction), flipped);
                for (const auto& pdu : {InjectedPdu{injected::ErrorInfo{7}}, InjectedPdu{injected::Redirection{"a"}}})
                    EXPECT_TRUE(data_payload(encode(pdu, view)).has_value());
            }
    }
}

// The payload on the I/O channel, as the client reads it.
Bytes payload_of(const InjectedPdu& pdu, const SessionView& view) {
    const auto unit = encode(pdu, view);
    const auto mcs = data_payload(unit);
    EXPECT_TRUE(mcs.has_value()) << to_hex(unit);
    const auto data = mcs ? SendDataIndication::decode(*mcs) : SendDataIndication{};
    EXPECT_TRUE(data.has_value());
    EXPECT_EQ(data->initiator, units::server_user);
    EXPECT_EQ(data->channel, units::io_channel);
    return data->payload;
}

TEST(InjectedPdu, SpeaksForTheSessionAtHand) {
    const auto view = view_of(up_to_font_map);
    EXPECT_EQ(SetErrorInfo::decode(payload_of(injected::ErrorInfo{7}, view)).value(),
              (SetErrorInfo{{units::share_id, 0}, 7}));
    const auto alert = LicenseErrorAlert::decode(payload_of(injected::LicenseError{6, 3}, view)).value();
    EXPECT_EQ(alert.error_code, 6U);
    EXPECT_EQ(alert.state_transition, 3U);
    const auto all = protocol::DeactivateAll::decode(payload_of(injected::DeactivateAll{true}, view)).value();
    EXPECT_EQ(all.source, units::server_user);
    EXPECT_EQ(all.body.value().share_id, units::share_id);
    EXPECT_FALSE(protocol::DeactivateAll::decode(payload_of(injected::DeactivateAll{false}, view)).value().body);
    EXPECT_EQ(protocol::ShutdownDenied::decode(payload_of(injected::ShutdownDenied{}, view)).value().origin,
              (ShareOrigin{units::share_id, units::server_user}));
    EXPECT_EQ(encode(injected::Disconnect{3}, view), units::disconnect());
    EXPECT_EQ(encode(injected::ErrorInfo{7}, view), units::error_info());
    EXPECT_EQ(encode(injected::AutoReconnectStatus{0}, view), units::auto_reconnect_status());
}

TEST(InjectedPdu, BeforeTheSessionSaysSo) {
    EXPECT_EQ(to_hex(encode(injected::ErrorInfo{0x10c9}, SessionView{})),
              "03000024"
              "02f080"
              "68000103eb7016"
              "160017000000"
              "000000000001"
              "0800"
              "2f00"
              "0000"
              "c9100000");
}

// MS-CSSP 2.2.1: version 6 and STATUS_LOGON_FAILURE.
TEST(InjectedPdu, CredsspError) {
    EXPECT_EQ(to_hex(encode(injected::CredsspError{0xC000006D, 6}, SessionView{})), "300da003020106a4060204c000006d");
    EXPECT_EQ(to_hex(encode(injected::CredsspError{0xC000005E, 2}, SessionView{})), "300da003020102a4060204c000005e");
}

// MS-RDPBCGR 2.2.13.3.1: share control header of type 0x1A, two bytes of padding, the packet, one byte of padding.
TEST(InjectedPdu, Redirection) {
    const auto view = view_of(up_to_font_map);
    EXPECT_EQ(to_hex(payload_of(injected::Redirection{}, view)),
              "15001a00ea03"
              "0000"
              "00040c000100000000000000"
              "00");
    EXPECT_EQ(to_hex(payload_of(injected::Redirection{"::1"}, view)),
              "21001a00ea03"
              "0000"
              "0004180001000000"
              "01000000"
              "08000000"
              "3a003a0031000000"
              "00");
    EXPECT_LT(encode(injected::Redirection{std::string(100'000, 'x')}, view).size(), 1000U);
}

TEST(InjectedPdu, TowardsTheServerItIsARequestOfTheUser) {
    const auto unit = encode(injected::LicenseError{2, 1}, view_of(up_to_font_map), Side::server);
    const auto data = SendDataRequest::decode(data_payload(unit).value()).value();
    EXPECT_EQ(data.initiator, units::user);
    EXPECT_EQ(data.channel, units::io_channel);
}

TEST(InjectedPdu, TheTrackerKnowsThem) {
    using Kind = TrackerEvent::Kind;
    const auto kinds = [](const InjectedPdu& pdu) {
        StageTracker tracker;
        SessionView view;
        std::vector<TrackerEvent> events;
        for (const auto& [direction, unit] : units::session()) {
            tracker.feed_decrypted(direction, unit, events);
            view.saw(direction, unit);
            if (unit == units::channel_data()) break;
        }
        events.clear();
        tracker.feed_decrypted(to_client, encode(pdu, view), events);
        std::vector<Kind> seen;
        for (const auto& event : events)
            seen.push_back(event.kind);
        return seen;
    };
    EXPECT_THAT(kinds(injected::ErrorInfo{7}), ElementsAre(Kind::stage, Kind::error_info));
    EXPECT_THAT(kinds(injected::Disconnect{1}), ElementsAre(Kind::stage, Kind::disconnect));
    EXPECT_THAT(kinds(injected::LicenseError{2, 1}), ElementsAre(Kind::stage, Kind::license_error));
}

TEST(Postponed, GoesBackBehindTheNextUnits) {
    Postponed postponed;
    postponed.saw_unit(10);
    postponed.hold({1}, 10, 2);
    EXPECT_FALSE(postponed.next());
    postponed.saw_unit(20);
    EXPECT_FALSE(postponed.next());
    postponed.passed(15);
    postponed.saw_unit(30);
    EXPECT_EQ(postponed.next(), 30U);
    postponed.passed(30);
    EXPECT_EQ(postponed.next(), 30U) << "a unit that counts is not forgotten";
    EXPECT_TRUE(postponed.take(20).empty());
    EXPECT_EQ(postponed.take(30), Bytes{1});
    EXPECT_FALSE(postponed.next());
    EXPECT_TRUE(postponed.rest().empty());
}

TEST(Postponed, SeveralKeepTheirOrder) {
    Postponed postponed;
    for (const std::uint64_t end : {10U, 20U, 30U})
        postponed.saw_unit(end);
    postponed.hold({1}, 10, 2);
    postponed.hold({2}, 20, 1);
    postponed.hold({3}, 20, 2);
    EXPECT_EQ(postponed.next(), 30U);
    EXPECT_EQ(postponed.take(30), (Bytes{1, 2}));
    EXPECT_EQ(postponed.rest(), Bytes{3});
}

}  // namespace
}  // namespace rdpfault::proxy
