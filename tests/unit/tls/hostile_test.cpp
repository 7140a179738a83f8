// What a peer may send to hurt: the engine fails, and does not grow with what it is fed.
#include <gmock/gmock.h>
#include <malloc.h>

#include "protocol/tls/engine.hpp"
#include "protocol/tls_record.hpp"
#include "tests/unit/tls/pair.hpp"

namespace rdpfault::tls::test {
namespace {

using State = Engine::State;

// An engine at work holds some 60 KiB; OpenSSL takes a ClientHello of 128 KiB, and doubles its buffers.
constexpr std::size_t bound = 512 * 1024;

// Zero where the allocator does not count (sanitizers).
std::size_t in_use() {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

Bytes record(std::uint8_t type, ByteView content) {
    Bytes out{type, 3, 1, static_cast<std::uint8_t>(content.size() >> 8), static_cast<std::uint8_t>(content.size())};
    append(out, content);
    return out;
}

Engine server() {
    return Engine(server_config(Version::tls1_0, Version::tls1_3));
}

// Feeds `content` as records of one type until the engine fails or there is none left; the highest use of memory.
std::size_t feed_all(Engine& engine, std::uint8_t type, std::size_t total, Bytes (*part)(std::size_t at)) {
    Bytes plaintext;
    const auto before = in_use();
    std::size_t most = 0;
    for (std::size_t at = 0; at < total && engine.state() == State::handshaking; at += 16384) {
        engine.feed(record(type, part(at)), plaintext);
        most = std::max(most, in_use() - std::min(before, in_use()));
    }
    return most;
}

TEST(HostilePeer, AHelloOf16MegabytesIsRefusedAtOnce) {
    auto engine = server();
    const auto most = feed_all(engine, 22, 1U << 24, [](std::size_t at) {
        Bytes part(16384, 0);
        if (at == 0) std::ranges::copy(Bytes{1, 0xFF, 0xFF, 0xFF, 3, 3}, part.begin());
        return part;
    });
    EXPECT_EQ(engine.state(), State::failed);
    EXPECT_LT(most, bound);
    EXPECT_THAT(engine.error(), testing::HasSubstr("excessive message size"));
}

TEST(HostilePeer, ALegalLengthIsTheMostThatIsKept) {
    auto engine = server();
    const auto most = feed_all(engine, 22, 1U << 24, [](std::size_t at) {
        Bytes part(16384, 0);
        if (at == 0) std::ranges::copy(Bytes{1, 1, 0xFF, 0xFF, 3, 3}, part.begin());
        return part;
    });
    EXPECT_EQ(engine.state(), State::failed);
    EXPECT_LT(most, bound);
}

TEST(HostilePeer, WarningsWithoutEndAreCounted) {
    auto engine = server();
    Bytes plaintext;
    int fed = 0;
    for (; fed < 100 && engine.state() == State::handshaking; ++fed)
        engine.feed(record(21, Bytes{1, 112}), plaintext);
    EXPECT_EQ(engine.state(), State::failed);
    EXPECT_LT(fed, 10);
}

TEST(HostilePeer, EmptyRecordsWithoutEndAreCounted) {
    Pair pair(client_config(Version::tls1_2, Version::tls1_3), server_config(Version::tls1_2, Version::tls1_3));
    pair.connect();
    int fed = 0;
    for (; fed < 1000 && pair.server.state() == State::established; ++fed)
        pair.server.feed(pair.client.seal(23, {}), pair.server_plain);
    EXPECT_EQ(pair.server.state(), State::failed);
    EXPECT_LT(fed, 100);
}

// It is legal (RFC 8446 5.1), if rude: the handshake is done all the same.
TEST(HostilePeer, AHelloOfOneByteRecordsIsPutTogether) {
    Pair pair(client_config(Version::tls1_2, Version::tls1_3), server_config(Version::tls1_2, Version::tls1_3));
    pair.client.start();
    const auto hello = pair.client.take_output();
    const auto before = in_use();
    for (std::size_t i = protocol::tls_record_header_size; i < hello.size(); ++i)
        pair.server.feed(record(22, ByteView(hello).subspan(i, 1)), pair.server_plain);
    EXPECT_LT(in_use() - std::min(before, in_use()), bound);
    pair.run();
    EXPECT_EQ(pair.client.state(), State::established) << pair.client.error();
    EXPECT_EQ(pair.server.state(), State::established) << pair.server.error();
}

TEST(HostilePeer, GarbageFails) {
    for (const auto type : {0, 20, 21, 22, 23, 24, 99, 0x80}) {
        auto engine = server();
        Bytes plaintext;
        for (int i = 0; i < 200 && engine.state() == State::handshaking; ++i)
            engine.feed(record(static_cast<std::uint8_t>(type), Bytes(1000, static_cast<std::uint8_t>(i + 0x55))),
                        plaintext);
        EXPECT_EQ(engine.state(), State::failed) << type;
        EXPECT_TRUE(plaintext.empty());
        EXPECT_EQ(engine.negotiated().cipher, "") << "asked too early, which it survives";
    }
}

TEST(HostilePeer, ACompressedCertificateWasNotAskedFor) {
    for (const auto version : {Version::tls1_2, Version::tls1_3}) {
        Pair pair(client_config(version, version), server_config(version, version));
        pair.client.start();
        pair.server.feed(pair.client.take_output(), pair.server_plain);
        auto flight = pair.server.take_output();
        if (version == Version::tls1_2) {
            // The ServerHello alone, then CompressedCertificate (RFC 8879 4).
            const auto length = static_cast<std::size_t>(flight[3] << 8 | flight[4]);
            flight.resize(protocol::tls_record_header_size + length);
            append(flight, Bytes{22, 3, 3, 0, 12, 25, 0, 0, 8, 0, 2, 0, 0xFF, 0xFF, 0, 0, 0});
        } else {
            append(flight, pair.server.seal(22, Bytes{25, 0, 0, 8, 0, 2, 0, 0xFF, 0xFF, 0, 0, 0}));
        }
        pair.client.feed(flight, pair.client_plain);
        EXPECT_EQ(pair.client.state(), State::failed);
        ASSERT_TRUE(pair.client.alert_sent());
        EXPECT_EQ(pair.client.alert_sent()->description, 10) << pair.client.error();
    }
}

TEST(HostilePeer, MegabytesOfUnknownTypesInATunnelFail) {
    Pair pair(client_config(Version::tls1_3, Version::tls1_3), server_config(Version::tls1_3, Version::tls1_3));
    pair.connect();
    const auto before = in_use();
    for (int i = 0; i < 100; ++i)
        pair.server.feed(pair.client.seal(24, Bytes(16384, 1)), pair.server_plain);
    EXPECT_EQ(pair.server.state(), State::failed);
    EXPECT_LT(in_use() - std::min(before, in_use()), bound);
}

}  // namespace
}  // namespace rdpfault::tls::test
