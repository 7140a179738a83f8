// `rdpfault explain`: a page on a code, a Windows event, a cause, a stage or an advice, from the project's own tables.
// Pure: text in, text out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "protocol/prediction.hpp"

namespace rdpfault::harness {

// What explain needs to know of a scenario, to name those that reproduce a cause, and the fix arms that show a cure.
struct KnownFix {
    std::string arm;  // "fix:key-readable"
    std::string action;
};

struct KnownScenario {
    std::string name;
    std::string path;
    std::string cause;  // an id of the cause catalogue
    std::string summary;
    std::vector<MstscPair> pairs{};  // what it is expected to show, and how sure that is
    Confidence confidence = Confidence::unknown;
    std::size_t needs = 0;  // how many things a run must have
    std::vector<KnownFix> fixes{};
};

// text is for a terminal and leaves out what would not fit on its page, saying so; the others hold everything.
enum class ExplainFormat : std::uint8_t { text, json, markdown };

struct Explanation {
    bool found = false;  // false: `text` says what the words are most like; the caller's exit status is 2
    std::string text;    // ends with a newline
};

// `words` as typed: {"0x904", "0x7"}, {"0x904/0x7"}, {"2308"}, {"alert", "40"}, {"xfreerdp", "143"}, {"0x112F"},
// {"ERRCONNECT_TLS_CONNECT_FAILED"}, {"certificate-key-unusable"}, {"tls.client_hello"}, {"event", "36870"},
// {"advice"},
// {"RDGClientTransport"}.
Explanation explain(const std::vector<std::string>& words, std::span<const KnownScenario> scenarios,
                    ExplainFormat format = ExplainFormat::text);

}  // namespace rdpfault::harness
