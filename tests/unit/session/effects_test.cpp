// half_close, stall, truncate, corrupt, drop_bytes, inject, mutate: what comes out, in which direction, and when.
#include <algorithm>
#include <bit>

#include "play.hpp"
#include "protocol/tls_record.hpp"
#include "protocol/x224.hpp"
#include "proxy/faults/mutate.hpp"

namespace rdpfault::proxy {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::StartsWith;

// The request has gone to the server, and whatever the fault makes of the confirm is next.
void up_to_confirm(Playbook& book) {
    book.open();
    book.carries(Side::client, request_tls);
    book.says(Side::server, confirm_tls);
}

// ---- half_close

TEST(HalfClose, ShutsOneDirectionAndLeavesTheOther) {
    for (const auto side : {Side::client, Side::server}) {
        Playbook book(plan_of(fault(after(Stage::x224_confirm),
                                    action::HalfClose{side == Side::client ? Sides::client : Sides::server})));
        up_to_confirm(book);
        if (side == Side::client)
            book.expect({say::send(Side::client, confirm_tls), say::finish(side)});
        else
            book.expect({say::finish(side), say::send(Side::client, confirm_tls)});
        book.carries(side, to_bytes("still open"));
        book.says(other(side), to_bytes("lost"));
        book.expect_nothing();
        EXPECT_EQ(book.log().ended_by, ConnectionLog::Who::proxy);
        book.fin(side);
        book.expect({say::finish(other(side)), say::close(Side::client), say::close(Side::server)});
    }
}

TEST(HalfClose, HoldsTheUnitBackAtIt) {
    Playbook book(plan_of(fault(at(Stage::x224_confirm), action::HalfClose{Sides::client})));
    up_to_confirm(book);
    book.expect({say::finish(Side::client)});
    EXPECT_EQ(book.sent(Side::client), Bytes{});
}

TEST(HalfClose, OfBothEndsTheConnection) {
    Playbook book(plan_of(fault(after(Stage::x224_confirm), action::HalfClose{Sides::both})));
    up_to_confirm(book);
    book.expect({say::finish(Side::server), say::send(Side::client, confirm_tls), say::finish(Side::client),
                 say::close(Side::client), say::close(Side::server)});
}

TEST(HalfClose, AtStartReachesAServerThatIsStillBeingDialled) {
    Playbook book(plan_of(fault(AtStart{}, action::HalfClose{Sides::server})));
    book.accept();
    book.expect({say::connect()});
    book.connect();
    book.expect({say::finish(Side::server)});
    book.says(Side::client, request_tls);
    book.expect_nothing();
    book.carries(Side::server, to_bytes("banner"));
}

// ---- stall

TEST(Stall, HoldsBothDirectionsAndGoesOnInOrder) {
    Playbook book(plan_of(fault(at(Stage::x224_confirm), action::Stall{Directions::both, milliseconds(700)})));
    up_to_confirm(book);
    book.expect({say::wake(milliseconds(700))});
    book.says(Side::client, client_hello);
    book.says(Side::server, to_bytes("more"));
    book.pass(milliseconds(699));
    book.expect_nothing();
    book.pass(milliseconds(1));
    book.expect({say::send(Side::server, client_hello), say::send(Side::client, confirm_tls + to_bytes("more"))});
    book.carries(Side::client, to_bytes("and on"));
}

TEST(Stall, HoldsOneDirection) {
    Playbook book(plan_of(fault(after(Stage::x224_confirm), action::Stall{Directions::server_to_client, seconds(1)})));
    up_to_confirm(book);
    book.expect({say::send(Side::client, confirm_tls), say::wake(seconds(1))});
    book.carries(Side::client, client_hello);
    book.says(Side::server, server_flight);
    book.expect_nothing();
    book.pass(seconds(1));
    book.expect({say::send(Side::client, server_flight)});
}

TEST(Stall, ForEverPassesNothingOnAndIsNotCounted) {
    Playbook book(plan_of(fault(after(Stage::tls_client_hello), action::Stall{Directions::both, std::nullopt})));
    up_to_confirm(book);
    book.expect({say::send(Side::client, confirm_tls)});
    book.says(Side::client, client_hello);
    book.expect({say::send(Side::server, client_hello)});
    book.says(Side::server, server_flight);
    book.pass(seconds(3600));
    book.expect_nothing();
    EXPECT_EQ(book.log().furthest, Stage::tls_client_hello) << "what lies behind the stall has not happened";
    book.abort();
    book.expect({say::close(Side::client, false), say::close(Side::server, false)});
}

// The end of a peer cannot be carried either; the other leg must not stay open for that for ever.
TEST(Stall, ForEverLeavesNoOrphan) {
    for (const auto side : {Side::client, Side::server})
        for (const bool rst : {false, true}) {
            Playbook book(plan_of(fault(after(Stage::x224_confirm), action::Stall{Directions::both, std::nullopt})));
            up_to_confirm(book);
            book.expect({say::send(Side::client, confirm_tls)});
            book.pass(seconds(10));
            if (rst)
                book.rst(side);
            else
                book.fin(side);
            book.expect({say::wake(seconds(15))});
            book.pass(milliseconds(4999));
            book.expect_nothing();
            book.pass(milliseconds(1));
            if (!rst) {
                book.expect({say::close(Side::client, false), say::close(Side::server, false)});
                book.closed(Side::client);
                book.closed(Side::server);
            } else {
                book.expect({say::close(other(side), false)});
                book.closed(other(side));
            }
            EXPECT_TRUE(book.finished());
        }
}

TEST(Stall, ForATimeCarriesTheEndAfterwards) {
    Playbook book(plan_of(fault(after(Stage::x224_confirm), action::Stall{Directions::both, seconds(30)})));
    up_to_confirm(book);
    book.expect({say::send(Side::client, confirm_tls), say::wake(seconds(30))});
    book.says(Side::client, client_hello);
    book.rst(Side::client);
    book.pass(seconds(29));
    book.expect_nothing();
    book.pass(seconds(1));
    book.expect({say::send(Side::server, client_hello), say::reset(Side::server)});
}

// A fault behind the stall acts when the stream gets there.
TEST(Stall, DelaysTheFaultsBehindIt) {
    Playbook book(plan_of({fault(at(Stage::x224_confirm), action::Stall{Directions::server_to_client, seconds(1)}),
                           fault(after(Stage::x224_confirm), action::Reset{Sides::client})}));
    up_to_confirm(book);
    book.expect({say::wake(seconds(1))});
    book.pass(seconds(1));
    book.expect({say::send(Side::client, confirm_tls), say::reset(Side::client), say::close(Side::server)});
}

// ---- truncate

TEST(Truncate, PassesTheFirstBytesOnAndEnds) {
    for (const std::size_t keep : {0, 1, 7, 19, 500}) {
        const auto kept = std::min<std::size_t>(keep, 19);
        Playbook book(plan_of(fault(at(Stage::x224_confirm), action::Truncate{keep, action::Then::close})));
        up_to_confirm(book);
        std::vector<std::string> expected;
        if (kept > 0) expected.push_back(say::send(Side::client, first(confirm_tls, kept)));
        expected.push_back(say::close(Side::client));
        expected.push_back(say::close(Side::server));
        book.expect(expected);
        EXPECT_THAT(text(book.log()),
                    Contains("effect client fault 1 truncate \"kept " + std::to_string(kept) + " of 19 bytes\""));
    }
}

TEST(Truncate, CanReset) {
    Playbook book(plan_of(fault(at(Stage::x224_request), action::Truncate{4, action::Then::reset})));
    book.open();
    book.says(Side::client, request_tls);
    book.expect({say::send(Side::server, first(request_tls, 4)), say::close(Side::client), say::reset(Side::server)});
}

TEST(Truncate, CanFallSilent) {
    Playbook book(plan_of(fault(at(Stage::x224_confirm), action::Truncate{4, action::Then::stall})));
    up_to_confirm(book);
    book.expect({say::send(Side::client, first(confirm_tls, 4))});
    book.says(Side::server, to_bytes("nothing of this"));
    book.says(Side::client, to_bytes("nor of this"));
    book.pass(seconds(100));
    book.expect_nothing();
    book.fin(Side::client);
    book.expect({say::wake(seconds(105))});
    book.pass(seconds(5));
    book.expect({say::close(Side::client, false), say::close(Side::server, false)});
}

TEST(Truncate, WorksOnARecordToo) {
    const auto outcome = play(
        plan_of(fault(AtRecord{Direction::server_to_client, 2, false}, action::Truncate{100, action::Then::close})),
        tls_1_2);
    EXPECT_EQ(outcome.to_side(Side::client), first(said(Side::server, tls_1_2), 189));
}

// ---- corrupt, drop_bytes, mutate: one unit is changed and the rest goes on untouched

// What the client is sent in all when the unit [begin, end) of the server's stream is replaced.
Bytes with_unit(const Bytes& stream, std::size_t begin, std::size_t end, const Bytes& unit) {
    return first(stream, begin) + unit + behind(stream, end);
}

TEST(Corrupt, FlipsBitsOfTheUnitAndOfNothingElse) {
    const auto plan = plan_of(fault(at(Stage::tls_certificate), action::Corrupt{12, 9}));
    const auto outcome = play(plan, tls_1_2);
    const auto was = said(Side::server, tls_1_2);
    const auto& is = outcome.to_side(Side::client);
    ASSERT_EQ(is.size(), was.size());
    int flipped = 0;
    for (std::size_t i = 0; i < is.size(); ++i) {
        const auto bits = std::popcount(static_cast<unsigned>(is[i] ^ was[i]));
        EXPECT_TRUE(bits == 0 || (i >= 89 + 9 && i < 493)) << "byte " << i;
        flipped += bits;
    }
    EXPECT_EQ(flipped, 12);
    EXPECT_EQ(outcome.to_side(Side::server), said(Side::client, tls_1_2));
    EXPECT_THAT(outcome.log, Contains(StartsWith("effect client fault 1 corrupt \"flipped bits ")));
    EXPECT_EQ(play(plan, tls_1_2), outcome) << "the same bits every time";

    auto other_seed = plan;
    other_seed.seed = 8;
    EXPECT_NE(play(other_seed, tls_1_2).to_side(Side::client), is);
}

// ---- postpone, split

// Of a stream of records, the one at `index` put behind the next `count`.
Bytes with_postponed(ByteView stream, std::size_t index, std::size_t count) {
    std::vector<ByteView> records;
    while (!stream.empty()) {
        const auto size = protocol::tls_record_header_size + protocol::TlsRecordHeader::decode(stream).value().length;
        records.push_back(stream.first(size));
        stream = stream.subspan(size);
    }
    const auto at = records.begin() + static_cast<std::ptrdiff_t>(index);
    std::rotate(at, at + 1, at + 1 + static_cast<std::ptrdiff_t>(std::min(count, records.size() - index - 1)));
    Bytes out;
    for (const auto record : records)
        append(out, record);
    return out;
}

TEST(Postpone, PutsTheUnitBehindTheNextOnesOfItsDirection) {
    const auto was = said(Side::server, tls_1_2);
    const auto in_tls = behind(was, confirm_tls.size());
    for (const std::uint32_t count : {1U, 2U, 3U}) {
        const auto outcome =
            play(plan_of(fault(AtRecord{from(Side::server), 2, false}, action::Postpone{count})), tls_1_2);
        EXPECT_EQ(to_hex(outcome.to_side(Side::client)), to_hex(confirm_tls + with_postponed(in_tls, 1, count)))
            << count;
        EXPECT_NE(outcome.to_side(Side::client), was);
        EXPECT_EQ(outcome.to_side(Side::server), said(Side::client, tls_1_2));
        EXPECT_THAT(outcome.log, Contains(StartsWith("effect client fault 1 postpone \"goes back behind the next ")));
    }
}

TEST(Postpone, WhatHasNothingToGoBehindComesLast) {
    const auto outcome = play(plan_of(fault(AtRecord{from(Side::server), 2, false}, action::Postpone{100})), tls_1_2);
    const auto in_tls = behind(said(Side::server, tls_1_2), confirm_tls.size());
    EXPECT_EQ(outcome.to_side(Side::client), confirm_tls + with_postponed(in_tls, 1, 100));
}

TEST(Postpone, DoesNotOutliveTheConnection) {
    auto plan = plan_of({fault(AtRecord{from(Side::server), 2, false}, action::Postpone{100}),
                         fault(AtRecord{from(Side::server), 3, false}, action::Close{Sides::client})});
    const auto outcome = play(plan, tls_1_2);
    EXPECT_LT(outcome.to_side(Side::client).size(), said(Side::server, tls_1_2).size());
}

TEST(Split, CutsTheRecordAnew) {
    const auto was = said(Side::client, tls_1_2);
    const auto outcome = play(plan_of(fault(at(Stage::tls_client_hello), action::Split{50})), tls_1_2);
    const auto hello = ByteView(was).subspan(
        request_tls.size(), protocol::tls_record_header_size +
                                protocol::TlsRecordHeader::decode(behind(was, request_tls.size())).value().length);
    EXPECT_EQ(outcome.to_side(Side::server),
              request_tls + split_records(hello, {50}) + behind(was, request_tls.size() + hello.size()));
    EXPECT_GT(outcome.to_side(Side::server).size(), was.size());
    EXPECT_THAT(outcome.log, Contains(StartsWith("effect server fault 1 split \"split into pieces of 50, ")));
}

TEST(DropBytes, DeletesBytesOfTheUnit) {
    const auto outcome = play(plan_of(fault(at(Stage::tls_certificate), action::DropBytes{10, 20})), tls_1_2);
    const auto was = said(Side::server, tls_1_2);
    EXPECT_EQ(outcome.to_side(Side::client), first(was, 99) + behind(was, 119));
    EXPECT_EQ(outcome.to_side(Side::server), said(Side::client, tls_1_2));
    EXPECT_THAT(outcome.log, Contains("effect client fault 1 drop_bytes \"dropped 20 bytes\""));
}

TEST(DropBytes, CanDeleteAllOfIt) {
    const auto outcome = play(plan_of(fault(at(Stage::x224_request), action::DropBytes{0, 1000})), tls_1_2);
    EXPECT_EQ(outcome.to_side(Side::server), behind(said(Side::client, tls_1_2), 19));
    EXPECT_THAT(outcome.ends, ElementsAre(say::finish(Side::server), say::finish(Side::client),
                                          say::close(Side::client), say::close(Side::server)));
}

TEST(Mutate, ChangesFieldsOfTheUnit) {
    const auto outcome =
        play(plan_of(fault(at(Stage::x224_confirm),
                           action::Mutate{{{"confirm.selected_protocol", 2}, {"confirm.code", 0x80}}})),
             tls_1_2);
    const auto was = said(Side::server, tls_1_2);
    EXPECT_EQ(to_hex(outcome.to_side(Side::client)),
              to_hex(with_unit(was, 0, 19, hex("03000013 0e800000123400 0200080002000000"))));
    EXPECT_THAT(outcome.log, Contains("effect client fault 1 mutate \"2 fields changed\""));
}

TEST(Edits, ComeOneAfterAnother) {
    const auto outcome =
        play(plan_of({fault(at(Stage::x224_confirm), action::Mutate{{{"confirm.selected_protocol", 2}}}),
                      fault(at(Stage::x224_confirm), action::DropBytes{0, 4}),
                      fault(at(Stage::x224_confirm), action::Truncate{11, action::Then::close})}),
             tls_1_2);
    EXPECT_EQ(to_hex(outcome.to_side(Side::client)), to_hex(hex("0ed00000123400 02000800")));
}

// An edited unit leaves whole, also where another fault waits inside it.
TEST(Edits, AreNotCutByAByteInsideThem) {
    const auto outcome = play(plan_of({fault(at(Stage::x224_confirm), action::DropBytes{0, 4}),
                                       fault(AtByte{Direction::server_to_client, 10}, action::Reset{Sides::client})}),
                              tls_1_2);
    EXPECT_EQ(outcome.to_side(Side::client), Bytes{});
    EXPECT_THAT(outcome.ends, ElementsAre(say::reset(Side::client), say::close(Side::server)));
}

// ---- inject

action::Inject inject(Side to, const Bytes& bytes, bool replace, std::optional<action::Then> then = std::nullopt) {
    return {to, bytes, "hex", replace, then};
}
const Bytes alert = hex("15 0303 0002 0228");

TEST(Inject, ReplacesTheUnit) {
    Playbook book(plan_of(fault(at(Stage::x224_confirm), inject(Side::client, alert, true))));
    up_to_confirm(book);
    book.expect({say::send(Side::client, alert)});
    book.carries(Side::server, to_bytes("next"));
    EXPECT_THAT(text(book.log()), Contains("effect client fault 1 inject \"hex, 7 bytes\""));
}

TEST(Inject, ComesBeforeTheUnit) {
    Playbook book(plan_of(fault(at(Stage::x224_confirm), inject(Side::client, alert, false))));
    up_to_confirm(book);
    book.expect({say::send(Side::client, alert + confirm_tls)});
}

TEST(Inject, ComesBehindAUnitThatWasPassedOn) {
    Playbook book(plan_of(fault(after(Stage::x224_confirm), inject(Side::client, alert, false))));
    up_to_confirm(book);
    book.expect({say::send(Side::client, confirm_tls + alert)});
    book.carries(Side::server, to_bytes("next"));
}

TEST(Inject, ComesBetweenTheBytesOfAUnit) {
    Playbook book(plan_of(fault(AtByte{Direction::server_to_client, 4}, inject(Side::client, alert, false))));
    up_to_confirm(book);
    book.expect({say::send(Side::client, first(confirm_tls, 4) + alert + behind(confirm_tls, 4))});
}

// An answer to the ClientHello that the server never saw.
TEST(Inject, AnswersInPlaceOfTheServer) {
    Playbook book(plan_of(fault(at(Stage::tls_client_hello), inject(Side::client, alert, true, action::Then::close))));
    up_to_confirm(book);
    book.expect({say::send(Side::client, confirm_tls)});
    book.says(Side::client, client_hello);
    book.expect({say::send(Side::client, alert), say::close(Side::client), say::close(Side::server)});
    EXPECT_EQ(book.sent(Side::server), request_tls);
}

TEST(Inject, GoesToTheServerToo) {
    Playbook book(plan_of(fault(after(Stage::x224_confirm), inject(Side::server, alert, false))));
    up_to_confirm(book);
    book.expect({say::send(Side::server, alert), say::send(Side::client, confirm_tls)});
}

TEST(Inject, AtStartGreetsTheClient) {
    Playbook book(
        plan_of(fault(AtStart{}, inject(Side::client, to_bytes("SSH-2.0-x\r\n"), false, action::Then::close))));
    book.accept();
    book.expect({say::send(Side::client, to_bytes("SSH-2.0-x\r\n")), say::close(Side::client)});
}

TEST(Inject, CanResetAndFallSilent) {
    Playbook reset(plan_of(fault(at(Stage::x224_confirm), inject(Side::client, alert, true, action::Then::reset))));
    up_to_confirm(reset);
    reset.expect({say::send(Side::client, alert), say::reset(Side::client), say::close(Side::server)});

    Playbook stall(plan_of(fault(at(Stage::x224_confirm), inject(Side::client, alert, true, action::Then::stall))));
    up_to_confirm(stall);
    stall.expect({say::send(Side::client, alert)});
    stall.says(Side::server, to_bytes("held"));
    stall.pass(seconds(100));
    stall.expect_nothing();
}

TEST(Inject, NeverFollowsAFin) {
    Playbook book(plan_of(fault(AtIdle{seconds(1)}, inject(Side::client, alert, false))));
    book.open();
    book.fin(Side::server);
    book.expect({say::finish(Side::client)});
    book.pass(seconds(2));
    book.expect_nothing();
}

}  // namespace
}  // namespace rdpfault::proxy
