// What the embedded server tells of a connection: events as they happen, and a report when it is over.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/ending.hpp"
#include "protocol/stage.hpp"
#include "protocol/tls/engine.hpp"

namespace rdpfault::server {

// Since the connection was accepted.
using Time = std::chrono::microseconds;

struct StageTime {
    Stage stage{};
    Time at{0};
};

struct Event {
    Time at{0};
    std::optional<Stage> stage;  // completed for the first time; unset: `text` says what happened
    std::string text;
};

// How NLA went; unset in the report where it was not selected.
struct NlaReport {
    std::string user;           // once known, as the security package writes it
    std::uint32_t version = 0;  // of CredSSP, as the client claims
    bool accepted = false;      // the client is known, and has given its credentials
    bool told = false;          // why not
    bool wrong_key_sent = false;
};

struct SessionReport {
    std::vector<StageTime> stages;  // in the order the server read or wrote them
    Stage furthest = Stage::tcp_connect;
    bool session_up = false;
    Ending ending;           // kind none while it lasts
    Side by = Side::server;  // who ended it
    Time duration{0};
    std::uint32_t requested_protocols = 0;  // of the negotiation request
    std::optional<tls::NegotiatedTls> tls;
    std::optional<NlaReport> nla;
    std::string client_name;  // as the client says, not to be trusted
    std::uint16_t width = 0;  // of the desktop, once demanded
    std::uint16_t height = 0;
    std::uint16_t bits_per_pixel = 0;
    std::uint32_t inputs = 0;  // events of mouse and keyboard received
};

}  // namespace rdpfault::server
