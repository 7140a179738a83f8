#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/probe_command.hpp"

namespace rdpfault::harness {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

client::ConnectionReport reset_at_client_hello() {
    client::ConnectionReport connection;
    connection.connected = true;
    connection.stages = {{Stage::tcp_connect, 500us}, {Stage::x224_confirm, 3766us}, {Stage::tls_client_hello, 3900us}};
    connection.furthest = Stage::tls_client_hello;
    connection.ended_in = Stage::tls_server_hello;
    connection.ending.kind = EndKind::reset;
    connection.ending.system_error = ECONNRESET;
    connection.duration = 4ms;
    connection.selected_protocol = 1;
    connection.bytes_sent = 400;
    connection.bytes_received = 19;
    return connection;
}

client::ConnectionReport good() {
    auto connection = reset_at_client_hello();
    connection.session_up = true;
    connection.furthest = connection.ended_in = Stage::rdp_disconnect;
    connection.ending = {};
    connection.ending.kind = EndKind::orderly;
    tls::NegotiatedTls tls{tls::Version::tls1_3, "TLS_AES_256_GCM_SHA384", "x25519", tls::CertificateFacts{}};
    tls.peer_certificate->subject = tls.peer_certificate->issuer = "CN=lab";
    tls.peer_certificate->names = {"lab.example", "192.0.2.1"};
    connection.tls = tls;
    return connection;
}

TEST(ProbeReport, TextNamesStageEndingAndMstscsPair) {
    const auto text = render_text({{reset_at_client_hello()}}, false);
    EXPECT_THAT(text, HasSubstr("3.766 ms  x224.confirm\n"));
    EXPECT_THAT(text, HasSubstr("reset while waiting for tls.server_hello, after 4.000 ms\n"));
    EXPECT_THAT(text, HasSubstr("security     TLS\n"));
    EXPECT_THAT(text, HasSubstr("400 sent, 19 received\n"));
    EXPECT_THAT(text, HasSubstr("0x904/0x7"));
    EXPECT_THAT(text, HasSubstr("not reached"));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(ProbeReport, TextOfASessionShowsTheCertificateAndPredictsNothing) {
    const auto text = render_text({{good()}}, false);
    EXPECT_THAT(text, HasSubstr("1.3, TLS_AES_256_GCM_SHA384, group x25519\n"));
    EXPECT_THAT(text, HasSubstr("CN=lab, self-signed\n"));
    EXPECT_THAT(text, HasSubstr("for lab.example, 192.0.2.1\n"));
    EXPECT_THAT(text, Not(HasSubstr("mstsc")));
}

TEST(ProbeReport, SeveralConnectionsAreCounted) {
    const auto text = render_text({{reset_at_client_hello(), good()}}, false);
    EXPECT_THAT(text, HasSubstr("connection 1 of 2\n"));
    EXPECT_THAT(text, HasSubstr("connection 2 of 2\n"));
}

TEST(ProbeReport, ColorIsOnRequest) {
    EXPECT_THAT(render_text({{good()}}, true), HasSubstr("\x1b[32mup\x1b[0m"));
}

TEST(ProbeReport, JsonHoldsTheSameFacts) {
    const auto json = to_json({{reset_at_client_hello(), good()}});
    EXPECT_TRUE(json["worked"]);
    const auto& first = json["connections"][0];
    EXPECT_EQ(first["ending"]["kind"], "reset");
    EXPECT_EQ(first["ending"]["errno"], ECONNRESET);
    EXPECT_EQ(first["waiting_for"], "tls.server_hello");
    EXPECT_EQ(first["mstsc"]["pair"], "0x904/0x7");
    EXPECT_FALSE(first["mstsc"]["sources"].empty());
    EXPECT_EQ(first["stages"][1]["t_us"], 3766);
    EXPECT_TRUE(first["tls"].is_null());
    const auto& second = json["connections"][1];
    EXPECT_TRUE(second["mstsc"].is_null());
    EXPECT_EQ(second["tls"]["certificate"]["names"][1], "192.0.2.1");
}

TEST(ProbeReport, AMalformedEndingSaysWhere) {
    auto connection = reset_at_client_hello();
    connection.ending = {};
    connection.ending.kind = EndKind::malformed;
    connection.ending.offset = 12;
    connection.ending.detail = "TPKT version";
    EXPECT_EQ(to_json({{connection}})["connections"][0]["ending"]["offset"], 12);
    EXPECT_THAT(render_text({{connection}}, false), HasSubstr("malformed at byte 12"));
    EXPECT_THAT(render_text({{connection}}, false), HasSubstr("TPKT version\n"));
}

TEST(ProbeReport, NegotiationThatNeverHappenedIsNotReported) {
    client::ConnectionReport connection;
    connection.ending.kind = EndKind::refused;
    EXPECT_THAT(render_text({{connection}}, false), Not(HasSubstr("security")));
    EXPECT_TRUE(to_json({{connection}})["connections"][0]["selected_protocol"].is_null());
}

}  // namespace
}  // namespace rdpfault::harness
