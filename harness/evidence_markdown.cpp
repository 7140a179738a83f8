// docs/evidence.md: for each scenario what its fault gave, with which client and server; equal rows are one.
#include <algorithm>
#include <string_view>

#include "harness/evidence_table.hpp"
#include "harness/explain_page.hpp"

namespace rdpfault::harness {

namespace {

std::string seconds(std::uint64_t milliseconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", milliseconds < 10'000 ? 2 : 0, static_cast<double>(milliseconds) / 1000);
    return text;
}

std::string time_text(const Extent& span) {
    const auto range = seconds(span.least) + " to " + seconds(span.most);
    return seconds(span.median) + " s" + (seconds(span.least) == seconds(span.most) ? "" : " (" + range + ")");
}

std::string bytes_text(const Extent& span) {
    if (span.least == span.most) return std::to_string(span.median);
    return std::to_string(span.least) + " to " + std::to_string(span.most);
}

// Verdicts of the control and of the fixes of a scenario with these peers, in short.
std::string others(const EvidenceTable& table, const EvidenceKey& fault) {
    std::string text;
    for (auto at = table.lower_bound({fault.scenario, "", ""});
         at != table.end() && at->first.scenario == fault.scenario; ++at) {
        const auto& [key, cell] = *at;
        if (key.peers != fault.peers || key.arm.starts_with("fault")) continue;
        text += (text.empty() ? "" : ", ") + key.arm + " " + cell.verdict;
    }
    return text;
}

constexpr std::string_view introduction = R"(# Evidence

Made by `ci/evidence`; not to be edited. What each scenario of the library gave with each client and server: the furthest
stage, how the client met the end and who ended it first, the exit of a real client, the number of connections of the
attempt, the bytes that reached the client on the last of them, and the time of the whole run. What mstsc would show is
predicted from stage and ending, with its confidence.

`failed` means that these peers end otherwise than the scenario expects: servers differ in what they make of a wrong unit.
`fault_not_fired` means that they never came to the moment: freerdp-shadow sends less of an idle session than xrdp does, and
closes before the record that the fault waits for. Both are kept as they are.
)";

struct Row {
    ShownEnd outcome;
    std::string verdict, rest;
    std::vector<std::string> peers;
    std::vector<std::string> bytes, times, connections;
    bool operator==(const Row& that) const {
        return outcome == that.outcome && verdict == that.verdict && rest == that.rest;
    }
};

void once(std::vector<std::string>& list, std::string text) {
    if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
}

std::string joined(const std::vector<std::string>& list) {
    std::string text;
    for (const auto& one : list)
        text += (text.empty() ? "" : ", ") + one;
    return text;
}

std::string numbers(const std::vector<std::uint32_t>& list) {
    std::string text;
    for (const auto one : list)
        text += (text.empty() ? "" : " or ") + std::to_string(one);
    return text;
}

std::string line(const std::string& scenario, const std::string& arm, const Row& row) {
    const auto cell = [](const std::string& text) { return " " + markdown_escaped(text) + " |"; };
    const auto& seen = row.outcome;
    return "|" + cell(scenario.substr(scenario.find('/') + 1) + (arm == "fault" ? "" : " " + arm)) +
           cell(joined(row.peers)) + cell(seen.stage) +
           cell(seen.ended_by + (seen.who == "-" ? "" : " (" + seen.who + ")")) + cell(seen.exit) +
           cell(joined(row.connections)) + cell(joined(row.bytes)) + cell(joined(row.times)) +
           cell(seen.pair + (seen.pair == "-" ? "" : " " + seen.confidence)) + cell(row.verdict) + cell(row.rest) +
           "\n";
}

void add(std::vector<Row>& rows, const EvidenceTable& table, const EvidenceKey& key, const EvidenceCell& cell,
         const ShownEnd& outcome) {
    Row row{outcome, cell.verdict, others(table, key), {}, {}, {}, {}};
    auto same = std::find(rows.begin(), rows.end(), row);
    if (same == rows.end()) same = rows.insert(rows.end(), row);
    once(same->peers, key.peers);
    once(same->connections, numbers(cell.connections));
    once(same->bytes, bytes_text(cell.bytes_to_client));
    once(same->times, time_text(cell.milliseconds));
}

// Peers that were skipped, by the reason.
std::string skipped_text(const std::map<std::string, std::vector<std::string>>& skipped) {
    std::string text;
    for (const auto& [reason, peers] : skipped)
        text += (text.empty() ? "" : "; ") + joined(peers) + " (" + reason + ")";
    return text;
}

}  // namespace

std::string evidence_markdown(const EvidenceTable& table) {
    std::string text(introduction);
    std::string family;
    for (auto at = table.begin(); at != table.end();) {
        const auto scenario = at->first.scenario, arm = at->first.arm;
        if (const auto now = scenario.substr(0, scenario.find('/')); now != family && arm.starts_with("fault")) {
            family = now;
            text += "\n## " + family +
                    "\n\n| scenario | client/server | stage | ended by | exit | connections | bytes | time | mstsc | "
                    "verdict | "
                    "other arms |\n|---|---|---|---|---|---|---|---|---|---|---|\n";
        }
        std::vector<Row> rows;
        std::map<std::string, std::vector<std::string>> skipped;
        for (; at != table.end() && at->first.scenario == scenario && at->first.arm == arm; ++at) {
            if (!arm.starts_with("fault")) continue;
            if (at->second.runs == 0) skipped[at->second.reason].push_back(at->first.peers);
            for (const auto& outcome : at->second.outcomes)
                add(rows, table, at->first, at->second, outcome);
        }
        for (const auto& row : rows)
            text += line(scenario, arm, row);
        if (!skipped.empty()) {
            Row row{{"", "", "-", "", "-", ""}, "skipped", skipped_text(skipped), {}, {}, {}, {}};
            text += line(scenario, arm, row);
        }
    }
    return text;
}

}  // namespace rdpfault::harness
