// Connections as a capture has them: who ended it, how, how far it came; and never more than its packets prove.
#include "tests/unit/capture/script.hpp"

namespace rdpfault::capture::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Flow, AResetOfTheServerAfterTheRequest) {
    const auto account = Script().open().data(client, request).wait(milliseconds(10)).reset(server).one();
    expect_end(account, Ender::server, TcpEnd::reset);
    EXPECT_EQ(account.talk.furthest, Stage::x224_request);
    EXPECT_TRUE(account.whole());
    EXPECT_EQ(*account.ended - *account.talk.reached, milliseconds(11));
    EXPECT_EQ(account.bytes[0], request.size());
}

TEST(Flow, TheFirstFinIsTheEnd) {
    const auto account = Script().open().data(client, request).data(server, confirm).fin(client).fin(server).one();
    expect_end(account, Ender::client, TcpEnd::fin);
    EXPECT_EQ(account.talk.furthest, Stage::x224_confirm);
}

TEST(Flow, TheServerSaysWhyInTheConfirm) {
    const auto account = Script().open().data(client, request).data(server, refusal).fin(server).one();
    ASSERT_THAT(account.talk.said, SizeIs(1));
    EXPECT_EQ(account.talk.said[0].ending.kind, EndKind::negotiation_failure);
    EXPECT_EQ(account.talk.said[0].ending.code, 5U);
}

TEST(Flow, Refused) {
    Script script;
    script.syn();
    Tcp reset{3389, script.port, 0, script.sequence[0], flag::rst | flag::ack, {}, 64, {}};
    script.table.packet(LinkType::ethernet, frame(reset), script.now);
    const auto account = script.one();
    expect_end(account, Ender::server, TcpEnd::refused);
    EXPECT_FALSE(account.connected);
}

TEST(Flow, ASynAloneProvesNothingAndMoreOfThemDo) {
    expect_end(Script().syn().one(), Ender::unknown, TcpEnd::none);
    Script script;
    script.syn();
    --script.sequence[0];
    expect_end(script.wait(seconds(1)).syn().one(), Ender::unknown, TcpEnd::unanswered);
}

TEST(Flow, UnreachableInAnswerToTheSyn) {
    Script script;
    const Tcp syn{40000, 3389, 5, 0, flag::syn, {}, 64, {}};
    script.table.packet(LinkType::ethernet, frame(syn), script.now);
    const auto quoted = ipv4(tcp_bytes(syn), syn);
    auto reply = syn;
    std::swap(reply.source, reply.destination);
    script.table.packet(LinkType::ethernet, ethernet(ipv4(cat({{3, 1}, Bytes(6, 0), quoted}), reply, 1)), script.now);
    expect_end(script.one(), Ender::unknown, TcpEnd::unreachable);
}

TEST(Flow, SilenceIsWhatIsSentAgainAndNeverAcknowledged) {
    Script script;
    script.open().data(client, request);
    for (int i = 0; i < 3; ++i)
        script.wait(seconds(1)).again(client, request);
    const auto account = script.one();
    expect_end(account, Ender::unknown, TcpEnd::silence);
    EXPECT_EQ(account.silent, server);
    EXPECT_EQ(account.retransmitted[0], 3U);
    script = Script();
    script.open().data(client, request);
    for (int i = 0; i < 3; ++i)
        script.again(client, request).ack(server);
    expect_end(script.one(), Ender::unknown, TcpEnd::none);
}

TEST(Flow, KeepAlivesThatAreAnsweredAreNoSilence) {
    Script script;
    script.open().data(client, request).data(server, confirm).ack(client);
    for (int i = 0; i < 5; ++i) {
        --script.sequence[0];
        script.wait(seconds(60)).ack(client);
        ++script.sequence[0];
        script.ack(server);
    }
    expect_end(script.one(), Ender::unknown, TcpEnd::none);
}

TEST(Flow, CopiesOfAPacketAreNotSentAgain) {
    Script script;
    script.open().data(client, request);
    for (int i = 0; i < 5; ++i)
        script.again(client, request);
    expect_end(script.one(), Ender::unknown, TcpEnd::none);
    script = Script();
    script.syn();
    --script.sequence[0];
    expect_end(script.syn().one(), Ender::unknown, TcpEnd::none);
}

TEST(Flow, AnEndThatTheCaptureHasNotGotIsNotGuessed) {
    expect_end(Script().open().data(client, request).one(), Ender::unknown, TcpEnd::none);
    // The server's FIN is missing: what looks first is the client's answer to it.
    auto account = Script().open().data(client, request).unseen().fin(server).fin(client).one();
    expect_end(account, Ender::unknown, TcpEnd::unknown);
    // So may the client's own FIN be, before its reset.
    account = Script().open().data(client, request).unseen().fin(client).reset(client).one();
    expect_end(account, Ender::client, TcpEnd::unknown);
    account = Script().open().data(client, request).unseen().fin(server).reset(client).one();
    expect_end(account, Ender::unknown, TcpEnd::unknown);
}

TEST(Flow, MissingDataDoesNotHideWhoWasFirst) {
    auto account = Script().open().unseen().data(client, request).data(client, Bytes(5, 1)).reset(server).one();
    expect_end(account, Ender::server, TcpEnd::reset);
    EXPECT_EQ(account.talk.lost[0], request.size());
    EXPECT_FALSE(account.whole());
    // Data of the other side behind it proves that what is missing was no FIN.
    account = Script()
                  .open()
                  .data(client, request)
                  .unseen()
                  .data(server, confirm)
                  .data(server, Bytes(5, 1))
                  .fin(server)
                  .one();
    expect_end(account, Ender::server, TcpEnd::fin);
    EXPECT_EQ(account.talk.furthest, Stage::x224_request);
    EXPECT_FALSE(account.talk.malformed[1]) << "what stands behind a gap is not blamed";
}

TEST(Flow, PacketsThatOvertakeChangeNothing) {
    Script script;
    script.open();
    const auto first = Bytes(request.begin(), request.begin() + 7);
    const auto rest = Bytes(request.begin() + 7, request.end());
    script.sequence[0] += 7;
    script.data(client, rest);
    script.sequence[0] -= static_cast<std::uint32_t>(request.size());
    script.data(client, first);
    script.sequence[0] += static_cast<std::uint32_t>(rest.size());
    const auto account = script.data(server, confirm).fin(server).fin(client).one();
    EXPECT_EQ(account.talk.furthest, Stage::x224_confirm);
    EXPECT_TRUE(account.whole());
}

// The server's answer stands before the request in the capture; so does its FIN before the client's last words.
TEST(Flow, AnAcknowledgementMayStandBeforeItsData) {
    Script script;
    script.open().late().data(client, request).data(server, confirm).comes();
    script.late().data(client, Bytes(5, 22)).fin(server).comes();
    const auto account = script.fin(client).one();
    EXPECT_EQ(account.talk.furthest, Stage::x224_confirm);
    EXPECT_EQ(account.talk.lost[0], 0U);
    expect_end(account, Ender::server, TcpEnd::fin);
    EXPECT_TRUE(account.whole());
}

TEST(Flow, AResetOfSomethingInBetween) {
    auto account = Script().open().data(client, request).data(server, confirm).reset(server, 57).one();
    expect_end(account, Ender::between, TcpEnd::reset);
    EXPECT_THAT(account.between, testing::HasSubstr("TTL of 57"));
    account = Script().open().data(client, request).data(server, confirm).reset(server).reset(client).one();
    expect_end(account, Ender::between, TcpEnd::reset);
}

TEST(Flow, AResetOutsideTheWindowEndsNothing) {
    Script script;
    script.open().data(client, request).data(server, confirm).ack(client);
    script.sequence[1] += 10'000'000;
    script.reset(server);
    script.sequence[1] -= 10'000'000;
    const auto account = script.fin(client).one();
    expect_end(account, Ender::client, TcpEnd::fin);
    EXPECT_EQ(account.ignored_resets, 1U);
}

TEST(Flow, BegunBeforeTheCapture) {
    Script script;
    script.sequence = {1000, 2000};
    const auto account = script.data(server, Bytes(100, 9)).data(client, Bytes(10, 9)).reset(server).one();
    expect_end(account, Ender::server, TcpEnd::reset);
    EXPECT_FALSE(account.beginning_seen);
    EXPECT_FALSE(account.talk.furthest);
    EXPECT_FALSE(account.whole());
}

TEST(Flow, WhereTheSynsAreMissingTheRequestSaysWhoIsTheClient) {
    FlowTable::Settings settings;
    settings.any_port = true;
    Script script(settings);
    script.port = 1234;  // lower than the server's
    script.unseen().syn().unseen().syn_ack().send(client, flag::ack).data(client, request).fin(server);
    const auto account = script.one();
    EXPECT_EQ(account.client.port, 1234);
    EXPECT_EQ(account.talk.furthest, Stage::x224_request);
    expect_end(account, Ender::server, TcpEnd::fin);
}

// Who was first may have been before the first packet.
TEST(Flow, OfTheLastTwoPacketsNothingIsSaid) {
    Script script;
    script.open().data(client, request).fin(server);
    script.table = FlowTable({});
    expect_end(script.fin(client).ack(server).one(), Ender::unknown, TcpEnd::unknown);
}

TEST(Flow, DataBehindTheFirstFinMayBeMissing) {
    Script script;
    script.open().data(client, request).fin(client).unseen().data(server, confirm).unseen().fin(server);
    const auto account = script.one();
    expect_end(account, Ender::client, TcpEnd::fin);
    EXPECT_FALSE(account.whole());
}

TEST(Flow, OneDirectionOnly) {
    Script script;
    script.syn().unseen().syn_ack().ack(client).data(client, request).unseen().data(server, confirm).ack(client);
    const auto account = script.fin(client).one();
    EXPECT_FALSE(account.seen[1]);
    EXPECT_EQ(account.talk.furthest, Stage::x224_request);
    expect_end(account, Ender::unknown, TcpEnd::unknown);  // the server may have been first
}

TEST(Flow, APortThatIsUsedAgainIsAnotherConnection) {
    Script script;
    script.open().data(client, request).reset(server);
    script.sequence = {500'000, 900'000};
    const auto accounts = script.open().data(client, request).data(server, confirm).fin(client).all();
    ASSERT_THAT(accounts, SizeIs(2));
    expect_end(accounts[0], Ender::server, TcpEnd::reset);
    expect_end(accounts[1], Ender::client, TcpEnd::fin);
}

TEST(FlowTable, OthersAreCountedAndNotDiagnosed) {
    FlowTable table({});
    const Tcp syn{40000, 80, 1, 0, flag::syn, {}, 64, {}};
    const Tcp data{40000, 80, 2, 1, flag::ack, to_bytes("GET / HTTP/1.1\r\n"), 64, {}};
    table.packet(LinkType::ethernet, frame(syn), Time{});
    table.packet(LinkType::ethernet, frame(data), Time{});
    EXPECT_THAT(table.finish(), IsEmpty());
    EXPECT_EQ(table.counts().connections, 1U);
    EXPECT_EQ(table.counts().rdp, 0U);
}

TEST(FlowTable, MemoryIsBounded) {
    FlowTable::Settings settings;
    settings.any_port = true;
    settings.limits = {10, 100'000, 50};
    FlowTable table(settings);
    for (std::uint32_t i = 0; i < 200; ++i) {
        const auto port = static_cast<std::uint16_t>(40000 + i);
        table.packet(LinkType::ethernet, frame({port, 3389, 1, 0, flag::syn, {}, 64, {}}), Time{});
        for (std::uint32_t hole = 0; hole < 20; ++hole)
            table.packet(LinkType::ethernet,
                         frame({port, 3389, 1000 + 2000 * hole, 1, flag::ack, Bytes(1400, 1), 64, {}}), Time{});
    }
    EXPECT_THAT(table.finish(), SizeIs(50));
    EXPECT_EQ(table.counts().left_out, 150U);
}

}  // namespace
}  // namespace rdpfault::capture::test
