// CredSSP, both ends against each other.
#include "tests/unit/nla/pair.hpp"

namespace rdpfault::nla {
namespace {

using protocol::TsRequest;
using testing::ElementsAre;
using testing::HasSubstr;

struct Versions {
    Package package;
    std::uint32_t client;
    std::uint32_t server;
};

std::vector<Versions> all_versions() {
    std::vector<Versions> all;
    for (const auto package : {Package::ntlm, Package::negotiate})
        for (std::uint32_t client = 2; client <= 6; ++client)
            for (std::uint32_t server = 2; server <= 6; ++server)
                all.push_back({package, client, server});
    return all;
}

std::string name_of(const testing::TestParamInfo<Versions>& info) {
    const auto& what = info.param;
    return std::string(to_string(what.package)) + "_client" + std::to_string(what.client) + "_server" +
           std::to_string(what.server);
}

struct CredSsp : testing::TestWithParam<Versions> {
    CredSsp() {
        pair.client.package = GetParam().package;
        pair.client.version = GetParam().client;
        pair.server.version = GetParam().server;
    }
    Pair pair;
};
INSTANTIATE_TEST_SUITE_P(All, CredSsp, testing::ValuesIn(all_versions()), name_of);

TEST_P(CredSsp, LetsTheUserInAndGivesTheServerItsCredentials) {
    const Exchange run(pair);
    ASSERT_EQ(run.client.progress(), Progress::done) << run.client.failure().reason << run.server.failure().reason;
    ASSERT_EQ(run.server.progress(), Progress::done) << run.server.failure().reason;
    EXPECT_EQ(run.server.credentials(), pair.client.credentials);
    EXPECT_THAT(run.server.user(), HasSubstr("alice"));
    EXPECT_EQ(run.server.peer_version(), GetParam().client);
    EXPECT_EQ(run.client.peer_version(), GetParam().server);
    EXPECT_EQ(run.stages.front(), Stage::nla_negotiate);
    EXPECT_EQ(run.stages.back(), Stage::nla_credentials);
    EXPECT_EQ(run.stages.at(run.stages.size() - 2), Stage::nla_public_key);
    EXPECT_EQ(run.stages.at(run.stages.size() - 3), Stage::nla_authenticate);
}

TEST_P(CredSsp, ToldOfAWrongPasswordWhereTheVersionAllowsIt) {
    pair.client.credentials.password = "wrong";
    const Exchange run(pair);
    EXPECT_EQ(run.server.progress(), Progress::failed);
    EXPECT_EQ(run.server.failure().status, status::logon_failure);
    const auto version = GetParam().client;
    const bool told = version == 3 || version == 4 || version >= 6;
    EXPECT_EQ(run.server.failure().told, told);
    EXPECT_EQ(run.client.failure().told, told);
    EXPECT_EQ(run.client.progress(), told ? Progress::failed : Progress::running);
    EXPECT_EQ(run.client.failure().status, told ? status::logon_failure : 0);
}

TEST_P(CredSsp, FindsTheManInTheMiddleByTheKey) {
    pair.server.public_key.back() ^= 1;
    const Exchange run(pair);
    EXPECT_EQ(run.server.progress(), Progress::failed);
    EXPECT_EQ(run.server.failure().status, status::message_altered);
    EXPECT_FALSE(run.server.failure().told);
    EXPECT_EQ(run.client.progress(), Progress::running);
}

TEST_P(CredSsp, FindsAnEchoOfAnotherKey) {
    pair.server.wrong_public_key = true;
    const Exchange run(pair);
    EXPECT_EQ(run.client.progress(), Progress::failed);
    EXPECT_EQ(run.client.failure().status, status::message_altered);
    EXPECT_EQ(run.client.sent(), Stage::nla_authenticate);  // and no credentials
    EXPECT_EQ(run.server.progress(), Progress::running);
}

TEST(CredSspNtlm, TakesFiveMessages) {
    const Exchange run{Pair()};
    EXPECT_THAT(run.stages, ElementsAre(Stage::nla_negotiate, Stage::nla_challenge, Stage::nla_authenticate,
                                        Stage::nla_public_key, Stage::nla_credentials));
}

TEST(CredSspNtlm, KeepsThePasswordToItself) {
    const Exchange run{Pair()};
    const auto secret = protocol::encoded(Pair().client.credentials);
    for (const auto& message : run.messages)
        EXPECT_EQ(std::search(message.begin(), message.end(), secret.begin(), secret.end()), message.end());
}

TEST(CredSspNtlm, KnowsNobodyElse) {
    Pair pair;
    pair.client.credentials.user = "mallory";
    const Exchange run(pair);
    EXPECT_EQ(run.client.failure().status, status::logon_failure);
    EXPECT_TRUE(run.client.failure().told);
}

TEST(CredSspNtlm, KnowsAnAccountWithoutDomainInAnyDomain) {
    Pair pair;
    for (const auto* domain : {"", "LAB", "ELSEWHERE"}) {
        pair.client.credentials = {domain, "bob", "other"};
        EXPECT_EQ(Exchange(pair).server.progress(), Progress::done) << domain;
    }
}

TEST(CredSspNtlm, KnowsAnAccountInItsDomainOnly) {
    Pair pair;
    pair.client.credentials.domain = "ELSEWHERE";
    EXPECT_EQ(Exchange(pair).client.failure().status, status::logon_failure);
}

TEST(CredSspNtlm, SaysTheErrorItIsToldToSay) {
    Pair pair;
    pair.server.error = 0xC0000234;
    const Exchange run(pair);
    EXPECT_EQ(run.client.failure().status, 0xC0000234);
    EXPECT_TRUE(run.client.failure().told);
    EXPECT_EQ(run.server.failure().status, 0xC0000234);
}

TEST(CredSspNtlm, RefusesAnOldPeer) {
    Pair pair;
    pair.client.min_version = 5;
    pair.server.version = 4;
    EXPECT_EQ(Exchange(pair).client.failure().status, status::unsupported_function);
    Pair other;
    other.server.min_version = 5;
    other.client.version = 4;
    EXPECT_EQ(Exchange(other).client.failure().status, status::unsupported_function);
    EXPECT_EQ(Exchange(other).server.failure().status, status::unsupported_function);
}

TEST(CredSspServer, RefusesFromOutside) {
    const Pair pair;
    CredSspClient client(pair.client);
    CredSspServer server(Exchange::with_credential(pair));
    server.receive(client.start());
    const auto answer = server.reject(0xC0000072, "disabled");
    EXPECT_EQ(server.progress(), Progress::failed);
    client.receive(answer);
    EXPECT_EQ(client.failure().status, 0xC0000072);
}

TEST(CredSspServer, WantsTheVersionToStay) {
    const Pair pair;
    CredSspClient client(pair.client);
    CredSspServer server(Exchange::with_credential(pair));
    auto second = TsRequest::decode(client.receive(server.receive(client.start()))).value();
    second.version = 5;
    server.receive(encoded(second));
    EXPECT_EQ(server.progress(), Progress::failed);
}

// A sealed part that was cut, stretched or bent is never accepted.
TEST(CredSspServer, TakesNoSealedPartThatWasTouched) {
    const Pair pair;
    const auto config = Exchange::with_credential(pair);
    for (const int change : {0, 1, 2, 3}) {
        CredSspClient client(pair.client);
        CredSspServer server(config);
        auto message = TsRequest::decode(client.receive(server.receive(client.start()))).value();
        auto& sealed = *message.public_key;
        if (change == 0) sealed.resize(15);
        if (change == 1) sealed.resize(16);
        if (change == 2) sealed.push_back(0);
        if (change == 3) sealed.back() ^= 1;
        EXPECT_TRUE(server.receive(encoded(message)).empty());
        EXPECT_EQ(server.failure().status, status::message_altered) << change;
    }
}

// Every message of a good run, cut to every length and with every byte changed: an end, and nothing worse.
TEST(CredSspHostile, MessagesThatAreNotWhole) {
    for (const auto package : {Package::ntlm, Package::negotiate}) {
        Pair pair;
        pair.client.package = package;
        const auto config = Exchange::with_credential(pair);
        const Exchange good(pair.client, config);
        for (std::size_t which = 0; which < good.messages.size(); ++which) {
            const auto& whole = good.messages[which];
            const auto feed = [&](ByteView hostile) {
                CredSspClient client(pair.client);
                CredSspServer server(config);
                auto message = client.start();
                for (std::size_t i = 0; i < which; ++i)
                    message = i % 2 == 0 ? server.receive(message) : client.receive(message);
                if (which % 2 == 0) {
                    server.receive(hostile);
                    EXPECT_NE(server.progress(), Progress::done);
                } else {
                    client.receive(hostile);
                    EXPECT_NE(client.progress(), Progress::done);
                }
            };
            for (std::size_t size = 0; size < whole.size(); size += 7)
                feed(ByteView(whole).first(size));
            // Replayed into another run, too: the keys are others.
            for (std::size_t at = 0; at < whole.size(); at += 5) {
                auto bent = whole;
                bent[at] ^= 0x55;
                feed(bent);
            }
        }
    }
}

}  // namespace
}  // namespace rdpfault::nla
