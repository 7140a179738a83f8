// Lines attempts of mstsc up with the connections that the proxy saw, and takes the code of each. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/calibration.hpp"
#include "harness/windows_events.hpp"

namespace rdpfault::harness {

// One connection of a report.
struct SeenConnection {
    std::string scenario, arm;
    WallTime accepted;
    std::uint32_t port = 0;  // that the client dialled; 0: not known
    std::optional<Stage> stage;
    bool session_up = false;
    Ending ending;  // as the client met it, where the run tells; else as the proxy saw it end
};
// Of all runs of a results.json. Throws ReportError.
std::vector<SeenConnection> connections_in(const std::string& text, const std::string& file);

struct CalibrateResult {
    Calibration calibration;
    struct Line {
        MstscAttempt attempt;
        std::size_t connections = 0;  // of the attempt
        std::string outcome;          // "x/fault: 0x904/0x7 after tls.client_hello, reset", or why it says nothing
        bool taken = false;
    };
    std::vector<Line> lines;
    // Where no attempt meets a connection: the one shift of the clocks that would let most of them meet; zero: none.
    std::chrono::seconds suggested_offset{0};
};

// `offset`: how far the Windows clock is ahead of the proxy's.
CalibrateResult calibrate(std::span<const MstscAttempt> attempts, std::span<const SeenConnection> connections,
                          std::chrono::milliseconds offset);

}  // namespace rdpfault::harness
