// What `rdpfault diagnose` says of one file: of each connection how far it came, who ended it and how, what mstsc would
// show, what may be behind it and what to run next.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/capture/flow_table.hpp"
#include "harness/rank_causes.hpp"
#include "harness/scenario.hpp"

namespace rdpfault::harness {

// What only a capture knows of a connection.
struct CaptureFacts {
    std::uint64_t packets = 0;
    std::uint64_t client_bytes = 0;  // of the two streams
    std::uint64_t server_bytes = 0;
    std::uint64_t client_lost = 0;  // of these, not in the capture
    std::uint64_t server_lost = 0;
    std::uint32_t client_retransmitted = 0;  // packets
    std::uint32_t server_retransmitted = 0;
    bool beginning_seen = false;
    bool decrypted = false;  // with a key log
};

struct Finding {
    // Of a run: "tls/reset-on-client-hello"; else empty.
    std::string scenario;
    std::string arm;
    std::uint32_t run = 0;
    std::uint32_t connection = 1;  // of the run, or of this client to this server in the capture
    std::string client;            // "127.0.0.1:40312"; empty: not known
    std::string server;
    std::optional<std::string> began;                   // ISO 8601
    std::optional<std::chrono::microseconds> duration;  // from its beginning to the end

    bool connected = false;
    Symptoms symptoms;             // how it ended, in short: what the causes are ranked by
    Ending socket;                 // how TCP ended, whatever was said before
    bool session_guessed = false;  // symptoms.session_up is a guess from the amount of data
    Prediction prediction;
    std::vector<RankedCause> causes;
    std::vector<std::string> scenarios;  // paths, to run next
    std::vector<std::string> notes;      // what limits all that
    std::optional<CaptureFacts> capture;
};

struct Diagnosis {
    std::string file;
    std::string kind;    // "results", "capture"
    std::string answer;  // one line about all
    std::vector<std::string> notes;
    std::vector<Finding> findings;
};

// The facts of a connection in the words of a diagnosis. Pure.
Finding finding_of(const capture::Account& account);

// Fills what follows from the symptoms: prediction, causes, scenarios to run next. Pure.
void conclude(Finding& finding, std::span<const Scenario> scenarios);

// The text of results.json. Throws std::runtime_error that says what is missing in it.
Diagnosis diagnose_results(const std::string& file, const std::string& text, std::span<const Scenario> scenarios);

}  // namespace rdpfault::harness
