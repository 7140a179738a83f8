// `rdpfault explain`: a page on a code, a cause or a stage, from the project's own tables. Pure: text in, text out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rdpfault::harness {

// What explain needs to know of a scenario, to name those that reproduce a cause.
struct KnownScenario {
    std::string name;
    std::string path;
    std::string cause;  // an id of the cause catalogue
    std::string summary;
};

enum class ExplainFormat : std::uint8_t { text, json, markdown };

struct Explanation {
    bool found = false;  // false: `text` says what the words are most like; the caller's exit status is 2
    std::string text;    // ends with a newline
};

// `words` as typed: {"0x904", "0x7"}, {"0x904/0x7"}, {"2308"}, {"alert", "40"}, {"xfreerdp", "143"}, {"0x112F"},
// {"ERRCONNECT_TLS_CONNECT_FAILED"}, {"certificate-key-unusable"}, {"tls.client_hello"}.
Explanation explain(const std::vector<std::string>& words, std::span<const KnownScenario> scenarios,
                    ExplainFormat format = ExplainFormat::text);

}  // namespace rdpfault::harness
