#include "harness/evidence_table.hpp"

#include <algorithm>

#include "harness/json_node.hpp"

namespace rdpfault::harness {

namespace {

std::string text_or_dash(const JsonNode& node) {
    return node.is_null() ? "-" : node.text();
}

// Worse comes later.
std::size_t rank(const std::string& verdict) {
    static const std::vector<std::string> order{"skipped",         "passed", "inconclusive",
                                                "fault_not_fired", "failed", "error"};
    return static_cast<std::size_t>(std::find(order.begin(), order.end(), verdict) - order.begin());
}

std::string exit_of(const JsonNode& client) {
    if (client.is_null() || client.at("kind").text() != "program") return {};
    if (!client.at("signal").is_null()) return "signal " + std::to_string(client.at("signal").count());
    if (client.at("exit_code").is_null()) return "none";
    const auto name = client.at("exit_name").text();
    return std::to_string(client.at("exit_code").count()) + (name.empty() ? "" : " " + name);
}

ShownEnd outcome_of(const JsonNode& run) {
    const auto seen = run.at("observed");
    ShownEnd outcome;
    outcome.stage = text_or_dash(seen.at("stage"));
    outcome.ended_by = seen.at("ended_by").is_null() ? "-" : seen.at("ended_by").at("text").text();
    // Who closes first what was left in order is a race.
    outcome.who = outcome.ended_by == "orderly" ? "-" : text_or_dash(seen.at("who"));
    outcome.exit = exit_of(run.at("client"));
    outcome.pair = text_or_dash(run.at("mstsc").at("pair"));
    outcome.confidence = run.at("mstsc").at("confidence").text();
    return outcome;
}

std::uint64_t bytes_of(const JsonNode& run) {
    const auto connections = run.at("connections").items();
    if (connections.empty() || connections.back().at("client_leg").is_null()) return 0;
    return connections.back().at("client_leg").at("bytes_written").count();
}

template <class T>
void insert_once(std::vector<T>& sorted, const T& value) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), value);
    if (at == sorted.end() || *at != value) sorted.insert(at, value);
}

}  // namespace

Extent span_of(std::vector<std::uint64_t> values) {
    if (values.empty()) return {};
    std::sort(values.begin(), values.end());
    return {values.front(), values[values.size() / 2], values.back()};
}

void EvidenceCollector::add(const std::string& peers, const std::string& text, const std::string& file) {
    const auto json = parse_json(text, file);
    const JsonNode root(json, file, {});
    for (const auto& arm : root.at("arms").items()) {
        const auto family = arm.at("family").text();
        auto& raw =
            raw_[{(family.empty() ? "" : family + "/") + arm.at("scenario").text(), arm.at("arm").text(), peers}];
        auto& cell = raw.cell;
        const auto verdict = arm.at("verdict").text();
        if (cell.verdict.empty() || rank(verdict) > rank(cell.verdict)) cell.verdict = verdict;
        if (const auto reasons = arm.at("reasons").items(); verdict == "skipped" && !reasons.empty())
            cell.reason = reasons.front().text();
        cell.chance = cell.chance || arm.at("chance").truth();
        for (const auto& run : arm.at("runs").items()) {
            if (!run.has("observed")) continue;
            ++cell.runs;
            insert_once(cell.outcomes, outcome_of(run));
            insert_once(cell.connections, static_cast<std::uint32_t>(run.at("observed").at("connections").count()));
            raw.bytes.push_back(bytes_of(run));
            raw.milliseconds.push_back(run.at("duration_ms").count());
        }
    }
}

EvidenceTable EvidenceCollector::table() const {
    EvidenceTable table;
    for (const auto& [key, raw] : raw_) {
        auto& cell = table[key] = raw.cell;
        cell.bytes_to_client = span_of(raw.bytes);
        cell.milliseconds = span_of(raw.milliseconds);
    }
    return table;
}

}  // namespace rdpfault::harness
