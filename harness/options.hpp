// What the command line asks for. One struct a command; `int command(options)` returns the exit status: 0 as wished,
// 1 something failed, 2 the call or a scenario file is wrong, 3 something was inconclusive or did not fire.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/probe_config.hpp"
#include "harness/scenario.hpp"
#include "server/config.hpp"

namespace rdpfault::harness {

struct Endpoint {
    std::string host;  // a name or an address, IPv6 without brackets
    std::uint16_t port = 3389;
};
std::string to_string(const Endpoint& endpoint);  // "lab:3389", "[::1]:3389"
// "HOST", "HOST:PORT", "[ADDRESS]:PORT", a bare IPv6 address; nullopt for anything else.
std::optional<Endpoint> endpoint_from_string(std::string_view text, std::uint16_t default_port = 3389);
// The same for a place to listen at: port 0 takes a free one.
std::optional<Endpoint> listen_endpoint_from_string(std::string_view text, std::uint16_t default_port);

enum class Format : std::uint8_t { table, plain, json };  // default: table on a terminal, plain otherwise
enum class Color : std::uint8_t { automatic, always, never };

struct OutputOptions {
    std::optional<Format> format;
    Color color = Color::automatic;
};

struct Credentials {
    std::string user;
    std::string domain;
    std::string password;  // from RDPFAULT_PASSWORD or --password-file, never from the command line
};

// For proxies that end TLS.
struct InterceptOptions {
    std::string key_log;  // file that gets the TLS secrets of both legs (NSS key log, mode 0600); empty: none
    std::string server_certificate;  // PEM, of the server named; empty: not known
    std::string server_key;
};

struct RunOptions {
    std::vector<std::string> paths;
    std::optional<Endpoint> server;    // nullopt: the embedded one
    std::optional<ClientKind> client;  // nullopt: as each scenario says
    std::vector<std::string> command;  // of ClientKind::command, and extra arguments of xfreerdp
    Credentials credentials;
    std::uint32_t jobs = 0;             // 0: four a core with the probe, one with a real client
    std::optional<std::uint64_t> seed;  // instead of the scenarios'
    std::optional<Repeat> repeat;       // instead of the scenarios'
    std::vector<std::string> arms;      // "control", "fault", "fix", "fault:ID", "fix:ID"; empty: all
    std::optional<std::chrono::milliseconds> timeout;
    std::string out = "rdpfault-report";  // folder
    std::string calibration;              // file with measured codes; empty: none
    bool capture = false;                 // keep the packets of emulated links
    InterceptOptions intercept;
    OutputOptions output;
    bool quiet = false;  // no progress
};
int run_command(const RunOptions& options);

struct CalibrateOptions {
    std::string events;                   // what wevtutil printed
    std::vector<std::string> results;     // of the proxy: results.json, or their folders
    std::string codes;                    // file with pairs that mstsc told; empty: none
    std::chrono::milliseconds offset{0};  // how far the Windows clock is ahead
    std::string add;                      // an earlier calibration to begin with; empty: none
    std::string out = "calibration.json";
};
int calibrate_command(const CalibrateOptions& options);

struct EvidenceOptions {
    std::vector<std::string> reports;  // "xfreerdp/xrdp=report"
    std::string against;               // a table to compare with; empty: one is written
    bool strict = false;               // races count too
    std::string add;                   // an earlier table, for peers that were not run now; empty: none
    std::string out = ".";             // folder for evidence.json and evidence.md
};
int evidence_command(const EvidenceOptions& options);

enum class CompareFormat : std::uint8_t { table, plain, json, markdown };
struct CompareOptions {
    std::string before, after;  // results.json, or the folder that it lies in
    CompareFormat format = CompareFormat::table;
    std::string junit;  // file to write; empty: none
    double confidence = 0.95;
};
int compare_command(const CompareOptions& options);

struct BisectOptions {
    std::string scenario;   // path
    std::string vary;       // "network.loss=0%..40%"
    std::string precision;  // empty: vary.hpp
    std::string arm = "fault";
    bool as_expected = false;             // asks for what the arm expects; else whether the client connects
    double confidence = 0.95;             // at each value
    std::optional<std::uint32_t> repeat;  // most runs at a value; unset: 1, or 64 where chance has a say
    RunOptions run;                       // server, client, seed, time-out, jobs; the rest is not used
    std::string out;                      // file for the result as JSON; empty: none
    OutputOptions output;
};
int bisect_command(const BisectOptions& options);

struct MinimizeOptions {
    std::string scenario;  // path
    std::string arm = "fault";
    std::optional<std::uint32_t> repeat;  // unset: 1, or 20 where chance has a say
    RunOptions run;                       // as in BisectOptions
    std::string out;                      // file for the minimal scenario; empty: none
    OutputOptions output;
};
int minimize_command(const MinimizeOptions& options);

struct ProxyOptions {
    std::string scenario;  // path
    std::string arm = "fault";
    Endpoint server;
    Endpoint listen{"127.0.0.1", 33890};
    std::optional<std::uint64_t> seed;
    std::string log;  // decision log to write; empty: none
    std::string out;  // folder for a report of what the proxy saw; empty: none
    Credentials credentials;
    InterceptOptions intercept;
    OutputOptions output;
};
int proxy_command(const ProxyOptions& options);

struct ProbeOptions {
    Endpoint server;
    client::ProbeConfig config;
    OutputOptions output;
};
int probe_command(const ProbeOptions& options);

struct ServeOptions {
    Endpoint listen{"127.0.0.1", 3389};
    server::Config config;
    std::string scenario;  // take `server:` from this file; empty: none
    std::string key_log;   // file that gets the TLS secrets (NSS key log, mode 0600), to decrypt a capture; empty: none
    OutputOptions output;
};
int serve_command(const ServeOptions& options);

struct LinkOptions {
    std::string network;             // path of a file with what stands under `network:` in a scenario
    std::optional<Endpoint> server;  // what {host} and {port} of the command stand for
    std::vector<std::string> command;
    std::optional<std::uint64_t> seed;
    bool quiet = false;  // nothing is said of the link afterwards
};
int link_command(const LinkOptions& options);

struct DiagnoseOptions {
    std::vector<std::string> files;      // results.json of a run, or captures
    std::string key_log;                 // TLS secrets (NSS key log); empty: those in the captures
    std::set<std::uint16_t> ports;       // of RDP servers; empty: 3389, and whoever begins as RDP does
    bool any_port = false;               // every TCP connection is taken for RDP
    std::vector<std::string> scenarios;  // where to look for what to run next; empty: ./scenarios
    OutputOptions output;
};
int diagnose_command(const DiagnoseOptions& options);

struct CheckOptions {
    std::vector<std::string> paths;
    OutputOptions output;
};
int check_command(const CheckOptions& options);

}  // namespace rdpfault::harness
