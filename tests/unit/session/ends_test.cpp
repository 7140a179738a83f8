// reset and close, at every kind of moment: what each side was sent before, to the byte, and how each leg ended.
#include "play.hpp"

namespace rdpfault::proxy {
namespace {

using testing::ElementsAre;

AtStage nth_from(Stage stage, std::uint32_t nth, Direction direction) {
    return {stage, direction, nth, false, std::nullopt};
}

struct Moment {
    const char* name;
    decltype(Trigger::moment) moment;
    std::size_t to_server, to_client;  // bytes passed on before the fault acts
    const char* account;               // the fault's line in the log, behind "fault"
};

void PrintTo(const Moment& moment, std::ostream* out) {
    *out << moment.name;
}

const Moment moments[] = {
    {"AtRequest", at(Stage::x224_request), 0, 0, " > x224.request #1"},
    {"AfterRequest", after(Stage::x224_request), 19, 0, " > x224.request #1 @19"},
    {"AtConfirm", at(Stage::x224_confirm), 19, 0, " < x224.confirm #1"},
    {"AfterConfirm", after(Stage::x224_confirm), 19, 19, " < x224.confirm #1 @19"},
    {"AtClientHello", at(Stage::tls_client_hello), 19, 19, " > tls.client_hello #1 @19"},
    {"IntoClientHello", at(Stage::tls_client_hello, 37), 56, 19, " > tls.client_hello #1 @56"},
    {"AfterClientHello", after(Stage::tls_client_hello), 183, 19, " > tls.client_hello #1 @183"},
    {"AtServerHello", at(Stage::tls_server_hello), 183, 19, " < tls.server_hello #1 @19"},
    {"IntoServerFlight", at(Stage::tls_server_hello, 37), 183, 56, " < tls.server_hello #1 @56"},
    {"AtCertificate", at(Stage::tls_certificate), 183, 89, " < tls.certificate #1 @89"},
    {"AfterCertificate", after(Stage::tls_certificate), 183, 493, " < tls.certificate #1 @493"},
    {"AfterServerFlight", after(Stage::tls_server_hello_done), 183, 621, " < tls.server_hello_done #1 @621"},
    {"AtServerRecord", AtRecord{Direction::server_to_client, 2, false}, 183, 89, " < #2 @89"},
    {"BehindServerRecord", AtRecord{Direction::server_to_client, 2, true}, 183, 493, " < #2 @493"},
    {"AtClientRecord", AtRecord{Direction::client_to_server, 3, false}, 225, 621, " > #3 @225"},
    {"AtServerByte", AtByte{Direction::server_to_client, 56}, 183, 56, " < @56"},
    {"AtClientByte", AtByte{Direction::client_to_server, 100}, 100, 19, " > @100"},
    {"AtFirstByte", AtByte{Direction::client_to_server, 0}, 0, 0, " >"},
    {"AfterTls", after(Stage::tls_established), 276, 847, " < tls.established #1 @847"},
    {"AtSecondData", nth_from(Stage::tls_application_data, 2, Direction::client_to_server), 317, 886,
     " > tls.application_data #2 @317"},
    {"Idle", AtIdle{seconds(2)}, 389, 886, ""},
};

class EndAt : public testing::TestWithParam<Moment> {
  protected:
    Outcome run(Action action, InFlight in_flight = InFlight::deliver) {
        auto the_fault = fault(GetParam().moment, std::move(action));
        the_fault.in_flight = in_flight;
        return play(plan_of(the_fault), tls_1_2);
    }
    void expect_bytes(const Outcome& outcome) {
        EXPECT_EQ(to_hex(outcome.to_side(Side::server)),
                  to_hex(first(said(Side::client, tls_1_2), GetParam().to_server)));
        EXPECT_EQ(to_hex(outcome.to_side(Side::client)),
                  to_hex(first(said(Side::server, tls_1_2), GetParam().to_client)));
    }
};

TEST_P(EndAt, ResetsTheSidesNamedAndClosesTheOther) {
    for (const auto& [sides, client, server] :
         {std::tuple{Sides::client, say::reset(Side::client), say::close(Side::server)},
          {Sides::server, say::close(Side::client), say::reset(Side::server)},
          {Sides::both, say::reset(Side::client), say::reset(Side::server)}}) {
        const auto outcome = run(action::Reset{sides});
        expect_bytes(outcome);
        EXPECT_THAT(outcome.ends, ElementsAre(client, server));
        EXPECT_THAT(outcome.log, testing::Contains("fault" + std::string(GetParam().account) + " fault 1 reset"));
    }
}

TEST_P(EndAt, ClosesBothLegs) {
    for (const auto sides : {Sides::client, Sides::server, Sides::both}) {
        const auto outcome = run(action::Close{sides});
        expect_bytes(outcome);
        EXPECT_THAT(outcome.ends, ElementsAre(say::close(Side::client), say::close(Side::server)));
    }
}

TEST_P(EndAt, DiscardsWhatIsInFlightWhenAsked) {
    const auto outcome = run(action::Reset{Sides::client}, InFlight::discard);
    EXPECT_THAT(outcome.ends, ElementsAre(say::reset(Side::client, false), say::close(Side::server, false)));
}

TEST_P(EndAt, IsTheProxysDoing) {
    const auto outcome = run(action::Reset{Sides::client});
    std::vector<std::string> ends;
    for (const auto& line : outcome.log)
        if (line.starts_with("leg_ended")) ends.push_back(line);
    ASSERT_EQ(ends.size(), 2U);
    EXPECT_THAT(ends[0], testing::HasSubstr("client"));
    EXPECT_THAT(ends[0], testing::EndsWith("reset by us"));
    EXPECT_THAT(ends[1], testing::EndsWith("close by us"));
}

INSTANTIATE_TEST_SUITE_P(Ends, EndAt, testing::ValuesIn(moments),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(End, AtStartNeedsNoServer) {
    for (const auto moment : {decltype(Trigger::moment){AtStart{}}, {at(Stage::tcp_connect)}}) {
        Playbook book(plan_of(fault(moment, action::Reset{Sides::client})));
        book.accept();
        book.expect({say::reset(Side::client)});
        book.closed(Side::client);
        EXPECT_TRUE(book.finished());
        EXPECT_EQ(book.log().ended_by, ConnectionLog::Who::proxy);
        EXPECT_EQ(book.log().first_end.kind, EndKind::reset);
        EXPECT_THAT(faults_in(book.log()), ElementsAre("fault tcp.connect fault 1 reset"));
        EXPECT_FALSE(book.log().server_leg);
    }
}

TEST(End, SomeTimeAfterTheStart) {
    Playbook book(plan_of(fault(AtStart{}, action::Reset{Sides::client}, milliseconds(300))));
    book.accept();
    book.expect({say::connect(), say::wake(milliseconds(300))});
    book.connect();
    book.carries(Side::client, request_tls);
    book.pass(milliseconds(299));
    book.expect_nothing();
    book.pass(milliseconds(1));
    book.expect({say::reset(Side::client), say::close(Side::server)});
}

// The clock of `elapsed:` runs from the moment the unit has been passed on; the stream goes on meanwhile.
TEST(End, SomeTimeAfterAStage) {
    Playbook book(plan_of(fault(after(Stage::x224_confirm), action::Close{Sides::client}, milliseconds(500))));
    book.open();
    book.carries(Side::client, request_tls);
    book.pass(milliseconds(100));
    book.says(Side::server, confirm_tls);
    book.expect({say::send(Side::client, confirm_tls), say::wake(milliseconds(600))});
    book.carries(Side::client, client_hello);
    book.pass(milliseconds(499));
    book.carries(Side::server, server_flight);
    book.pass(milliseconds(1));
    book.expect({say::close(Side::client), say::close(Side::server)});
}

// With `at:` the unit is held until the time has come.
TEST(End, SomeTimeAtAStage) {
    Playbook book(plan_of(fault(at(Stage::x224_confirm), action::Reset{Sides::client}, milliseconds(500))));
    book.open();
    book.carries(Side::client, request_tls);
    book.says(Side::server, confirm_tls);
    book.expect({say::wake(milliseconds(500))});
    book.says(Side::server, to_bytes("held too"));
    book.expect_nothing();
    book.carries(Side::client, client_hello);
    book.pass(milliseconds(500));
    book.expect({say::reset(Side::client), say::close(Side::server)});
}

TEST(End, AfterSilence) {
    Playbook book(plan_of(fault(AtIdle{seconds(2)}, action::Close{Sides::both})));
    book.accept();
    book.expect({say::connect(), say::wake(seconds(2))});
    book.connect();
    book.expect_nothing();
    book.pass(milliseconds(1500));
    book.says(Side::client, request_tls);
    book.expect({say::send(Side::server, request_tls), say::wake(milliseconds(3500))});
    book.pass(milliseconds(1999));
    book.expect_nothing();
    book.pass(milliseconds(1));
    book.expect({say::close(Side::client), say::close(Side::server)});
}

// The end waits for bytes that are still on a slow line; the leg that has nothing to wait for ends at once.
TEST(End, ComesBehindWhatIsOnItsWay) {
    Playbook book(plan_of({fault(AtStart{}, action::Delay{Directions::server_to_client, milliseconds(200), {}, {}}),
                           fault(after(Stage::x224_confirm), action::Reset{Sides::client})}));
    book.open();
    book.carries(Side::client, request_tls);
    book.says(Side::server, confirm_tls);
    book.expect({say::close(Side::server), say::wake(milliseconds(200))});
    book.pass(milliseconds(200));
    book.expect({say::send(Side::client, confirm_tls), say::reset(Side::client)});
}

TEST(End, DoesNotWaitForWhatIsDiscarded) {
    Playbook book(plan_of({fault(AtStart{}, action::Delay{Directions::server_to_client, milliseconds(200), {}, {}}),
                           discarding(fault(after(Stage::x224_confirm), action::Reset{Sides::client}))}));
    book.open();
    book.carries(Side::client, request_tls);
    book.says(Side::server, confirm_tls);
    book.expect({say::reset(Side::client, false), say::close(Side::server, false)});
}

TEST(End, OfTheRunDoesNotWaitForASlowLine) {
    Playbook book(plan_of({fault(AtStart{}, action::Delay{Directions::server_to_client, seconds(100), {}, {}}),
                           fault(after(Stage::x224_confirm), action::Reset{Sides::client})}));
    book.open();
    book.carries(Side::client, request_tls);
    book.says(Side::server, confirm_tls);
    book.expect_but_wakes({say::close(Side::server)});
    book.closed(Side::server);
    book.abort();
    book.expect({say::reset(Side::client)});
}

TEST(End, MayComeWhileTheServerIsBeingDialled) {
    Playbook book(plan_of(fault(at(Stage::x224_request), action::Reset{Sides::both})));
    book.accept();
    book.expect({say::connect()});
    book.says(Side::client, request_tls);
    book.expect({say::reset(Side::client), say::reset(Side::server)});
}

// A peer's own RST, while we wait to end its leg, is the peer's.
TEST(End, LeavesThePeersRstToThePeer) {
    Playbook book(plan_of({fault(AtStart{}, action::Delay{Directions::server_to_client, milliseconds(200), {}, {}}),
                           fault(after(Stage::x224_confirm), action::Close{Sides::both})}));
    book.open();
    book.carries(Side::client, request_tls);
    book.says(Side::server, confirm_tls);
    book.expect_but_wakes({say::close(Side::server)});
    book.rst(Side::client);
    book.expect_nothing();
    EXPECT_FALSE(book.log().client_leg->by_proxy);
    EXPECT_EQ(book.log().ended_by, ConnectionLog::Who::proxy) << "but it was not the first";
    book.closed(Side::server);
    EXPECT_TRUE(book.finished());
}

// Faults that the accept policy decided on.
TEST(End, AtAcceptAsThePolicySays) {
    for (const bool reset : {false, true}) {
        auto plan = plan_of(fault(AtStart{}, action::AcceptThenClose{reset}));
        Playbook book(plan, {}, 1, &plan.faults[0]);
        book.accept();
        book.expect({reset ? say::reset(Side::client) : say::close(Side::client)});
        EXPECT_THAT(faults_in(book.log()), ElementsAre("fault tcp.connect fault 1 accept_then_close"));
    }
    auto plan = plan_of(fault(AtStart{}, action::MaxConnections{1, true}));
    Playbook book(plan, {}, 2, &plan.faults[0]);
    book.accept();
    book.expect({say::reset(Side::client)});
}

TEST(End, FirstOneWins) {
    Playbook book(plan_of({fault(after(Stage::x224_confirm), action::Close{Sides::client}),
                           fault(after(Stage::x224_confirm), action::Reset{Sides::client})}));
    book.open();
    book.carries(Side::client, request_tls);
    book.says(Side::server, confirm_tls);
    book.expect({say::send(Side::client, confirm_tls), say::close(Side::client), say::close(Side::server)});
    EXPECT_EQ(faults_in(book.log()).size(), 1U) << "the other did not act";
}

}  // namespace
}  // namespace rdpfault::proxy
