#include "harness/report_text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

namespace rdpfault::harness {

namespace {

constexpr std::size_t columns = 8;
using Row = std::array<std::string, columns>;

std::string mstsc_text(const Verdict& verdict) {
    if (verdict.observed.ended_by.kind == EndKind::orderly || verdict.observed.ended_by.kind == EndKind::none)
        return "-";
    return verdict.prediction.pair ? to_string(*verdict.prediction.pair) : "?";
}

std::string full_name(const ArmResult& arm) {
    return arm.family.empty() ? arm.scenario : arm.family + "/" + arm.scenario;
}

Row row_of(const ArmResult& arm) {
    Row row{full_name(arm),
            arm.arm.name,
            std::string(to_string(arm.result)),
            "-",
            "-",
            "-",
            "-",
            seconds_text(arm.duration)};
    const auto* run = speaking_run(arm);
    if (!run || run->verdict.result == Judgement::skipped || run->verdict.result == Judgement::error) return row;
    const auto& seen = run->verdict.observed;
    if (seen.stage) row[3] = to_string(*seen.stage);
    if (seen.ended_by.kind != EndKind::none) row[4] = to_string(seen.ended_by);
    if (seen.who != proxy::ConnectionLog::Who::nobody) row[5] = to_string(seen.who);
    row[6] = mstsc_text(run->verdict);
    return row;
}

// What the runs of an arm say together, in the words of plain_line(); empty without a rate.
std::string rate_words(const ArmResult& arm) {
    if (!arm.rate) return {};
    const auto& rate = *arm.rate;
    return " hits=" + std::to_string(rate.hits) + "/" + std::to_string(rate.runs) + " interval=\"" +
           percent(rate.interval.low) + " to " + percent(rate.interval.high) + "\" wanted=\"" +
           to_string(rate.expected) + "\"";
}

// For the table, which has no room for it in its rows.
void write_rates(std::ostream& out, const Report& report) {
    bool first = true;
    for (const auto& arm : report.arms) {
        if (!arm.rate) continue;
        out << (first ? "\nrates:\n" : "") << "  " << full_name(arm) << ", " << arm.arm.name << ": "
            << to_string(*arm.rate) << '\n';
        first = false;
    }
}

std::string padded(const std::string& text, std::size_t width) {
    return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

void write_reasons(std::ostream& out, const Report& report) {
    for (const auto& arm : report.arms) {
        if (arm.result == Judgement::passed || arm.result == Judgement::skipped) continue;
        out << '\n' << full_name(arm) << ", " << arm.arm.name << ": " << to_string(arm.result) << '\n';
        for (const auto& reason : arm.reasons)
            out << "  " << reason << '\n';
        const auto* run = speaking_run(arm);
        if (!run) continue;
        for (const auto& witness : run->verdict.witnesses)
            if (!witness.text.empty()) out << "  " << witness.name << ": " << witness.text << '\n';
    }
    // One line for each reason to skip: there may be dozens of arms behind it.
    std::map<std::string, std::size_t> skipped;
    for (const auto& arm : report.arms)
        if (arm.result == Judgement::skipped && !arm.reasons.empty()) ++skipped[arm.reasons.front()];
    if (!skipped.empty()) out << '\n';
    for (const auto& [reason, count] : skipped)
        out << count << " skipped: " << reason << '\n';
}

}  // namespace

std::string seconds_text(std::chrono::milliseconds duration) {
    std::ostringstream out;
    out.setf(std::ios::fixed);
    out.precision(duration < std::chrono::seconds(10) ? 3 : 1);
    out << std::chrono::duration<double>(duration).count() << " s";
    return out.str();
}

const RunRecord* speaking_run(const ArmResult& arm) {
    if (arm.runs.empty()) return nullptr;
    // Where a share of the runs is enough, one of that share speaks for an arm that passed.
    const bool wants_good =
        arm.rate && arm.result == Judgement::passed && arm.rate->expected.side == RateExpectation::Side::at_least;
    const auto found = std::find_if(arm.runs.begin(), arm.runs.end(), [&](const auto& run) {
        return (run.verdict.result == Judgement::passed) == wants_good;
    });
    return found == arm.runs.end() ? &arm.runs.front() : &*found;
}

std::string painted(Judgement judgement, bool color) {
    auto text = std::string(to_string(judgement));
    if (!color) return text;
    const auto* code = "33";
    if (judgement == Judgement::passed) code = "32";
    if (judgement == Judgement::skipped) code = "2";
    if (judgement >= Judgement::failed) code = "31";
    return "\x1b[" + std::string(code) + "m" + text + "\x1b[0m";
}

std::string totals_line(const Report& report) {
    std::map<Judgement, std::size_t> counts;
    for (const auto& arm : report.arms)
        ++counts[arm.result];
    std::string text;
    for (const auto& [judgement, count] : counts)
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(to_string(judgement));
    if (text.empty()) text = "nothing was run";
    text += " in " + seconds_text(report.duration);
    return report.interrupted ? text + " (interrupted)" : text;
}

std::string plain_line(const ArmResult& arm) {
    const auto row = row_of(arm);
    return padded(row[2], 15) + " " + row[0] + " " + row[1] + " stage=" + row[3] + " ended_by=\"" + row[4] +
           "\" who=" + row[5] + " mstsc=" + row[6] + " time=\"" + row[7] + "\"" + rate_words(arm);
}

std::string plain_report(const Report& report) {
    std::ostringstream out;
    for (const auto& arm : report.arms)
        out << plain_line(arm) << '\n';
    write_reasons(out, report);
    out << totals_line(report) << '\n';
    return out.str();
}

std::string table_report(const Report& report, bool color) {
    std::vector<Row> rows{{"scenario", "arm", "verdict", "stage", "ended by", "who", "mstsc", "time"}};
    for (const auto& arm : report.arms)
        rows.push_back(row_of(arm));
    std::array<std::size_t, columns> widths{};
    for (const auto& row : rows)
        for (std::size_t i = 0; i < columns; ++i)
            widths[i] = std::max(widths[i], row[i].size());

    std::ostringstream out;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        std::string line;
        for (std::size_t i = 0; i < columns; ++i) {
            auto cell = i + 1 < columns ? padded(rows[r][i], widths[i] + 2) : rows[r][i];
            // Painted after padding: colour takes no room on the screen.
            if (r > 0 && i == 2) cell.replace(0, rows[r][i].size(), painted(report.arms[r - 1].result, color));
            if (r > 0 && i == 0 && rows[r][0] == rows[r - 1][0]) cell = std::string(cell.size(), ' ');
            line += cell;
        }
        if (r == 0 && color) line = "\x1b[1m" + line + "\x1b[0m";
        out << line << '\n';
    }
    write_rates(out, report);
    write_reasons(out, report);
    out << '\n' << totals_line(report) << '\n';
    return out.str();
}

}  // namespace rdpfault::harness
