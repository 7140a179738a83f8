#include "harness/bisect_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/report_text.hpp"
#include "harness/vocabulary.hpp"

namespace rdpfault::harness {

namespace {

using Answer = Bisection::Answer;

std::uint32_t hits_of(const ArmResult& result) {
    return static_cast<std::uint32_t>(std::count_if(result.runs.begin(), result.runs.end(), [](const auto& run) {
        return run.verdict.result == Judgement::passed;
    }));
}

Listing points_of(const BisectReport& report) {
    Listing listing{{report.vary.path, "outcome", "runs", "interval", "stage", "ended by", "who", "time"}, {}};
    auto sorted = report.tried;
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
    for (const auto& tried : sorted) {
        const auto& result = tried.result;
        std::vector<std::string> row{shown(report.vary, tried.value),
                                     in_words(report, tried.outcome),
                                     std::to_string(hits_of(result)) + "/" + std::to_string(result.runs.size()),
                                     "-",
                                     "-",
                                     "-",
                                     "-",
                                     seconds_text(result.duration)};
        if (result.rate) row[3] = percent(result.rate->interval.low) + " to " + percent(result.rate->interval.high);
        if (const auto* run = speaking_run(result)) {
            const auto& seen = run->verdict.observed;
            if (seen.stage) row[4] = to_string(*seen.stage);
            if (seen.ended_by.kind != EndKind::none) row[5] = to_string(seen.ended_by);
            if (seen.who != proxy::ConnectionLog::Who::nobody) row[6] = to_string(seen.who);
        }
        listing.rows.push_back(std::move(row));
    }
    return listing;
}

std::string at(const BisectReport& report, const Bisection::Point& point) {
    return in_words(report, point.outcome) + " at " + shown(report.vary, point.value);
}

std::vector<std::string> warnings_of(const BisectReport& report) {
    std::vector<std::string> warnings;
    for (const auto& stray : report.bisection.strays())
        warnings.push_back("it does not flip once only: " + at(report, stray) + " too");
    return warnings;
}

std::string_view word_of(const BisectReport& report) {
    if (!report.obstacle.empty()) return "not_run";
    switch (report.bisection.answer()) {
        case Answer::found: return "found";
        case Answer::same: return "same";
        default: return "undecided";
    }
}

}  // namespace

std::string in_words(const BisectReport& report, Outcome outcome) {
    if (outcome == Outcome::undecided) return "undecided";
    const bool yes = outcome == Outcome::yes;
    if (report.as_expected) return yes ? "as expected" : "not as expected";
    return yes ? "connects" : "does not connect";
}

std::string sentence(const BisectReport& report) {
    const auto& bisection = report.bisection;
    const auto start = report.vary.path + ": ";
    if (!report.obstacle.empty()) return start + report.obstacle;
    const auto both = at(report, bisection.below()) + ", " + at(report, bisection.above());
    switch (bisection.answer()) {
        case Answer::found: return start + both;
        case Answer::same:
            return start + "both ends give the same: " + in_words(report, bisection.below().outcome) + " at " +
                   shown(report.vary, report.vary.low) + " and at " + shown(report.vary, report.vary.high);
        default: return start + both + "; what lies between them is not decided";
    }
}

std::string bisect_text(const BisectReport& report, bool table) {
    auto text = formatted(points_of(report), table ? Format::table : Format::plain);
    if (table && !text.empty()) text += "\n";
    for (const auto& warning : warnings_of(report))
        text += "warning: " + warning + "\n";
    text += sentence(report);
    if (report.chance && report.obstacle.empty())
        text +=
            " (in more than half of the runs, or less; " + percent(report.confidence) + " confidence at each value)";
    return text + "\n";
}

std::string bisect_json(const BisectReport& report) {
    using Json = nlohmann::ordered_json;
    const auto point = [&](double value, Outcome outcome) {
        return Json{{"value", value}, {"text", shown(report.vary, value)}, {"outcome", to_string(outcome)}};
    };
    const auto& bisection = report.bisection;
    const bool flips = report.obstacle.empty() && bisection.answer() != Answer::same;
    Json json{{"scenario", report.scenario},
              {"arm", report.arm},
              {"path", report.vary.path},
              {"question", report.as_expected ? "as_expected" : "connects"},
              {"confidence", report.chance ? Json(report.confidence) : Json(nullptr)},
              {"precision", report.vary.precision},
              {"answer", word_of(report)},
              {"below", flips ? point(bisection.below().value, bisection.below().outcome) : Json(nullptr)},
              {"above", flips ? point(bisection.above().value, bisection.above().outcome) : Json(nullptr)},
              {"sentence", sentence(report)},
              {"warnings", warnings_of(report)},
              {"points", Json::array()}};
    for (const auto& tried : report.tried) {
        auto one = point(tried.value, tried.outcome);
        one["runs"] = tried.result.runs.size();
        one["hits"] = hits_of(tried.result);
        if (tried.result.rate) one["interval"] = {tried.result.rate->interval.low, tried.result.rate->interval.high};
        one["duration_ms"] = tried.result.duration.count();
        json["points"].push_back(std::move(one));
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

int exit_status(const BisectReport& report) {
    return report.obstacle.empty() && report.bisection.answer() == Answer::found ? 0 : 3;
}

}  // namespace rdpfault::harness
