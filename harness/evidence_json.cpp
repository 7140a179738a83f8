// docs/evidence.json: a line a cell, so that a change of one is a change of one line.
#include <sstream>

#include "harness/evidence_table.hpp"
#include "harness/json_node.hpp"

namespace rdpfault::harness {

namespace {

using Json = nlohmann::ordered_json;

Json span_json(const Extent& span) {
    return {span.least, span.median, span.most};
}

Json outcome_json(const ShownEnd& outcome) {
    Json json{{"stage", outcome.stage}, {"ended_by", outcome.ended_by}, {"who", outcome.who}};
    if (!outcome.exit.empty()) json["exit"] = outcome.exit;
    json["mstsc"] = outcome.pair;
    json["confidence"] = outcome.confidence;
    return json;
}

Json cell_json(const EvidenceKey& key, const EvidenceCell& cell) {
    Json json{{"scenario", key.scenario}, {"arm", key.arm}, {"peers", key.peers}, {"verdict", cell.verdict}};
    if (!cell.reason.empty()) json["reason"] = cell.reason;
    // What matters of controls and fixes is that they hold.
    if (cell.runs == 0 || !key.arm.starts_with("fault")) return json;
    if (cell.chance) json["chance"] = true;
    json["outcomes"] = Json::array();
    for (const auto& outcome : cell.outcomes)
        json["outcomes"].push_back(outcome_json(outcome));
    json["connections"] = cell.connections;
    json["bytes_to_client"] = span_json(cell.bytes_to_client);
    json["milliseconds"] = span_json(cell.milliseconds);
    json["runs"] = cell.runs;
    return json;
}

Extent read_span(const JsonNode& node) {
    const auto items = node.items();
    if (items.size() != 3) node.fail("expected the least, the median and the most");
    return {items[0].count(), items[1].count(), items[2].count()};
}

ShownEnd read_outcome(const JsonNode& node) {
    return {node.at("stage").text(), node.at("ended_by").text(),
            node.at("who").text(),   node.has("exit") ? node.at("exit").text() : "",
            node.at("mstsc").text(), node.at("confidence").text()};
}

EvidenceCell read_cell(const JsonNode& node) {
    EvidenceCell cell;
    cell.verdict = node.at("verdict").text();
    if (node.has("reason")) cell.reason = node.at("reason").text();
    if (!node.has("runs")) return cell;
    cell.runs = static_cast<std::uint32_t>(node.at("runs").count());
    cell.chance = node.has("chance") && node.at("chance").truth();
    for (const auto& outcome : node.at("outcomes").items())
        cell.outcomes.push_back(read_outcome(outcome));
    for (const auto& number : node.at("connections").items())
        cell.connections.push_back(static_cast<std::uint32_t>(number.count()));
    cell.bytes_to_client = read_span(node.at("bytes_to_client"));
    cell.milliseconds = read_span(node.at("milliseconds"));
    return cell;
}

}  // namespace

std::string evidence_json(const EvidenceTable& table) {
    std::string text = "{\"format\": 1, \"kind\": \"evidence\", \"cells\": [\n";
    bool first = true;
    for (const auto& [key, cell] : table) {
        text += (first ? "" : ",\n") + cell_json(key, cell).dump(-1, ' ', false, Json::error_handler_t::replace);
        first = false;
    }
    return text + "\n]}\n";
}

EvidenceTable parse_evidence(const std::string& text, const std::string& file) {
    const auto json = parse_json(text, file);
    const JsonNode root(json, file, {});
    if (root.at("kind").text() != "evidence") root.at("kind").fail("this is no table of evidence");
    EvidenceTable table;
    for (const auto& node : root.at("cells").items())
        table[{node.at("scenario").text(), node.at("arm").text(), node.at("peers").text()}] = read_cell(node);
    return table;
}

}  // namespace rdpfault::harness
