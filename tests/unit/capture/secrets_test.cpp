// Decryption Secrets Blocks, and the key log in them.
#include <gmock/gmock.h>

#include "harness/capture/key_log.hpp"
#include "harness/capture/secrets_reader.hpp"

namespace rdpfault::capture {
namespace {

struct File {
    bool big_endian = false;
    Bytes bytes = {};

    File& number(std::uint32_t value) {
        for (int i = 0; i < 4; ++i)
            bytes.push_back(static_cast<std::uint8_t>(value >> (8 * (big_endian ? 3 - i : i))));
        return *this;
    }
    File& block(std::uint32_t type, Bytes body) {
        while (body.size() % 4 != 0)
            body.push_back(0);
        const auto length = static_cast<std::uint32_t>(12 + body.size());
        number(type).number(length);
        append(bytes, body);
        return number(length);
    }
    File& section() {
        File body{big_endian};
        body.number(0x1A2B3C4D).number(1).number(0xFFFFFFFF).number(0xFFFFFFFF);
        return block(0x0A0D0D0A, body.bytes);
    }
    File& secrets(std::string_view text, std::uint32_t type = 0x544C534B, std::uint32_t excess = 0) {
        File body{big_endian};
        body.number(type).number(static_cast<std::uint32_t>(text.size()) + excess);
        append(body.bytes, to_bytes(text));
        return block(10, body.bytes);
    }
};

std::string read(const Bytes& bytes, std::size_t step = 1 << 20) {
    SecretsReader reader;
    for (std::size_t at = 0; at < bytes.size(); at += step)
        reader.feed(ByteView(bytes).subspan(at, std::min(step, bytes.size() - at)));
    return reader.key_log();
}

TEST(SecretsReader, FindsThemHoweverTheFileIsCut) {
    for (const bool big_endian : {false, true}) {
        File file{big_endian};
        file.section().block(1, Bytes(8, 0)).secrets("one\n").block(6, Bytes(1000, 7)).secrets("two");
        for (const std::size_t step : {1U, 3U, 12U, 100U, 100'000U})
            EXPECT_EQ(read(file.bytes, step), "one\ntwo\n") << big_endian << step;
    }
}

TEST(SecretsReader, ASectionMayTurnTheByteOrder) {
    File file;
    file.section().secrets("one\n");
    file.big_endian = true;
    file.section().secrets("two\n");
    EXPECT_EQ(read(file.bytes), "one\ntwo\n");
}

TEST(SecretsReader, LongBlocksNeedNotBeRead) {
    File file;
    file.section().block(6, Bytes(100'000, 7));
    SecretsReader reader;
    reader.feed(ByteView(file.bytes).first(28 + 12));
    EXPECT_EQ(reader.ignorable(), 100'000U);
    reader.skip(reader.ignorable());
    reader.feed(File().secrets("after\n").bytes);
    EXPECT_EQ(reader.key_log(), "after\n");
}

TEST(SecretsReader, TakesNoLengthOnTrust) {
    EXPECT_EQ(read(File().section().secrets("abcd", 0x544C534B, 100).bytes), "");  // beyond its block
    EXPECT_EQ(read(File().section().secrets("abcd", 0x57474B4C).bytes), "");       // of WireGuard
    EXPECT_EQ(read(File().secrets("abcd").bytes), "");                             // no section
    EXPECT_EQ(read(File().section().number(10).number(4).number(0x544C534B).bytes), "");
    File endless;
    endless.section().number(10).number(0xFFFFFFF0).number(0x544C534B);
    SecretsReader reader;
    reader.feed(endless.bytes);
    EXPECT_GT(reader.ignorable(), 1U << 30);  // and nothing of it is kept
}

TEST(KeyLog, PutsTheLinesOfAConnectionTogether) {
    const std::string random(64, 'a');
    KeyLog log;
    log.take("# a comment\r\nCLIENT_HANDSHAKE_TRAFFIC_SECRET " + random + " 0102\r\nSERVER_TRAFFIC_SECRET_0 " + random +
             " 03\nCLIENT_RANDOM " + std::string(64, 'b') + " 04");
    EXPECT_EQ(log.size(), 2U);
    const auto* found = log.find(Bytes(32, 0xAA));
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->client_handshake_traffic, (Bytes{1, 2}));
    EXPECT_EQ(found->server_application_traffic, (Bytes{3}));
    EXPECT_EQ(log.find(Bytes(32, 0xCC)), nullptr);
}

}  // namespace
}  // namespace rdpfault::capture
