#include "server/negotiation.hpp"

#include <gmock/gmock.h>

#include "protocol/preconnection.hpp"
#include "tests/unit/server/scripted_client.hpp"

namespace rdpfault::server::test {
namespace {

Bytes hex(std::string_view text) {
    Bytes out;
    EXPECT_TRUE(from_hex(text, out));
    return out;
}

const std::string tls_request = "030000130ee000000000000100080001000000";
const std::string tls_confirm = "030000130ed000001234000201080001000000";

std::string refusal(int code) {
    return "030000130ed00000123400030008000" + std::to_string(code) + "000000";
}

TEST(Negotiation, SelectsTls) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{1000}}) {
        ScriptedClient client;
        client.step = step;
        client.wire(hex(tls_request));
        EXPECT_EQ(to_hex(client.clear), tls_confirm);
        EXPECT_EQ(client.acceptor.wish(), Acceptor::Wish::open);
        EXPECT_EQ(client.acceptor.report().requested_protocols, 1u);
        EXPECT_THAT(client.stages(), testing::ElementsAre("x224.request", "x224.confirm"));
    }
}

TEST(Negotiation, SelectsTlsWhenMoreIsOffered) {
    Traits traits;
    traits.protocols = 0x0B;
    ScriptedClient client({}, traits);
    client.go_to(Stage::x224_confirm);
    EXPECT_EQ(to_hex(client.clear), tls_confirm);
}

TEST(Negotiation, RefusesAClientWithoutTls) {
    for (const auto* request : {"030000130ee000000000000100080000000000", "030000130ee000000000000100080002000000",
                                "0300000b06e00000000000"}) {
        ScriptedClient client;
        client.wire(hex(request));
        EXPECT_EQ(to_hex(client.clear), refusal(1));
        EXPECT_EQ(client.acceptor.wish(), Acceptor::Wish::close);
        EXPECT_TRUE(client.ending().same(Ending{EndKind::negotiation_failure, 1, 0, 0, {}}));
        EXPECT_EQ(client.acceptor.report().by, Side::server);
    }
}

TEST(Negotiation, FailsAsConfigured) {
    for (std::uint32_t code = 1; code <= 6; ++code) {
        ScriptedClient client(with([&](Config& config) { config.negotiation_failure = code; }));
        client.go_to(Stage::x224_confirm);
        EXPECT_EQ(to_hex(client.clear), refusal(static_cast<int>(code)));
        EXPECT_EQ(client.acceptor.wish(), Acceptor::Wish::close);
        EXPECT_TRUE(client.ending().same(Ending{EndKind::negotiation_failure, code, 0, 0, {}}));
    }
}

TEST(Negotiation, TakesAPreconnectionPdu) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{1000}}) {
        ScriptedClient client;
        client.step = step;
        auto bytes = protocol::encoded(protocol::PreconnectionPdu{0, 5, u"machine"});
        append(bytes, hex(tls_request));
        client.wire(bytes);
        EXPECT_EQ(to_hex(client.clear), tls_confirm);
        EXPECT_THAT(client.stages(), testing::ElementsAre("rdp.preconnection", "x224.request", "x224.confirm"));
    }
}

TEST(Negotiation, TakesTheClientHelloInOnePieceWithTheRequest) {
    ScriptedClient client;
    tls::Engine engine(tls::EngineConfig{});
    engine.start();
    auto bytes = hex(tls_request);
    append(bytes, engine.take_output());
    client.wire(bytes);
    EXPECT_TRUE(client.reached(Stage::tls_server_hello));
    EXPECT_GT(client.clear.size(), 1000u) << "the confirm and the server's flight";
}

TEST(Negotiation, GarbageEndsIt) {
    for (const auto* bytes : {"474554202f20485454502f312e310d0a0d0a", "03000004", "0300ffff", "16030100",
                              "030000130ed000001234000201080001000000", "0300001300e000000000000100080001000000"}) {
        ScriptedClient client;
        client.wire(hex(bytes));
        client.acceptor.wake(std::chrono::seconds(40));
        EXPECT_EQ(client.acceptor.wish(), Acceptor::Wish::close) << bytes;
        EXPECT_THAT(client.ending().kind, testing::AnyOf(EndKind::malformed, EndKind::timeout)) << bytes;
        EXPECT_TRUE(client.clear.empty()) << bytes;
    }
}

TEST(Negotiation, MalformedSaysWhere) {
    ScriptedClient client;
    client.wire(hex("0300001300e000000000000100080001000000"));
    EXPECT_EQ(client.ending().kind, EndKind::malformed);
    EXPECT_EQ(client.ending().offset, 4u) << client.ending().detail;
}

}  // namespace
}  // namespace rdpfault::server::test
