// No fault: nothing is lost, and every end is carried as what it was.
#include "playbook.hpp"

namespace rdpfault::proxy {
namespace {

using testing::ElementsAre;
using Who = ConnectionLog::Who;

TEST(PassThrough, CarriesARecordedConnection) {
    Playbook book;
    book.open();
    for (const auto& piece : tls_1_2)
        book.carries(source(piece.direction), piece.bytes);
    EXPECT_EQ(book.log().furthest, Stage::tls_application_data);
    book.fin(Side::client);
    book.expect({say::finish(Side::server)});
    book.fin(Side::server);
    book.expect({say::finish(Side::client), say::close(Side::client), say::close(Side::server)});
    book.closed(Side::client);
    EXPECT_FALSE(book.finished());
    book.closed(Side::server);
    EXPECT_TRUE(book.finished());
    EXPECT_EQ(book.log().ended_by, Who::client);
    EXPECT_EQ(book.log().first_end.kind, EndKind::close);
    EXPECT_FALSE(book.log().client_leg->by_proxy);
    EXPECT_FALSE(book.log().server_leg->by_proxy);
    EXPECT_EQ(book.log().client_leg->bytes_read, 389U);
    EXPECT_EQ(book.log().server_leg->bytes_written, 389U);
}

TEST(PassThrough, TellsWhatItSaw) {
    Playbook book;
    book.open();
    for (std::size_t i = 0; i < 4; ++i)
        book.carries(source(tls_1_2[i].direction), tls_1_2[i].bytes);
    EXPECT_THAT(text(book.log()),
                ElementsAre("accepted \"192.0.2.1:50000\"", "server_connected", "stage > x224.request #1 @19",
                            "stage < x224.confirm #1 @19", "stage > tls.client_hello #1 @183",
                            "stage < tls.server_hello #1 @89", "stage < tls.certificate #1 @493",
                            "stage < tls.server_hello_done #1 @621"));
}

TEST(PassThrough, KeepsWhatTheClientSaysBeforeTheServerIsThere) {
    Playbook book;
    book.accept();
    book.expect({say::connect()});
    book.says(Side::client, request_tls);
    book.expect_nothing();
    book.fin(Side::client);
    book.expect_nothing();
    book.connect();
    book.expect({say::send(Side::server, request_tls), say::finish(Side::server)});
}

TEST(PassThrough, CarriesBytesThatAreNoRdp) {
    Playbook book;
    book.open();
    book.carries(Side::client, to_bytes("GET / HTTP/1.1\r\n\r\n"));
    book.carries(Side::server, to_bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
    book.carries(Side::client, to_bytes("more"));
    EXPECT_EQ(book.log().furthest, Stage::tcp_connect);
    EXPECT_THAT(text(book.log()), testing::Contains(testing::StartsWith("garbage >")));
    EXPECT_THAT(text(book.log()), testing::Contains(testing::StartsWith("garbage <")));
}

TEST(PassThrough, GoesOnAfterHalfAClose) {
    for (const auto side : {Side::client, Side::server}) {
        Playbook book;
        book.open();
        book.carries(side, to_bytes("question"));
        book.fin(side);
        book.expect({say::finish(other(side))});
        book.carries(other(side), to_bytes("a long answer"));
        book.carries(other(side), to_bytes(" and more of it"));
        book.fin(other(side));
        book.expect({say::finish(side), say::close(Side::client), say::close(Side::server)});
        EXPECT_EQ(book.log().ended_by, side == Side::client ? Who::client : Who::server);
    }
}

TEST(PassThrough, CarriesRstAsRst) {
    for (const auto side : {Side::client, Side::server}) {
        Playbook book;
        book.open();
        book.carries(side, to_bytes("last words"));
        book.rst(side);
        book.expect({say::reset(other(side))});
        EXPECT_FALSE(book.finished());
        book.closed(other(side));
        EXPECT_TRUE(book.finished());
        EXPECT_EQ(book.log().ended_by, side == Side::client ? Who::client : Who::server);
        EXPECT_EQ(book.log().first_end.kind, EndKind::reset);
        EXPECT_EQ(book.log().first_end.system_error, 104);
        const auto& leg = side == Side::client ? book.log().client_leg : book.log().server_leg;
        EXPECT_FALSE(leg->by_proxy);
        EXPECT_EQ(leg->ending.kind, EndKind::reset);
    }
}

TEST(PassThrough, CarriesRstAfterFin) {
    Playbook book;
    book.open();
    book.fin(Side::client);
    book.expect({say::finish(Side::server)});
    book.rst(Side::client);
    book.expect({say::reset(Side::server)});
}

// What was received before the RST is passed on before the RST.
TEST(PassThrough, PassesOnWhatCameBeforeTheRst) {
    Playbook book;
    book.kernel_takes = false;
    book.open();
    book.says(Side::server, to_bytes("last words"));
    book.expect({say::send(Side::client, to_bytes("last words"))});
    book.rst(Side::server);
    book.expect({say::reset(Side::client)});
}

TEST(PassThrough, DropsTheServerLegOfAClientThatGaveUpBeforeIt) {
    Playbook book;
    book.accept();
    book.expect({say::connect()});
    book.says(Side::client, request_tls);
    book.rst(Side::client);
    book.expect({say::reset(Side::server)});
    book.closed(Side::server);
    EXPECT_TRUE(book.finished());
    book.connect();  // too late: nothing
    book.expect_nothing();
}

TEST(PassThrough, TellsTheClientThatTheServerRefused) {
    Playbook book;
    book.accept();
    book.expect({say::connect()});
    book.says(Side::client, request_tls);
    book.cannot_connect(ending_by(EndKind::refused, 111));
    book.expect({say::reset(Side::client)});
    book.closed(Side::client);
    EXPECT_TRUE(book.finished());
    EXPECT_EQ(book.log().ended_by, Who::server);
    EXPECT_EQ(book.log().first_end.kind, EndKind::refused);
    EXPECT_EQ(book.log().server_leg->ending.system_error, 111);
}

TEST(PassThrough, ClosesTheClientOfAServerThatDoesNotAnswer) {
    Playbook book;
    book.accept();
    book.expect({say::connect()});
    book.cannot_connect(ending_by(EndKind::unreachable, 110));
    book.expect({say::close(Side::client)});
}

// A reader may take its time: closing is bounded in time, so it must wait until the last byte is with the kernel.
TEST(PassThrough, WaitsForASlowReaderBeforeItCloses) {
    Playbook book;
    book.open();
    book.kernel_takes = false;
    book.fin(Side::client);
    book.expect({say::finish(Side::server)});
    book.says(Side::server, Bytes(1000, 'x'));
    book.expect({say::send(Side::client, Bytes(1000, 'x'))});
    book.fin(Side::server);
    book.expect({say::finish(Side::client)});
    book.took(Side::client, 400);
    book.expect_nothing();
    book.took(Side::client, 600);
    book.expect({say::close(Side::client), say::close(Side::server)});
}

TEST(PassThrough, EndsBothLegsAtOnceWhenTheRunIsOver) {
    Playbook book;
    book.open();
    book.carries(Side::client, request_tls);
    book.abort();
    book.expect({say::close(Side::client, false), say::close(Side::server, false)});
    book.says(Side::client, to_bytes("too late"));
    book.expect_nothing();
    book.closed(Side::client);
    book.closed(Side::server);
    EXPECT_TRUE(book.finished());
    EXPECT_EQ(book.log().ended_by, Who::nobody);
    EXPECT_TRUE(book.log().client_leg->by_proxy);
}

TEST(PassThrough, EndsAConnectUnderWayWhenTheRunIsOver) {
    Playbook book;
    book.accept();
    book.expect({say::connect()});
    book.abort();
    book.expect({say::close(Side::client, false), say::close(Side::server, false)});
}

// A peer can make up as many alerts as it likes.
TEST(PassThrough, BoundsTheAccount) {
    Playbook book;
    book.open();
    book.carries(Side::client, request_tls);
    book.carries(Side::server, confirm_tls);
    const auto warning = hex("15 0303 0002 015a");
    for (int i = 0; i < 5000; ++i)
        book.carries(Side::client, warning);
    EXPECT_LE(book.log().events.size(), 1001U);
    book.rst(Side::client);
    book.expect({say::reset(Side::server)});
    EXPECT_EQ(book.log().events.back().kind, Event::Kind::leg_ended) << "the ends are always told";
}

}  // namespace
}  // namespace rdpfault::proxy
