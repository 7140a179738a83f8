// What the probe is asked to do, and what it reports. Filled from the `client:` part of a scenario and the command
// line.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/ending.hpp"
#include "protocol/nla/security_context.hpp"
#include "protocol/stage.hpp"
#include "protocol/tls/engine.hpp"
#include "protocol/tls/verify.hpp"

namespace rdpfault::client {

// How the probe speaks NLA (MS-CSSP) where it offers it and the server selects it.
struct NlaConfig {
    nla::Package package = nla::Package::ntlm;
    std::uint32_t version = 6;      // of CredSSP, claimed: 2 to 6
    std::uint32_t min_version = 2;  // a server of an older one is refused
    bool required = false;          // refuse a server that selects TLS alone
};

// A name server to ask instead of the system's resolver. The defaults are those of the C library (resolv.conf(5)).
struct NameServer {
    std::string address;  // IPv4 or IPv6
    std::uint16_t port = 53;
    std::chrono::milliseconds timeout{5'000};
    unsigned attempts = 2;
    std::function<int(int family)> make_socket;  // a UDP socket of another network, as ProbeConfig::make_socket
};

struct ProbeConfig {
    std::string user = "rdpfault";  // goes into the X.224 cookie and the Client Info PDU
    std::string domain;
    std::string password;
    // RDP_NEG_REQ bits (MS-RDPBCGR 2.2.1.1.1): 1 TLS, 2 HYBRID (NLA), 8 HYBRID_EX.
    std::uint32_t requested_protocols = 1;
    NlaConfig nla;
    tls::Version tls_min = tls::Version::tls1_2;
    tls::Version tls_max = tls::Version::tls1_3;
    std::string tls_ciphers;
    std::string tls_ciphersuites;  // TLS 1.3
    // The certificate is checked against this, and the connection closed when something is wrong with it; null: any
    // will do.
    std::shared_ptr<const tls::Trust> trust;
    // Gets each line of the NSS key log format, for a capture that is to be read; unset: secrets stay where they are.
    std::function<void(std::string_view)> key_log;
    // A TCP socket of this family, made elsewhere than in this process's own network; -1, with errno, when there can be
    // none. Unset: of our own network.
    std::function<int(int family)> make_socket;
    std::optional<NameServer> name_server;  // unset: the system's resolver
    std::string server_name;                // SNI; empty: the host name when it is not an address
    std::vector<std::string> channels;  // static virtual channels to ask for (at most 7 ASCII characters each); joined,
                                        // their data is ignored
    bool auto_detect = false;           // offer network auto-detection, and answer it
    std::uint16_t width = 1024;
    std::uint16_t height = 768;
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds stage_timeout{10'000};     // longest silence in any stage before the session is up
    std::chrono::milliseconds overall_timeout{120'000};  // of everything before the session is up
    std::chrono::milliseconds linger{0};  // stay this long in the active session, then disconnect in order
    std::uint32_t reconnects = 0;  // how many more connections an attempt makes after one ends before the session is
                                   // up, or in it; mstsc dials several times
};

// What is known of NLA once the server has answered it.
struct NlaFacts {
    nla::Package package{};
    std::uint32_t version = 0;  // CredSSP, the older of both sides'
    bool accepted = false;      // the server proved that it knows the account, and got the credentials
};

struct StageTime {
    Stage stage{};
    std::chrono::microseconds at{0};  // since the TCP connect was begun
};

// One TCP connection of an attempt.
struct ConnectionReport {
    std::vector<StageTime> stages;  // in the order completed, as the probe saw or sent them
    Stage furthest = Stage::tcp_connect;
    bool connected = false;   // TCP
    bool session_up = false;  // reached the active session
    Ending ending;
    Stage ended_in = Stage::tcp_connect;  // the stage it was waiting for when it ended
    std::chrono::microseconds duration{0};
    std::uint32_t selected_protocol = 0;  // from the RDP_NEG_RSP
    std::optional<tls::NegotiatedTls> tls;
    std::optional<NlaFacts> nla;
    std::uint64_t bytes_sent = 0;  // on the wire
    std::uint64_t bytes_received = 0;
    std::uint32_t updates = 0;  // graphics updates received while lingering
};

// One attempt: what a user would call "I clicked Connect".
struct ProbeReport {
    std::vector<ConnectionReport> connections;
    bool session_up() const { return !connections.empty() && connections.back().session_up; }
    bool worked() const { return session_up() && connections.back().ending.kind == EndKind::orderly; }
};

}  // namespace rdpfault::client
