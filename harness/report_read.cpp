#include "harness/report_read.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

namespace rdpfault::harness {

namespace {

using Json = nlohmann::json;

constexpr std::uintmax_t most_bytes = 256U << 20;

// A value and where it stands, so that a complaint can say both.
class Node {
  public:
    Node(const Json& json, const std::string& file, std::string key) : json_(json), file_(file), key_(std::move(key)) {}

    [[noreturn]] void fail(const std::string& message) const {
        throw ReportError(file_ + ": " + (key_.empty() ? "" : key_ + ": ") + message);
    }
    Node at(const char* name) const {
        if (!json_.is_object()) fail(std::string("expected an object, found ") + json_.type_name());
        const auto found = json_.find(name);
        if (found == json_.end()) fail("has no '" + std::string(name) + "'");
        return {*found, file_, key_.empty() ? name : key_ + "." + name};
    }
    bool has(const char* name) const { return json_.is_object() && json_.contains(name); }
    bool is_null() const { return json_.is_null(); }
    std::string text() const {
        if (!json_.is_string()) fail(std::string("expected text, found ") + json_.type_name());
        return json_.get<std::string>();
    }
    bool truth() const {
        if (!json_.is_boolean()) fail(std::string("expected true or false, found ") + json_.type_name());
        return json_.get<bool>();
    }
    std::uint64_t count() const {
        if (!json_.is_number_unsigned()) fail(std::string("expected a whole number, found ") + json_.type_name());
        return json_.get<std::uint64_t>();
    }
    std::vector<Node> items() const {
        if (!json_.is_array()) fail(std::string("expected a list, found ") + json_.type_name());
        std::vector<Node> nodes;
        for (std::size_t i = 0; i < json_.size(); ++i)
            nodes.emplace_back(json_[i], file_, key_ + "[" + std::to_string(i) + "]");
        return nodes;
    }

  private:
    const Json& json_;
    const std::string& file_;
    std::string key_;
};

Judgement judgement_of(const Node& node) {
    const auto text = node.text();
    for (const auto judgement : {Judgement::passed, Judgement::skipped, Judgement::inconclusive,
                                 Judgement::fault_not_fired, Judgement::failed, Judgement::error})
        if (text == to_string(judgement)) return judgement;
    node.fail("'" + text.substr(0, 40) + "' is no verdict");
}

std::string text_or_nothing(const Node& node) {
    return node.is_null() ? std::string() : node.text();
}

PastSight sight_of(const Node& run) {
    PastSight sight;
    const auto seen = run.at("observed");
    if (const auto stage = seen.at("stage"); !stage.is_null()) {
        sight.stage = stage_from_string(stage.text());
        if (!sight.stage) stage.fail("'" + stage.text().substr(0, 40) + "' is no stage");
    }
    if (const auto end = seen.at("ended_by"); !end.is_null()) sight.ended_by = end.at("text").text();
    sight.who = text_or_nothing(seen.at("who"));
    if (const auto up = seen.at("session_up"); !up.is_null()) sight.session_up = up.truth();
    sight.pair = text_or_nothing(run.at("mstsc").at("pair"));
    return sight;
}

// The first run that did not pass speaks for an arm, or the first; for one that passed, the first that did.
void read_runs(const Node& list, PastArm& arm) {
    bool spoken = false;
    for (const auto& run : list.items()) {
        const auto verdict = judgement_of(run.at("verdict"));
        if (verdict == Judgement::skipped || verdict == Judgement::error) continue;
        const bool passed = verdict == Judgement::passed;
        ++arm.runs;
        if (passed) ++arm.hits;
        if (arm.sight && (spoken || passed != (arm.verdict == Judgement::passed))) continue;
        spoken = passed == (arm.verdict == Judgement::passed);
        arm.sight = sight_of(run);
    }
}

PastArm read_arm(const Node& node) {
    PastArm arm;
    arm.scenario = node.at("scenario").text();
    arm.family = node.at("family").text();
    arm.arm = node.at("arm").text();
    arm.verdict = judgement_of(node.at("verdict"));
    if (const auto reasons = node.at("reasons").items(); !reasons.empty()) arm.reason = reasons.front().text();
    arm.chance = node.has("chance") && node.at("chance").truth();
    arm.duration_ms = node.at("duration_ms").count();
    read_runs(node.at("runs"), arm);
    return arm;
}

}  // namespace

PastReport parse_report(const std::string& text, const std::string& path) {
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error& error) {
        throw ReportError(path + ": not JSON, at byte " + std::to_string(error.byte));
    }
    const Node root(json, path, {});
    if (root.at("format").count() != 1) root.at("format").fail("expected 1: this is another kind of report");
    PastReport report{path,
                      root.at("rdpfault").text(),
                      root.at("started").text(),
                      root.at("server").text(),
                      root.at("client").text(),
                      root.at("interrupted").truth(),
                      {}};
    std::set<std::tuple<std::string, std::string, std::string>> known;
    for (const auto& node : root.at("arms").items()) {
        auto arm = read_arm(node);
        if (!known.emplace(arm.family, arm.scenario, arm.arm).second)
            node.fail("a second " + arm.arm + " of " + arm.name());
        report.arms.push_back(std::move(arm));
    }
    return report;
}

PastReport read_report(const std::string& given) {
    std::error_code error;
    const auto folder = std::filesystem::is_directory(given, error);
    const auto path = folder ? (std::filesystem::path(given) / "results.json").string() : given;
    const auto size = std::filesystem::file_size(path, error);
    if (error) throw ReportError(path + ": " + error.message());
    if (size > most_bytes) throw ReportError(path + ": larger than 256 MiB; this is not a report");
    std::ifstream file(path, std::ios::binary);
    std::string text(static_cast<std::size_t>(size), '\0');
    file.read(text.data(), static_cast<std::streamsize>(size));
    if (!file) throw ReportError(path + ": cannot be read");
    return parse_report(text, path);
}

}  // namespace rdpfault::harness
