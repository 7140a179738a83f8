// What outside scanners find on the proxy: the versions and suites that the scenario allows, and through a proxy that
// only passes on, what they find without it.
//
// sslscan speaks the RDP preamble itself and judges every combination. nmap's ssl-enum-ciphers does not (its list of
// protocols that start TLS late has no RDP), so the test says X.224 for it. rdp-enum-encryption knows no TLS version or
// suite, only what the negotiation and the Connect Response inside TLS say.
#include <gmock/gmock.h>

#include <map>
#include <regex>
#include <set>

#include "tests/peers/support/rdpfault.hpp"
#include "tests/peers/support/servers.hpp"
#include "tests/peers/support/x224_preamble.hpp"

namespace rdpfault::peers {
namespace {

// "TLSv1.2 AES256-SHA", as sslscan says it.
using Offers = std::set<std::string>;

struct Combination {
    const char* name;
    const char* client_tls;
    Offers offers;
    // ssl-enum-ciphers takes a second where sslscan takes a tenth of one.
    bool nmap = false;
};

std::ostream& operator<<(std::ostream& out, const Combination& combination) {
    return out << combination.client_tls;
}

std::string intercept(const std::string& client_tls) {
    return "{ mode: intercept, client_tls: " + client_tls + " }";
}

Offers versions_of(const Offers& offers) {
    Offers versions;
    for (const auto& offer : offers)
        versions.insert(offer.substr(0, offer.find(' ')));
    return versions;
}

// All matches of a pattern with two groups, "ONE TWO".
Offers pairs(const std::string& text, const std::regex& pattern) {
    Offers found;
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
        found.insert((*at)[1].str() + " " + (*at)[2].str());
    return found;
}

struct Scanner : testing::Test {
    std::string sslscan(std::uint16_t port, const std::vector<std::string>& options = {}) {
        std::vector<std::string> command{"sslscan", "--rdp", "--no-colour", "--timeout=10", "--xml=-"};
        command.insert(command.end(), options.begin(), options.end());
        command.push_back(loopback(port));
        return run(command, folder / "sslscan.log", {}, seconds(60));
    }
    // What a script of nmap says of the port. The tables of its XML come in another order each time; the text does not.
    std::string nmap(std::uint16_t port, const std::string& script) {
        const auto xml = run(
            {"nmap", "-Pn", "-n", "-sT", "-p", std::to_string(port), "--script", "+" + script, "-oX", "-", "127.0.0.1"},
            folder / "nmap.log", {}, seconds(60));
        std::smatch found;
        const std::regex output("<script id=\"" + script + "\" output=\"([^\"]*)\"");
        EXPECT_TRUE(std::regex_search(xml, found, output)) << xml;
        return found[1];
    }
    TempDir folder;
};

struct Combinations : Scanner, testing::WithParamInterface<Combination> {};

// What ssl-enum-ciphers found, in the words of sslscan.
Offers offers_of_nmap(const std::string& script) {
    static const std::map<std::string, std::string> names{
        {"TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA"},
        {"TLS_RSA_WITH_AES_256_CBC_SHA", "AES256-SHA"},
        {"TLS_RSA_WITH_AES_256_GCM_SHA384", "AES256-GCM-SHA384"},
        {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"},
        {"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"},
        {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"},
        {"TLS_AKE_WITH_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"},
        {"TLS_AKE_WITH_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"},
    };
    Offers offers;
    std::string version;
    const std::regex line("&#xa; +(?:((?:TLS|SSL)v[0-9.]+):|(TLS_\\w+) \\()");
    for (std::sregex_iterator at(script.begin(), script.end(), line), end; at != end; ++at) {
        if ((*at)[1].matched) version = (*at)[1];
        if (!(*at)[2].matched) continue;
        const auto known = names.find((*at)[2]);
        offers.insert(version + " " + (known == names.end() ? (*at)[2].str() : known->second));
    }
    return offers;
}

TEST_P(Combinations, AreSeenAsTheScenarioAllows) {
    const Serve server;
    const Proxy proxy(server.port(), intercept(GetParam().client_tls));
    const auto xml = sslscan(proxy.port(), {"--no-check-certificate", "--no-compression", "--no-fallback",
                                            "--no-groups", "--no-heartbleed", "--no-renegotiation"});
    EXPECT_EQ(pairs(xml, std::regex("<cipher .*sslversion=\"([^\"]+)\".* cipher=\"([^\"]+)\"")), GetParam().offers)
        << xml << proxy.log();
    Offers versions;
    for (const auto& version : pairs(xml, std::regex("<protocol type=\"(\\w+)\" version=\"([^\"]+)\" enabled=\"1\"")))
        versions.insert("TLSv" + version.substr(version.find(' ') + 1));
    EXPECT_EQ(versions, versions_of(GetParam().offers)) << xml;

    if (!GetParam().nmap) return;
    const X224Preamble preamble(proxy.port());
    const auto script = nmap(preamble.port(), "ssl-enum-ciphers");
    EXPECT_EQ(offers_of_nmap(script), GetParam().offers) << script << proxy.log();
}

INSTANTIATE_TEST_SUITE_P(
    Scanner, Combinations,
    testing::Values(
        Combination{"Tls10", R"({ min: "1.0", max: "1.0", ciphers: "AES128-SHA" })", {"TLSv1.0 AES128-SHA"}},
        Combination{"Tls11",
                    R"({ min: "1.1", max: "1.1", ciphers: "ECDHE-RSA-AES256-SHA" })",
                    {"TLSv1.1 ECDHE-RSA-AES256-SHA"}},
        Combination{"Tls10And11",
                    R"({ min: "1.0", max: "1.1", ciphers: "ECDHE-RSA-AES128-SHA:AES256-SHA" })",
                    {"TLSv1.0 ECDHE-RSA-AES128-SHA", "TLSv1.0 AES256-SHA", "TLSv1.1 ECDHE-RSA-AES128-SHA",
                     "TLSv1.1 AES256-SHA"},
                    true},
        Combination{"Tls12Gcm",
                    R"({ min: "1.2", max: "1.2", ciphers: "ECDHE-RSA-AES128-GCM-SHA256" })",
                    {"TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256"}},
        Combination{"Tls12WithoutForwardSecrecy",
                    R"({ min: "1.2", max: "1.2", ciphers: "AES256-GCM-SHA384:AES128-SHA256" })",
                    {"TLSv1.2 AES256-GCM-SHA384", "TLSv1.2 AES128-SHA256"}},
        Combination{"Tls12ChaCha",
                    R"({ min: "1.2", max: "1.2", ciphers: "ECDHE-RSA-CHACHA20-POLY1305" })",
                    {"TLSv1.2 ECDHE-RSA-CHACHA20-POLY1305"}},
        Combination{"Tls11And12",
                    R"({ min: "1.1", max: "1.2", ciphers: "AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256" })",
                    {"TLSv1.1 AES128-SHA", "TLSv1.2 AES128-SHA", "TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256"}},
        Combination{"Tls13Aes256",
                    R"({ min: "1.3", max: "1.3", ciphersuites: TLS_AES_256_GCM_SHA384 })",
                    {"TLSv1.3 TLS_AES_256_GCM_SHA384"}},
        Combination{"Tls13TwoSuites",
                    R"({ min: "1.3", ciphersuites: "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256" })",
                    {"TLSv1.3 TLS_CHACHA20_POLY1305_SHA256", "TLSv1.3 TLS_AES_128_GCM_SHA256"}},
        Combination{
            "Tls12And13",
            R"({ ciphers: "ECDHE-RSA-AES128-GCM-SHA256:AES256-GCM-SHA384", )"
            R"(ciphersuites: TLS_AES_128_GCM_SHA256 })",
            {"TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256", "TLSv1.2 AES256-GCM-SHA384", "TLSv1.3 TLS_AES_128_GCM_SHA256"},
            true},
        Combination{
            "Tls10To13",
            R"({ min: "1.0", ciphers: "AES128-SHA", ciphersuites: TLS_AES_256_GCM_SHA384 })",
            {"TLSv1.0 AES128-SHA", "TLSv1.1 AES128-SHA", "TLSv1.2 AES128-SHA", "TLSv1.3 TLS_AES_256_GCM_SHA384"}}),
    [](const auto& one) { return one.param.name; });

// All that sslscan can find out: also groups, the certificate, renegotiation. Only the port is another.
std::string without_port(const std::string& xml) {
    return std::regex_replace(xml, std::regex(" port=\"[0-9]+\""), "");
}

TEST_F(Scanner, SeesXrdpThroughThePassThroughAsWithoutIt) {
    const Xrdp server;
    const Proxy proxy(server.port(), "{ mode: pass-through }");
    const auto direct = without_port(sslscan(server.port()));
    EXPECT_THAT(direct, testing::HasSubstr("TLSv1.3"));
    EXPECT_EQ(without_port(sslscan(proxy.port())), direct);
}

TEST_F(Scanner, SeesOldTlsThroughThePassThroughAsWithoutIt) {
    const Serve server({"--tls-min", "1.0", "--tls-max", "1.1"});
    const Proxy proxy(server.port(), "{ mode: pass-through }");
    const auto direct = without_port(sslscan(server.port()));
    EXPECT_THAT(direct, testing::HasSubstr("TLSv1.1"));
    EXPECT_EQ(without_port(sslscan(proxy.port())), direct);
}

TEST_F(Scanner, NmapSeesTheSuitesThroughThePassThroughAsWithoutIt) {
    const Serve server({"--tls-min", "1.1", "--tls-max", "1.2"});
    const Proxy proxy(server.port(), "{ mode: pass-through }");
    const X224Preamble direct(server.port());
    const X224Preamble passed(proxy.port());
    const auto seen = nmap(direct.port(), "ssl-enum-ciphers");
    EXPECT_THAT(versions_of(offers_of_nmap(seen)), testing::ElementsAre("TLSv1.1", "TLSv1.2")) << seen;
    EXPECT_EQ(nmap(passed.port(), "ssl-enum-ciphers"), seen);
}

// A server that takes NLA alone refuses TLS, natively as through either kind of proxy.
TEST_F(Scanner, NmapSeesTheNegotiationAsWithoutTheProxy) {
    const Serve tls;
    write_file(folder / "password", "secret\n");
    const Serve nla({"--security", "nla", "--user", "alice", "--password-file", folder / "password"});
    const auto with_tls = nmap(tls.port(), "rdp-enum-encryption");
    const auto with_nla = nmap(nla.port(), "rdp-enum-encryption");
    EXPECT_THAT(with_tls, testing::HasSubstr("SSL: SUCCESS"));
    EXPECT_THAT(with_nla, testing::Not(testing::HasSubstr("SSL: SUCCESS")));
    EXPECT_EQ(nmap(Proxy(tls.port(), "{ mode: pass-through }").port(), "rdp-enum-encryption"), with_tls);
    EXPECT_EQ(nmap(Proxy(tls.port(), "{ mode: intercept }").port(), "rdp-enum-encryption"), with_tls);
    EXPECT_EQ(nmap(Proxy(nla.port(), "{ mode: intercept }").port(), "rdp-enum-encryption"), with_nla);
}

}  // namespace
}  // namespace rdpfault::peers
