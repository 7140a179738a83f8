// What happened to one proxied connection, in order: the proxy's testimony, for the log, the report and the verdict.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/ending.hpp"
#include "protocol/stage.hpp"
#include "proxy/segment.hpp"
#include "proxy/tcp_facts.hpp"

namespace rdpfault::proxy {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;  // injected; nothing above the drivers reads the clock

struct Event {
    enum class Kind : std::uint8_t {
        accepted,  // text = the client's address
        server_connected,
        server_failed,        // the server leg could not be opened: ending
        stage,                // stage, direction, nth, offset = end of the unit in its stream
        alert,                // plaintext TLS alert seen: code, direction
        negotiation_failure,  // seen: code
        error_info,           // Set Error Info seen: code (decrypted)
        disconnect,           // Disconnect Provider Ultimatum seen: code = reason (decrypted)
        license_error,        // licensing error alert seen: code (decrypted)
        tls_begun,            // the proxy has begun TLS of its own with `side`: text = how it is set up
        note,                 // text: what the proxy itself decided
        credssp_error,        // seen: code = NTSTATUS
        garbage,              // text: what was expected; offset
        fault,                // fired: fault id, action, stage, direction, offset
        draw,                 // a random decision: fault id, text
        effect,     // a fault's action has been carried out on a leg: side, text ("reset: 0 bytes undelivered")
        tcp,        // side, tcp: packets were sent again since it was last told; and before the leg ended
        leg_ended,  // side, ending, by, offset: the length of the peer's stream, or, by us, how much was passed on
    };
    Kind kind{};
    Time time{};
    std::uint32_t connection = 0;  // ordinal, from 1
    Segment segment = Segment::client_wire;
    std::optional<Stage> stage;
    std::optional<Direction> direction;
    std::optional<Side> side;
    std::uint32_t nth = 0;
    std::uint64_t offset = 0;
    std::uint32_t code = 0;
    std::string fault;
    std::string action;
    Ending ending;
    bool by_proxy = false;  // leg_ended: our own doing, not the peer's
    std::string text;
    std::optional<TcpFacts> tcp;
};

std::string_view to_string(Event::Kind kind);

// How one leg of a connection ended, and whose doing it was.
struct LegEnd {
    bool by_proxy = false;
    Ending ending;
    Time time{};
    std::uint64_t bytes_read = 0;     // from that side
    std::uint64_t bytes_written = 0;  // to that side, given to its socket
    std::uint64_t undelivered = 0;    // of those, not acknowledged by the peer's kernel when the leg was closed
};

// The proxy's account of one connection.
struct ConnectionLog {
    std::uint32_t ordinal = 0;
    Time accepted{};
    Time ended{};
    std::string client_address;  // "127.0.0.1:40312"; empty: not known
    std::string local_address;   // of our socket to the server; empty: it was never connected
    std::vector<Event> events;
    std::optional<Stage> furthest;  // last stage seen, in wire order
    std::optional<LegEnd> client_leg;
    std::optional<LegEnd> server_leg;
    std::optional<TcpFacts> client_tcp, server_tcp;  // what the kernel knew of the legs, as they were last looked at
    // Who ended it first: a peer by its side, or the proxy (a fault).
    enum class Who : std::uint8_t { nobody, client, server, proxy } ended_by = Who::nobody;
    Ending first_end;
};
std::string_view to_string(ConnectionLog::Who who);

}  // namespace rdpfault::proxy
