// What a driver for a real client program reports: facts of the process, none interpreted beyond its exit status.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rdpfault::client {

struct ProcessReport {
    std::vector<std::string> command;  // as started, secrets replaced by "***"
    bool started = false;
    std::string error;             // why it could not be started; names the Debian package when the program is missing
    std::optional<int> exit_code;  // WIFEXITED
    std::optional<int> signal;     // WIFSIGNALED
    bool killed_by_us = false;     // the wall-clock limit was reached, or the run was cancelled
    bool timed_out = false;        // of those: the wall-clock limit
    std::chrono::milliseconds duration{0};
    std::string exit_name;    // from the catalogue for known clients ("TLS_CONNECT_FAILED"), else empty
    std::string output_file;  // stdout and stderr, kept
    std::string output_tail;  // its last lines, at most 4 KiB

    // Known clients only (xfreerdp), from their own log.
    std::optional<bool> session_up;            // a session became active, however it ended
    bool gave_up = false;                      // it ended because it had waited long enough for the server
    bool stopped_after_session = false;        // the session was up and stayed up as long as asked; then we ended it
    std::optional<std::uint32_t> connections;  // TCP connections the client says it opened
    std::string last_state;                    // the client's own name of the last state it reached
};

}  // namespace rdpfault::client
