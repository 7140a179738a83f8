#include "harness/compare_report.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/report_text.hpp"
#include "harness/vocabulary.hpp"
#include "harness/xml_text.hpp"

namespace rdpfault::harness {

namespace {

bool is_news(const ArmChange& arm) {
    return arm.change != Change::unchanged && arm.change != Change::not_run;
}

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
}

// Verdict, stage, ended by, who, mstsc, runs, time.
std::array<std::string, 7> cells_of(const PastArm& arm) {
    std::array<std::string, 7> cells{std::string(to_string(arm.verdict)), "-", "-", "-", "-", "-", "-"};
    if (arm.sight) {
        if (arm.sight->stage) cells[1] = to_string(*arm.sight->stage);
        cells[2] = or_dash(arm.sight->ended_by);
        cells[3] = or_dash(arm.sight->who);
        cells[4] = or_dash(arm.sight->pair);
    }
    if (arm.runs > 0) cells[5] = std::to_string(arm.hits) + "/" + std::to_string(arm.runs);
    cells[6] = seconds_text(std::chrono::milliseconds(arm.duration_ms));
    return cells;
}

std::string totals(const Comparison& comparison) {
    std::map<Change, std::size_t> counts;
    for (const auto& arm : comparison.arms)
        ++counts[arm.change];
    std::string text;
    for (const auto& [change, count] : counts)
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(to_string(change));
    return text.empty() ? "nothing to compare" : text;
}

void add_rows(Listing& listing, const ArmChange& arm) {
    std::vector<std::string> row{std::string(to_string(arm.change)), arm.any().name(), arm.any().arm};
    const auto add = [&](const std::optional<PastArm>& side, const char* when) {
        if (!side) return;
        row.emplace_back(when);
        for (auto& cell : cells_of(*side))
            row.push_back(std::move(cell));
        listing.rows.push_back(row);
        row = {"", "", ""};
    };
    add(arm.before, "before");
    add(arm.after, "after");
}

// `|` would end a cell, and a line break the table.
std::string in_cell(const std::string& text) {
    std::string out;
    for (const char c : text)
        out += c == '|' ? "\\|" : std::string(1, c == '\n' ? ' ' : c);
    return out;
}

std::string in_words(const std::optional<PastArm>& arm) {
    if (!arm) return "-";
    const auto cells = cells_of(*arm);
    auto text = cells[0];
    if (arm->sight) text += ": `" + cells[1] + "`, " + cells[2] + " by " + cells[3] + ", mstsc " + cells[4];
    if (arm->runs > 1) text += ", " + cells[5] + " runs";
    return in_cell(text + ", " + cells[6]);
}

nlohmann::ordered_json side_json(const std::optional<PastArm>& arm) {
    if (!arm) return nullptr;
    nlohmann::ordered_json json{{"verdict", to_string(arm->verdict)},
                                {"reason", arm->reason},
                                {"runs", arm->runs},
                                {"hits", arm->hits},
                                {"chance", arm->chance},
                                {"duration_ms", arm->duration_ms}};
    if (!arm->sight) return json;
    const auto text = [&json](const char* key, const std::string& value) {
        json[key] = value.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(value);
    };
    text("stage", arm->sight->stage ? std::string(to_string(*arm->sight->stage)) : "");
    text("ended_by", arm->sight->ended_by);
    text("who", arm->sight->who);
    text("mstsc", arm->sight->pair);
    return json;
}

std::string word_of(Change change) {
    auto word = std::string(to_string(change));
    std::replace(word.begin(), word.end(), ' ', '_');
    return word;
}

}  // namespace

std::string table_text(const Comparison& comparison) {
    Listing listing{{"change", "scenario", "arm", "", "verdict", "stage", "ended by", "who", "mstsc", "runs", "time"},
                    {}};
    std::string why;
    for (const auto& arm : comparison.arms) {
        if (!is_news(arm)) continue;
        add_rows(listing, arm);
        if (!arm.why.empty()) why += "  " + arm.any().name() + ", " + arm.any().arm + ": " + arm.why + "\n";
    }
    std::string text = listing.rows.empty() ? "" : formatted(listing, Format::table) + "\n";
    if (!why.empty()) text += why + "\n";
    for (const auto& note : comparison.notes)
        text += "note: " + note + "\n";
    return text + totals(comparison) + "\n";
}

std::string plain_text(const Comparison& comparison) {
    std::string text;
    for (const auto& arm : comparison.arms) {
        text += word_of(arm.change) + "\t" + arm.any().name() + "\t" + arm.any().arm;
        for (const auto* side : {&arm.before, &arm.after}) {
            text += "\t";
            if (!*side) {
                text += "-";
                continue;
            }
            const auto cells = cells_of(**side);
            text += cells[0] + " stage=" + cells[1] + " ended_by=\"" + cells[2] + "\" who=" + cells[3] +
                    " mstsc=" + cells[4] + " hits=" + cells[5] + " time=\"" + cells[6] + "\"";
        }
        text += "\t" + arm.why + "\n";
    }
    for (const auto& note : comparison.notes)
        text += "note: " + note + "\n";
    return text + totals(comparison) + "\n";
}

std::string markdown_text(const Comparison& comparison) {
    std::string text = totals(comparison) + "\n";
    for (const auto& note : comparison.notes)
        text += "\nNote: " + note + ".\n";
    if (std::none_of(comparison.arms.begin(), comparison.arms.end(), is_news)) return text;
    text += "\n| change | scenario | arm | before | after | what differs |\n|---|---|---|---|---|---|\n";
    for (const auto& arm : comparison.arms)
        if (is_news(arm))
            text += "| " + std::string(to_string(arm.change)) + " | " + in_cell(arm.any().name()) + " | " +
                    in_cell(arm.any().arm) + " | " + in_words(arm.before) + " | " + in_words(arm.after) + " | " +
                    in_cell(arm.why) + " |\n";
    return text;
}

std::string json_text(const Comparison& comparison) {
    nlohmann::ordered_json json{{"exit_status", exit_status(comparison)},
                                {"notes", comparison.notes},
                                {"arms", nlohmann::ordered_json::array()}};
    for (const auto& arm : comparison.arms)
        json["arms"].push_back({{"scenario", arm.any().scenario},
                                {"family", arm.any().family},
                                {"arm", arm.any().arm},
                                {"change", word_of(arm.change)},
                                {"why", arm.why},
                                {"before", side_json(arm.before)},
                                {"after", side_json(arm.after)}});
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string junit_text(const Comparison& comparison) {
    std::size_t failures = 0, skipped = 0;
    std::string cases;
    for (const auto& arm : comparison.arms) {
        const bool failed = arm.change == Change::newly_broken || arm.change == Change::undecided;
        const bool not_run = arm.change == Change::not_run;
        failures += failed;
        skipped += not_run;
        const auto message = " message=\"" + xml_escaped(arm.why) + "\"";
        cases += "    <testcase classname=\"" + xml_escaped(arm.any().name()) + "\" name=\"" +
                 xml_escaped(arm.any().arm) + "\" time=\"0\"";
        if (failed)
            cases += ">\n      <failure" + message + " type=\"" + word_of(arm.change) + "\">" +
                     xml_escaped("before: " + in_words(arm.before) + "\nafter: " + in_words(arm.after)) +
                     "</failure>\n    </testcase>\n";
        else
            cases += not_run ? ">\n      <skipped" + message + "/>\n    </testcase>\n" : "/>\n";
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"compare\" "
           "package=\"rdpfault\" "
           "id=\"0\" tests=\"" +
           std::to_string(comparison.arms.size()) + "\" failures=\"" + std::to_string(failures) +
           "\" errors=\"0\" skipped=\"" + std::to_string(skipped) + "\" time=\"0\" timestamp=\"" +
           xml_escaped(comparison.started.substr(0, 19)) + "\" hostname=\"localhost\">\n    <properties/>\n" + cases +
           "    <system-out/>\n    <system-err/>\n  </testsuite>\n</testsuites>\n";
}

}  // namespace rdpfault::harness
