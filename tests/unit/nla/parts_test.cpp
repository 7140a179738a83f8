// What CredSSP is made of here: digests, the file of accounts, the checks of tokens.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "protocol/nla/accounts.hpp"
#include "protocol/nla/hash.hpp"
#include "protocol/nla/md4.hpp"
#include "protocol/nla/token_check.hpp"

namespace rdpfault::nla {
namespace {

std::string md4_hex(std::string_view text) {
    return to_hex(md4(to_bytes(text)));
}

// RFC 1320 A.5.
TEST(Md4, IsThatOfTheRfc) {
    EXPECT_EQ(md4_hex(""), "31d6cfe0d16ae931b73c59d7e0c089c0");
    EXPECT_EQ(md4_hex("a"), "bde52cb31de33e46245e05fbdbd6fb24");
    EXPECT_EQ(md4_hex("abcdefghijklmnopqrstuvwxyz"), "d79e1c308aa5bbcdeea8ed63df412da9");
    EXPECT_EQ(md4_hex("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
              "e33b4ddc9c38f2199c3e7b164fcc0536");
}

// MS-NLMP 4.2.2.1.1.
TEST(NtHash, IsThatOfTheSpecification) {
    EXPECT_EQ(to_hex(nt_hash("Password")), "a4f49c406510bdcab6824ee7c30fd852");
}

TEST(Sha256, IsThatOfTheStandard) {
    EXPECT_EQ(to_hex(sha256(to_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(KeyBinding, IsTheKeyItselfBeforeVersion5) {
    const auto key = to_bytes("\xff\xff\x01");
    EXPECT_EQ(key_binding(4, Direction::client_to_server, {}, key), key);
    EXPECT_EQ(to_hex(key_binding(4, Direction::server_to_client, {}, key)), "000002");
    EXPECT_EQ(key_binding(5, Direction::client_to_server, Bytes(32), key).size(), 32U);
    EXPECT_NE(key_binding(5, Direction::client_to_server, Bytes(32), key),
              key_binding(5, Direction::server_to_client, Bytes(32), key));
}

std::string contents(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

TEST(AccountFile, HoldsHashesAndIsGoneWithItsObject) {
    std::string path;
    {
        const std::vector<Account> accounts{{"user", "", "Password"}, {"other", "DOM", "x"}};
        const AccountFile file(accounts);
        path = file.path();
        for (int again = 0; again < 2; ++again) {
            EXPECT_THAT(contents(path), testing::HasSubstr("user:0:"));
            EXPECT_THAT(contents(path), testing::HasSubstr(":a4f49c406510bdcab6824ee7c30fd852:"));
            EXPECT_THAT(contents(path), testing::HasSubstr("\nDOM\\other:0:"));
        }
        EXPECT_THAT(contents(path), testing::Not(testing::HasSubstr("Password")));
    }
    EXPECT_EQ(contents(path), "");
}

TEST(AccountFile, TakesNoNameThatWouldBeAnotherLine) {
    for (const auto* name : {"", "a:b", "a\nb", "a\\b", "#a"}) {
        const std::vector<Account> accounts{{name, "", "x"}};
        EXPECT_THROW(AccountFile{accounts}, std::invalid_argument) << name;
    }
}

Bytes authenticate(std::uint16_t nt_size, std::uint16_t key_size) {
    auto message = to_bytes(std::string_view("NTLMSSP\0\3\0\0\0", 12));
    message.resize(88);
    message[20] = static_cast<std::uint8_t>(nt_size);
    message[52] = static_cast<std::uint8_t>(key_size);
    return message;
}

TEST(TokenCheck, RefusesWhatTheLibraryWouldReadPast) {
    EXPECT_EQ(complaint_about(authenticate(60, 16)), "");
    EXPECT_EQ(complaint_about(authenticate(60, 0)), "AUTHENTICATE_MESSAGE EncryptedRandomSessionKey");
    EXPECT_EQ(complaint_about(authenticate(24, 16)), "AUTHENTICATE_MESSAGE NtChallengeResponse");
    auto cut = authenticate(60, 16);
    cut.resize(50);
    EXPECT_EQ(complaint_about(cut), "AUTHENTICATE_MESSAGE");
    EXPECT_EQ(complaint_about({}), "");
}

TEST(TokenCheck, RefusesAShortMechListMic) {
    Bytes short_mic, whole_mic;
    ASSERT_TRUE(from_hex("a10a 3008 a306 0404 01020304", short_mic));
    ASSERT_TRUE(from_hex("a116 3014 a312 0410 0102030405060708090a0b0c0d0e0f10", whole_mic));
    EXPECT_EQ(complaint_about(short_mic), "mechListMIC");
    EXPECT_EQ(complaint_about(whole_mic), "");
}

}  // namespace
}  // namespace rdpfault::nla
