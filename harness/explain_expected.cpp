#include <algorithm>
#include <array>

#include "harness/explain_answer.hpp"

namespace rdpfault::harness {

namespace {

struct Case {
    Stage furthest;
    Ending ending;
    bool staged = true;
};

// What ends a connection by a code, and the stage at which such a code usually comes.
struct Coded {
    Family family;
    EndKind kind;
    Stage furthest;
    bool staged = false;  // elsewhere it would be predicted otherwise
};
constexpr std::array coded{
    Coded{Family::negotiation, EndKind::negotiation_failure, Stage::x224_confirm},
    Coded{Family::tls_alert, EndKind::tls_alert, Stage::tls_client_hello, true},
    Coded{Family::ntstatus, EndKind::authentication, Stage::nla_authenticate},
    Coded{Family::license, EndKind::license_error, Stage::rdp_licensing},
    Coded{Family::error_info, EndKind::error_info, Stage::rdp_licensing},
    Coded{Family::disconnect, EndKind::disconnect, Stage::rdp_active},
};

bool session_up(Stage furthest) {
    return furthest == Stage::rdp_active;
}

Ending ending_of(EndKind kind, std::uint32_t code = 0) {
    return {.kind = kind, .code = code, .detail = {}};
}

// Every ending there can be, in the order of the wire within a kind.
std::vector<Case> all_endings() {
    std::vector<Case> all;
    for (const auto kind : {EndKind::name_not_found, EndKind::refused, EndKind::unreachable})
        all.push_back({Stage::tcp_connect, ending_of(kind), false});
    for (const auto kind : {EndKind::reset, EndKind::close, EndKind::timeout, EndKind::malformed})
        for (const auto& stage : stages())
            if (stage.stage <= Stage::rdp_active) all.push_back({stage.stage, ending_of(kind)});
    for (const auto& row : coded)
        for (const auto& code : codes(row.family)) {
            // STATUS_VALID_CLIENT is a licensing message that ends nothing.
            if (row.family == Family::license && code.code == 7) continue;
            all.push_back({row.furthest, ending_of(row.kind, code.code), row.staged});
        }
    return all;
}

// "alert 40, 70, 71": endings of one kind that are predicted alike are one line.
struct Group {
    Expected line;
    EndKind kind;
    std::vector<Ending> endings;
};

std::string text_of(const Group& group) {
    constexpr std::size_t most = 6;
    if (group.kind == EndKind::malformed || group.endings.size() > most) return std::string(to_string(group.kind));
    if (group.endings.size() == 1) return to_string(group.endings.front());
    std::string text = std::string(to_string(group.kind)) + ' ';
    const auto* row = std::ranges::find(coded, group.kind, &Coded::kind);
    for (const auto& ending : group.endings)
        text += (&ending == &group.endings.front() ? "" : ", ") + code_text(row->family, ending.code);
    return text;
}

template <class Wanted>
std::vector<Expected> collect(const std::vector<Case>& cases, Wanted wanted) {
    std::vector<Group> groups;
    for (const auto& [furthest, ending, staged] : cases) {
        const auto prediction = predict(furthest, session_up(furthest), ending);
        if (!wanted(prediction)) continue;
        auto* last = groups.empty() ? nullptr : &groups.back();
        const bool alike = last != nullptr && last->kind == ending.kind &&
                           last->line.prediction.why == prediction.why &&
                           last->line.prediction.pair.has_value() == prediction.pair.has_value() &&
                           last->line.session_up == session_up(furthest);
        if (!alike) {
            const auto stage = staged ? std::optional(furthest) : std::nullopt;
            const auto mstsc = prediction.pair ? to_string(*prediction.pair) : std::string();
            groups.push_back({{"", stage, stage, session_up(furthest), prediction, mstsc}, ending.kind, {ending}});
            continue;
        }
        if (staged) last->line.last = furthest;
        // The pair of an ERRINFO repeats its number.
        if (prediction.pair != last->line.prediction.pair)
            last->line.mstsc = code_text(Family::mstsc, prediction.pair->code) + "/n";
        if (!last->endings.back().same(ending)) last->endings.push_back(ending);
    }
    std::vector<Expected> lines;
    for (auto& group : groups) {
        group.line.ending = text_of(group);
        // FIN and RST are mostly predicted alike.
        const auto twin = std::ranges::find_if(lines, [&](const Expected& line) {
            return line.first == group.line.first && line.last == group.line.last &&
                   line.session_up == group.line.session_up && line.prediction.why == group.line.prediction.why;
        });
        if (twin != lines.end())
            twin->ending += " or " + group.line.ending;
        else
            lines.push_back(std::move(group.line));
    }
    return lines;
}

}  // namespace

std::vector<Expected> endings_shown_as(std::uint32_t code, std::optional<std::uint32_t> extended) {
    return collect(all_endings(), [&](const Prediction& prediction) {
        return prediction.pair && prediction.pair->code == code &&
               (!extended || prediction.pair->extended == *extended);
    });
}

std::vector<Expected> endings_after(Stage stage) {
    if (stage > Stage::rdp_active) return {};
    std::vector<Case> cases;
    for (const auto kind : {EndKind::reset, EndKind::close, EndKind::timeout, EndKind::malformed})
        cases.push_back({stage, ending_of(kind)});
    return collect(cases, [](const Prediction&) { return true; });
}

std::vector<Expected> endings_with(const CodeInfo& row) {
    const auto found = std::ranges::find(coded, row.family, &Coded::family);
    if (found == coded.end()) return {};
    return collect({{found->furthest, ending_of(found->kind, row.code), found->staged}},
                   [](const Prediction&) { return true; });
}

}  // namespace rdpfault::harness
