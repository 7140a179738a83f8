// The key log of an intercepting proxy: with it, an independent dissector reads both legs, and finds nothing that is
// malformed in what the proxy has encrypted anew.
#include <gmock/gmock.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "protocol/tls/load_credential.hpp"
#include "server/listener.hpp"
#include "tests/peers/support/capture.hpp"
#include "tests/peers/support/certificate.hpp"
#include "tests/peers/support/clients.hpp"
#include "tests/peers/support/rdpfault.hpp"
#include "tests/peers/support/servers.hpp"

namespace rdpfault::peers {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

// Both legs of one proxy.
struct Legs {
    Legs(const Proxy& proxy, std::uint16_t server_port)
        : client(proxy.port()), server(server_port), keys(proxy.key_log()) {}

    void stop(std::size_t frames) {
        client.stop(frames);
        server.stop(frames);
    }
    // Of each leg, with the key log or without.
    std::array<Lines, 2> frames(const std::string& filter, const std::string& field = "_ws.col.Info",
                                bool decrypted = true) {
        const auto log = decrypted ? keys : std::filesystem::path();
        return {client.frames(filter, {field}, true, log), server.frames(filter, {field}, true, log)};
    }

    Capture client;
    Capture server;
    std::filesystem::path keys;
};

nlohmann::json probe(std::uint16_t port, const TempDir& folder, const std::vector<std::string>& options = {}) {
    std::vector<std::string> arguments{"probe", loopback(port), "--format", "json", "--linger", "300ms"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const auto outcome = rdpfault(arguments, folder);
    EXPECT_EQ(outcome.exit, (Exit{0, std::nullopt})) << outcome.output << outcome.errors;
    return nlohmann::json::parse(outcome.output);
}

// tshark 4.0 calls every Client Info malformed, that of xfreerdp too.
void expect_nothing_malformed(Legs& legs) {
    for (const auto& leg : legs.frames("_ws.malformed || _ws.unreassembled"))
        EXPECT_THAT(leg, Each(HasSubstr("ClientInfo")));
}

void expect_session(Legs& legs) {
    for (const auto& leg : legs.frames("rdp")) {
        EXPECT_THAT(leg, Contains(HasSubstr("ClientInfo")));
        EXPECT_THAT(leg, Contains(HasSubstr("FontMap")));
    }
    for (const auto& leg : legs.frames("t125", "frame.protocols"))
        EXPECT_THAT(leg, Contains(HasSubstr("tls:tpkt:cotp:t125")));
    // It takes the key log.
    for (const auto& leg : legs.frames("rdp", "_ws.col.Info", false))
        EXPECT_THAT(leg, IsEmpty());
}

struct KeyLog : testing::Test {
    TempDir folder;
};

struct KeyLogOfVersion : KeyLog, testing::WithParamInterface<const char*> {};

// Each version has secrets of its own kind, and the two legs need not have the same.
TEST_P(KeyLogOfVersion, OpensBothLegsToTshark) {
    const std::string version = GetParam();
    const Serve server;
    Proxy proxy(server.port(), R"({ mode: intercept, client_tls: { max: "1.2" }, server_tls: { min: ")" + version +
                                   R"(", max: ")" + version + R"(" } })");
    Legs legs(proxy, server.port());
    EXPECT_EQ(probe(proxy.port(), folder).at("connections").at(0).at("tls").at("version"), "1.2");
    legs.stop(30);
    expect_session(legs);
    expect_nothing_malformed(legs);
}

INSTANTIATE_TEST_SUITE_P(, KeyLogOfVersion, testing::Values("1.2", "1.3"),
                         [](const auto& one) { return one.param == std::string("1.2") ? "Tls12" : "Tls13"; });

TEST_F(KeyLog, OpensASessionBetweenXfreerdpAndXrdp) {
    const Xrdp server;
    Proxy proxy(server.port(), "{ mode: intercept }");
    Legs legs(proxy, server.port());
    {
        Xfreerdp client(proxy.port(), {"+auth-only"});
        EXPECT_EQ(client.process().wait(seconds(30)), (Exit{0, std::nullopt})) << client.log() << proxy.log();
    }
    legs.stop(30);
    expect_session(legs);
    expect_nothing_malformed(legs);
}

// The embedded server with a key that the proxy knows.
class NlaServer {
  public:
    explicit NlaServer(const CertificateFiles& files) {
        server::Config config;
        config.security = server::Security::nla;
        config.users = {{"alice", "LAB", "secret"}};
        auto credential = tls::load_credential(read_file(files.certificate), read_file(files.key));
        if (!credential) throw std::runtime_error(credential.error());
        listener_.emplace(io_, config, std::make_shared<const tls::Credential>(std::move(*credential)),
                          boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
        thread_ = std::thread([this] { io_.run(); });
    }
    ~NlaServer() {
        io_.stop();
        thread_.join();
    }
    NlaServer(const NlaServer&) = delete;
    NlaServer& operator=(const NlaServer&) = delete;

    std::uint16_t port() const { return listener_->port(); }

  private:
    boost::asio::io_context io_{1};
    std::optional<server::Listener> listener_;
    std::thread thread_;
};

TEST_F(KeyLog, OpensCredSspToTshark) {
    const auto files = make_certificate(folder);
    const NlaServer server(files);
    Proxy proxy(server.port(), "{ mode: intercept, nla: server-key }",
                {"--server-certificate", files.certificate, "--server-key", files.key});
    Legs legs(proxy, server.port());
    write_file(folder / "password", "secret\n");
    probe(proxy.port(), folder,
          {"--security", "nla", "--user", "alice", "--domain", "LAB", "--password-file", folder / "password"});
    legs.stop(30);
    for (const auto& leg : legs.frames("credssp")) {
        EXPECT_THAT(leg, Contains(HasSubstr("NTLMSSP_NEGOTIATE")));
        EXPECT_THAT(leg, Contains(HasSubstr("NTLMSSP_CHALLENGE")));
        EXPECT_THAT(leg, Contains(HasSubstr("NTLMSSP_AUTH, User: LAB\\alice")));
    }
    // One each: the two public keys, the credentials.
    for (const auto& leg : legs.frames("credssp.pubKeyAuth || credssp.authInfo", "credssp.pubKeyAuth"))
        EXPECT_THAT(leg, testing::SizeIs(3));
    expect_session(legs);
    expect_nothing_malformed(legs);
}

}  // namespace
}  // namespace rdpfault::peers
