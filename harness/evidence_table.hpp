// What the whole library gives with each client and server: the table of docs/evidence.md, from reports of `rdpfault
// run`.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rdpfault::harness {

// What one run showed, in the words of the report; what two runs of the same arm have in common, unless chance has a
// say.
struct ShownEnd {
    std::string stage;       // the furthest; "-": none
    std::string ended_by;    // as the client met it
    std::string who;         // ended it first, as the proxy saw; "-": nobody, or it was left in order
    std::string exit;        // of a client program: "143 TLS_CONNECT_FAILED"; empty: the probe
    std::string pair;        // that mstsc would show; "-": none is known
    std::string confidence;  // of that
    auto operator<=>(const ShownEnd&) const = default;
};

// A number over several runs.
struct Extent {
    std::uint64_t least = 0, median = 0, most = 0;
    bool operator==(const Extent&) const = default;
};
Extent span_of(std::vector<std::uint64_t> values);  // all zero for none

// An arm with one client and one server.
struct EvidenceCell {
    std::string verdict;                     // of the worst report
    std::string reason;                      // of one that was skipped
    bool chance = false;                     // outcomes differ by right
    std::vector<ShownEnd> outcomes;          // each once, sorted
    std::vector<std::uint32_t> connections;  // of an attempt: each number once, sorted
    Extent bytes_to_client;                  // of the last connection
    Extent milliseconds;                     // of the run
    std::uint32_t runs = 0;
};

struct EvidenceKey {
    std::string scenario;  // "tls/reset-on-client-hello"
    std::string arm;       // "control", "fault", "fault:x", "fix:y"
    std::string peers;     // "xfreerdp/xrdp": client and server
    auto operator<=>(const EvidenceKey&) const = default;
};

using EvidenceTable = std::map<EvidenceKey, EvidenceCell>;

// Reports of the same peers make one table of more runs.
class EvidenceCollector {
  public:
    // Throws ReportError.
    void add(const std::string& peers, const std::string& text, const std::string& file);
    EvidenceTable table() const;

  private:
    struct Raw {
        EvidenceCell cell;
        std::vector<std::uint64_t> bytes, milliseconds;
    };
    std::map<EvidenceKey, Raw> raw_;
};

std::string evidence_json(const EvidenceTable& table);
EvidenceTable parse_evidence(const std::string& text, const std::string& file);  // throws ReportError
std::string evidence_markdown(const EvidenceTable& table);

struct Deviations {
    std::vector<std::string> found;  // another verdict, or another end with another exit or code of mstsc
    // The same in another stage or by another side: where two ends race, the next run has it so.
    std::vector<std::string> races;
};
// What `now` shows that `committed` does not know, in sentences. Peers that `now` has nothing of are not compared, nor
// are times and numbers of bytes.
Deviations deviations(const EvidenceTable& committed, const EvidenceTable& now);

}  // namespace rdpfault::harness
