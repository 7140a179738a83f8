#include "harness/calibrate.hpp"

#include <algorithm>
#include <charconv>

#include "harness/json_node.hpp"
#include "harness/utc.hpp"

namespace rdpfault::harness {

namespace {

// Clocks that are kept by NTP, and an event that is written after the fact.
constexpr std::chrono::seconds slack{2};

Ending ending_in(const JsonNode& node) {
    Ending ending;
    if (node.is_null()) return ending;
    const auto kind = node.at("kind");
    const auto known = end_kind_from_string(kind.text());
    if (!known) kind.fail("'" + kind.text().substr(0, 40) + "' is no ending");
    ending.kind = *known;
    ending.code = static_cast<std::uint32_t>(node.at("code").count());
    return ending;
}

std::optional<Stage> stage_in(const JsonNode& node) {
    if (node.is_null()) return std::nullopt;
    const auto stage = stage_from_string(node.text());
    if (!stage) node.fail("'" + node.text().substr(0, 40) + "' is no stage");
    return stage;
}

SeenConnection connection_in(const JsonNode& node) {
    SeenConnection seen;
    const auto accepted = node.at("accepted");
    const auto time = utc_from_string(accepted.text());
    if (!time) accepted.fail("expected a time such as 2026-01-02T03:04:05.678901Z");
    seen.accepted = *time;
    seen.stage = stage_in(node.at("stage"));
    seen.ending = ending_in(node.at("ending"));
    return seen;
}

// The port of "lab:3390"; 0: none is named.
std::uint32_t port_of(const std::string& server) {
    const auto colon = server.rfind(':');
    std::uint32_t port = 0;
    if (colon == std::string::npos) return 0;
    const auto* end = server.data() + server.size();
    const auto [rest, error] = std::from_chars(server.data() + colon + 1, end, port);
    return error == std::errc{} && rest == end ? port : 0;
}

bool meets(const MstscAttempt& attempt, const SeenConnection& seen, std::chrono::milliseconds offset) {
    const auto port = port_of(attempt.server);
    if (port != 0 && seen.port != 0 && port != seen.port) return false;
    const auto accepted = seen.accepted + offset;
    return accepted >= attempt.began - slack && accepted <= attempt.ended + slack;
}

std::vector<const SeenConnection*> of_attempt(const MstscAttempt& attempt, std::span<const SeenConnection> connections,
                                              std::chrono::milliseconds offset) {
    std::vector<const SeenConnection*> found;
    for (const auto& seen : connections)
        if (meets(attempt, seen, offset)) found.push_back(&seen);
    std::stable_sort(found.begin(), found.end(), [](auto* a, auto* b) { return a->accepted < b->accepted; });
    return found;
}

// Why these connections do not say what the attempt's code stands for; empty: they do.
std::string objection(const MstscAttempt& attempt, const std::vector<const SeenConnection*>& connections) {
    if (!attempt.reason) return "mstsc told no reason";
    if (connections.empty()) return "the proxy saw no connection at that time";
    for (const auto* one : connections)
        if (one->scenario != connections.front()->scenario || one->arm != connections.front()->arm)
            return "connections of " + connections.front()->scenario + " and " + one->scenario + " fall into it";
    const auto& last = *connections.back();
    if (!last.stage || last.ending.kind == EndKind::none)
        return "the proxy does not know how its last connection ended";
    return {};
}

std::string told(const CalibrationRow& row) {
    char code[16];
    std::snprintf(code, sizeof code, "0x%X", row.code);
    return row.scenario + " " + row.arm + ": " + (row.extended ? to_string(MstscPair{row.code, *row.extended}) : code) +
           " after " + std::string(to_string(row.end.stage)) + ", " +
           to_string(Ending{.kind = row.end.ending, .code = row.end.code, .detail = {}});
}

std::size_t meetings(std::span<const MstscAttempt> attempts, std::span<const SeenConnection> connections,
                     std::chrono::milliseconds offset) {
    return static_cast<std::size_t>(std::count_if(attempts.begin(), attempts.end(), [&](const auto& attempt) {
        return std::any_of(connections.begin(), connections.end(),
                           [&](const auto& seen) { return meets(attempt, seen, offset); });
    }));
}

// Time zones and clocks that nobody set: the shift between some attempt and some connection that fits most.
std::chrono::seconds best_shift(std::span<const MstscAttempt> attempts, std::span<const SeenConnection> connections) {
    using std::chrono::round, std::chrono::seconds;
    constexpr std::size_t most_tried = 200;
    std::pair<std::size_t, seconds> best{0, seconds(0)};
    std::size_t tried = 0;
    for (const auto& attempt : attempts)
        for (const auto& seen : connections) {
            if (++tried > most_tried) return best.second;
            const auto shift = round<seconds>(attempt.began - seen.accepted);
            if (const auto count = meetings(attempts, connections, shift); count > best.first) best = {count, shift};
        }
    return best.second;
}

}  // namespace

std::vector<SeenConnection> connections_in(const std::string& text, const std::string& file) {
    const auto json = parse_json(text, file);
    const JsonNode root(json, file, {});
    std::vector<SeenConnection> all;
    for (const auto& arm : root.at("arms").items())
        for (const auto& run : arm.at("runs").items()) {
            if (!run.has("connections")) continue;  // it was not run
            const auto nodes = run.at("connections").items();
            for (const auto& node : nodes) {
                auto& seen = all.emplace_back(connection_in(node));
                seen.scenario = arm.at("scenario").text();
                seen.arm = arm.at("arm").text();
                if (root.has("port")) seen.port = static_cast<std::uint32_t>(root.at("port").count());
            }
            // The last one is that which the run tells about.
            if (nodes.empty()) continue;
            const auto observed = run.at("observed");
            if (const auto end = ending_in(observed.at("ended_by")); end.kind != EndKind::none) all.back().ending = end;
            if (const auto up = observed.at("session_up"); !up.is_null()) all.back().session_up = up.truth();
        }
    return all;
}

CalibrateResult calibrate(std::span<const MstscAttempt> attempts, std::span<const SeenConnection> connections,
                          std::chrono::milliseconds offset) {
    CalibrateResult result;
    std::size_t met = 0;
    for (const auto& attempt : attempts) {
        const auto own = of_attempt(attempt, connections, offset);
        met += own.empty() ? 0 : 1;
        CalibrateResult::Line line{attempt, own.size(), objection(attempt, own), false};
        if (line.outcome.empty()) {
            const auto& last = *own.back();
            CalibrationRow row;
            row.end = {*last.stage, last.session_up || attempt.session_up, last.ending.kind, last.ending.code};
            row.scenario = last.scenario;
            row.arm = last.arm;
            row.code = *attempt.reason;
            row.extended = attempt.extended;
            row.failures = attempt.failures;
            result.calibration.add(row);
            line.outcome = told(row);
            line.taken = true;
        }
        result.lines.push_back(std::move(line));
    }
    if (met == 0) result.suggested_offset = best_shift(attempts, connections);
    return result;
}

}  // namespace rdpfault::harness
