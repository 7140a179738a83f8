#include "harness/calibration.hpp"

#include <algorithm>

#include "harness/json_node.hpp"

namespace rdpfault::harness {

namespace {

using Json = nlohmann::ordered_json;

Json row_json(const CalibrationRow& row) {
    return {{"stage", to_string(row.end.stage)},
            {"session_up", row.end.session_up},
            {"ending", to_string(row.end.ending)},
            {"ending_code", row.end.code},
            {"scenario", row.scenario},
            {"arm", row.arm},
            {"mstsc_code", row.code},
            {"mstsc_extended", row.extended ? Json(*row.extended) : Json(nullptr)},
            {"pair", row.extended ? to_string(MstscPair{row.code, *row.extended}) : "extended code not recorded"},
            {"seen", row.seen},
            {"event_226", row.failures}};
}

std::uint32_t small(const JsonNode& node) {
    const auto value = node.count();
    if (value > 0xffffffff) node.fail("does not fit into 32 bits");
    return static_cast<std::uint32_t>(value);
}

CalibrationRow read_row(const JsonNode& node) {
    CalibrationRow row;
    const auto stage = node.at("stage");
    const auto known = stage_from_string(stage.text());
    if (!known) stage.fail("'" + stage.text().substr(0, 40) + "' is no stage");
    const auto ending = node.at("ending");
    const auto kind = end_kind_from_string(ending.text());
    if (!kind) ending.fail("'" + ending.text().substr(0, 40) + "' is no ending");
    row.end = {*known, node.at("session_up").truth(), *kind, small(node.at("ending_code"))};
    row.scenario = node.at("scenario").text();
    row.arm = node.at("arm").text();
    row.code = small(node.at("mstsc_code"));
    if (const auto extended = node.at("mstsc_extended"); !extended.is_null()) row.extended = small(extended);
    row.seen = small(node.at("seen"));
    for (const auto& failure : node.at("event_226").items())
        row.failures.push_back(failure.text());
    return row;
}

// Inside TLS a proxy that passes it through sees records: the stage stands for many.
bool tells_all(const EndKey& end) {
    return end.stage != Stage::tls_application_data || end.session_up;
}

}  // namespace

void Calibration::add(const CalibrationRow& row) {
    const auto known = std::find_if(rows_.begin(), rows_.end(), [&](const auto& one) { return one.same(row); });
    if (known == rows_.end()) {
        rows_.push_back(row);
        return;
    }
    known->seen += row.seen;
    for (const auto& failure : row.failures)
        if (std::find(known->failures.begin(), known->failures.end(), failure) == known->failures.end())
            known->failures.push_back(failure);
}

std::optional<Prediction> Calibration::find(const EndKey& end, const std::string& scenario, const std::string& arm,
                                            const Prediction& predicted) const {
    const CalibrationRow* best = nullptr;
    bool best_here = false;
    for (const auto& row : rows_) {
        if (row.end != end) continue;
        const bool here = row.scenario == scenario && row.arm == arm;
        if (!here && !tells_all(end)) continue;
        if (best && (best_here > here || (best_here == here && best->seen >= row.seen))) continue;
        best = &row;
        best_here = here;
    }
    if (!best) return std::nullopt;
    Prediction measured;
    measured.confidence = Confidence::measured;
    measured.source = "calibration";
    measured.why = "mstsc was seen to show it for this ending; the calibration file says where.";
    const auto guessed = predicted.pair && predicted.pair->code == best->code ? predicted.pair->extended : 0;
    measured.pair = MstscPair{best->code, best->extended.value_or(guessed)};
    if (!best->extended)
        measured.why = "mstsc was seen to show the code for this ending; its extended code was not recorded.";
    return measured;
}

std::string Calibration::text() const {
    Json json{{"format", 1}, {"kind", "calibration"}, {"rows", Json::array()}};
    for (const auto& row : rows_)
        json["rows"].push_back(row_json(row));
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Calibration Calibration::parse(const std::string& text, const std::string& file) {
    const auto json = parse_json(text, file);
    const JsonNode root(json, file, {});
    if (root.at("kind").text() != "calibration") root.at("kind").fail("this is no calibration");
    if (root.at("format").count() != 1) root.at("format").fail("expected 1: made by another version");
    Calibration calibration;
    for (const auto& node : root.at("rows").items())
        calibration.add(read_row(node));
    return calibration;
}

Calibration Calibration::read(const std::string& path) {
    const auto [name, text] = read_report_text(path);
    return parse(text, name);
}

}  // namespace rdpfault::harness
