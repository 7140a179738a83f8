#include "harness/rank_causes.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "harness/rank_signatures.hpp"

namespace rdpfault::harness {

namespace {

using std::chrono::microseconds;

constexpr microseconds quick{250'000};
constexpr microseconds slow{1'500'000};
constexpr double most = 15;  // what a cause gets when everything agrees
constexpr std::size_t longest_list = 8;

bool has(const std::vector<Stage>& stages, Stage stage) {
    return std::ranges::find(stages, stage) != stages.end();
}

bool has_after(const std::vector<Stage>& stages, Stage stage) {
    return std::ranges::any_of(stages, [&](Stage one) { return one > stage; });
}

// Stages that a user, and most causes, would not tell apart.
int phase(Stage stage) {
    if (stage <= Stage::tcp_connect) return 0;
    if (stage <= Stage::x224_confirm) return 1;
    if (stage <= Stage::tls_established) return 2;
    if (stage == Stage::tls_application_data) return 3;
    if (stage <= Stage::nla_early_auth) return 4;
    if (stage <= Stage::mcs_channel_join) return 5;
    return stage < Stage::rdp_active ? 6 : 7;
}

bool has_neighbour(const std::vector<Stage>& stages, Stage stage) {
    return std::ranges::any_of(stages, [&](Stage one) { return phase(one) == phase(stage); });
}

bool is_nla(Stage stage) {
    return stage >= Stage::nla_negotiate && stage <= Stage::nla_early_auth;
}

// Points for the stage; nullopt: this cause ends elsewhere.
std::optional<double> stage_points(const Cause& cause, const Symptoms& seen, bool said) {
    if (cause.stages.empty()) return 1;
    const bool up = seen.session_up.value_or(false);
    const auto stage = up && seen.hidden ? Stage::rdp_active : seen.stage;
    const bool in_nla = std::ranges::any_of(cause.stages, is_nla);
    // What comes first inside TLS is NLA, where it was selected.
    if (seen.hidden && !up && seen.nla == true && in_nla) return 4;
    if (seen.hidden && !up && seen.nla == true && has(cause.stages, stage)) return 2;
    if (seen.hidden && seen.nla == false && in_nla) return std::nullopt;
    if (has(cause.stages, stage)) return 4;
    if (seen.first_records && has(cause.stages, Stage::tls_established)) return 3;
    if (has_neighbour(cause.stages, stage)) return 2;
    // Behind the last stage that can be seen there may be any that cannot.
    const bool hidden = seen.hidden && !up && seen.stage == Stage::tls_application_data;
    if (hidden && has_after(cause.stages, seen.stage) && cause.stages.front() < Stage::rdp_confirm_active) return 2;
    if (!seen.stage_certain && has_after(cause.stages, seen.stage)) return 2;
    if (said) return 1;  // a code says more than the stage
    return std::nullopt;
}

// Points for the way it ended; nullopt: this cause ends in other ways.
std::optional<double> kind_points(const Signature& signature, const Symptoms& seen) {
    const auto& ending = seen.ending;
    for (const auto& coded : signature.said) {
        if (coded.kind == ending.kind && coded.codes.empty()) return 4;
        if (coded.kind == ending.kind && std::ranges::find(coded.codes, ending.code) != coded.codes.end()) return 5;
    }
    if (std::ranges::find(signature.kinds, ending.kind) != signature.kinds.end()) return 3;
    // What the server says inside TLS before it closes is not seen.
    const bool unheard = seen.hidden && seen.who != Party::client && ending.kind == EndKind::close;
    if (unheard && std::ranges::any_of(signature.said, [](const Coded& coded) {
            return coded.kind == EndKind::authentication || coded.kind == EndKind::license_error;
        }))
        return 4;
    return std::nullopt;
}

double who_points(const Signature& signature, Party who) {
    switch (who) {
        case Party::unknown: return 0;
        case Party::between: return signature.between ? 4 : -3;
        case Party::client: return signature.client ? 2 : -3;
        case Party::server: return signature.server ? 2 : -3;
    }
    return 0;
}

double pace_points(const Signature& signature, const Symptoms& seen) {
    if (!seen.since_stage || signature.pace == Pace::any) return 0;
    if (signature.pace == Pace::quick) return *seen.since_stage <= quick ? 1 : -1;
    return *seen.since_stage >= slow ? 2 : -2;
}

double grade_points(Grade grade) {
    switch (grade) {
        case Grade::good: return 0.6;
        case Grade::medium: return 0.3;
        case Grade::contradicted: return -0.3;
        default: return 0;
    }
}

std::string time_text(microseconds time) {
    char text[32];
    if (time < std::chrono::milliseconds(1))
        std::snprintf(text, sizeof text, "%d us", static_cast<int>(time.count()));
    else if (time < std::chrono::seconds(1))
        std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(time.count()) / 1000);
    else
        std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(time.count()) / 1e6);
    return text;
}

std::string reason_of(const Cause& cause, const Signature& signature, const Symptoms& seen,
                      const Prediction& prediction, double at_stage) {
    const bool gave_up = seen.ending.kind == EndKind::timeout && seen.who == Party::client;
    auto text = gave_up ? "the client waited in vain" : "it ended by " + to_string(seen.ending);
    if (seen.who == Party::between) text += " that neither end sent";
    if (seen.who == Party::client && !gave_up) text += " of the client";
    if (seen.who == Party::server) text += " from the server's side";
    if (at_stage >= 4 && seen.hidden && seen.nla == true && std::ranges::any_of(cause.stages, is_nla))
        text += " inside TLS, where the NLA that was selected comes first";
    else if (at_stage >= 4)
        text += " after " + std::string(to_string(seen.stage)) + ", where this cause strikes";
    if (at_stage == 3) text += " after the first records inside TLS, where this cause strikes";
    if (at_stage == 2)
        text += seen.hidden ? ", and behind TLS no stage is seen" : ", near the stages where this cause strikes";
    if (at_stage == 1 && cause.stages.empty()) text += "; this cause may strike at any stage";
    if (pace_points(signature, seen) > 0)
        text += (signature.pace == Pace::quick ? ", at once (" : ", after a long wait (") +
                time_text(*seen.since_stage) + ")";
    if (prediction.pair && std::ranges::find(cause.shows, *prediction.pair) != cause.shows.end())
        text += "; " + to_string(*prediction.pair) + " is what it shows";
    return text;
}

std::optional<RankedCause> weigh(const Cause& cause, const Symptoms& seen, const Prediction& prediction) {
    const auto* signature = find_signature(cause.id);
    if (signature == nullptr) return std::nullopt;
    const auto in_this_way = kind_points(*signature, seen);
    if (!in_this_way) return std::nullopt;
    const auto at_stage = stage_points(cause, seen, *in_this_way > 3);
    if (!at_stage) return std::nullopt;
    double score = *in_this_way + *at_stage + who_points(*signature, seen.who) + pace_points(*signature, seen) +
                   grade_points(cause.grade);
    if (prediction.pair && std::ranges::find(cause.shows, *prediction.pair) != cause.shows.end())
        score += seen.hidden ? 1 : 2;
    if (seen.ordinal > 1 && signature->later_connections) score += 1;
    if (score <= 3) return std::nullopt;
    return RankedCause{&cause, std::min(1.0, score / most), reason_of(cause, *signature, seen, prediction, *at_stage)};
}

}  // namespace

std::string_view to_string(Party party) {
    constexpr std::array<std::string_view, 4> names{"unknown", "client", "server", "between"};
    return names.at(static_cast<std::size_t>(party));
}

Prediction prediction_of(const Symptoms& seen) {
    // mstsc shows no dialog of the network for what it has ended itself, unless it had waited in vain.
    const bool silently = seen.ending.kind == EndKind::close || seen.ending.kind == EndKind::reset;
    if (seen.told_by_client || (seen.who == Party::client && silently))
        return {std::nullopt, Confidence::unknown, {}, "The client ended it: what it shows depends on why."};
    return predict(seen.stage, seen.session_up.value_or(false), seen.ending);
}

std::vector<RankedCause> rank_causes(const Symptoms& seen) {
    std::vector<RankedCause> ranked;
    if (seen.ending.kind == EndKind::none || seen.ending.kind == EndKind::orderly) return ranked;
    const auto prediction = prediction_of(seen);
    for (const auto& cause : causes())
        if (auto weighed = weigh(cause, seen, prediction)) ranked.push_back(std::move(*weighed));
    std::ranges::stable_sort(ranked, std::ranges::greater(), &RankedCause::score);
    if (ranked.size() > longest_list) ranked.resize(longest_list);
    return ranked;
}

}  // namespace rdpfault::harness
