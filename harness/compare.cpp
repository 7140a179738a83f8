#include "harness/compare.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "harness/rate.hpp"

namespace rdpfault::harness {

namespace {

enum class State : std::uint8_t { works, broken, unknown };

State state_of(const PastArm& arm) {
    if (arm.verdict == Judgement::passed) return State::works;
    if (arm.verdict == Judgement::failed) return State::broken;
    const bool ended_before = arm.sight && arm.sight->session_up == false;
    return arm.verdict == Judgement::fault_not_fired && ended_before ? State::broken : State::unknown;
}

std::string stage_text(const PastSight& sight) {
    return sight.stage ? std::string(to_string(*sight.stage)) : "no stage";
}

// Who closes a connection first that both have done with is a matter of microseconds.
std::optional<PastSight> told(std::optional<PastSight> sight) {
    if (sight && sight->ended_by == to_string(EndKind::orderly)) sight->who.clear();
    return sight;
}

// What is different in how the two ended; empty when nothing is.
std::string difference_of(const std::optional<PastSight>& first, const std::optional<PastSight>& second) {
    const auto before = told(first), after = told(second);
    if (before == after) return {};
    if (!before || !after) return before ? "nothing was seen the second time" : "nothing was seen the first time";
    std::string text;
    const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
    if (before->stage != after->stage)
        add((after->stage > before->stage ? "got further: " : "got less far: ") + stage_text(*before) + " -> " +
            stage_text(*after));
    const auto other = [&](const char* what, const std::string& a, const std::string& b) {
        if (a != b) add(std::string(what) + (a.empty() ? "-" : a) + " -> " + (b.empty() ? "-" : b));
    };
    other("ended by ", before->ended_by, after->ended_by);
    other("ended first by ", before->who, after->who);
    other("mstsc ", before->pair, after->pair);
    return text.empty() ? "the session was up in one of the two only" : text;
}

std::string share_text(const PastArm& arm) {
    return std::to_string(arm.hits) + " of " + std::to_string(arm.runs);
}

// Both were run, and every run had to give the same.
void compare_runs(ArmChange& arm, State before, State after) {
    const auto other = difference_of(arm.before->sight, arm.after->sight);
    arm.why = other;
    if (before != after) {
        const bool known = before != State::unknown && after != State::unknown;
        arm.change = known ? (after == State::works ? Change::fixed : Change::newly_broken) : Change::undecided;
        if (!known)
            arm.why = std::string(to_string(arm.before->verdict)) + " -> " +
                      std::string(to_string(arm.after->verdict)) + (other.empty() ? "" : "; " + other);
    } else if (before == State::unknown && (!other.empty() || arm.before->verdict != arm.after->verdict ||
                                            arm.after->verdict == Judgement::error)) {
        arm.change = Change::undecided;
    } else if (!other.empty()) {
        arm.change = Change::changed;
    } else {
        arm.change = before == State::broken ? Change::still_broken : Change::unchanged;
    }
}

// Chance has a say: what one run saw proves nothing, the shares of the runs do.
void compare_shares(ArmChange& arm, State before, State after, double confidence) {
    const auto& a = *arm.before;
    const auto& b = *arm.after;
    const auto interval = difference(a.hits, a.runs, b.hits, b.runs, confidence);
    const bool more = interval.low > 0, less = interval.high < 0;
    arm.why = share_text(a) + " -> " + share_text(b) + " runs, difference " + percent(interval.low) + " to " +
              percent(interval.high);
    if (before == State::unknown || after == State::unknown)
        arm.change = Change::undecided;
    else if (before == after)
        arm.change = more || less ? Change::changed : after == State::broken ? Change::still_broken : Change::unchanged;
    else if (after == State::works)
        arm.change = more ? Change::fixed : Change::undecided;
    else
        arm.change = less ? Change::newly_broken : Change::undecided;
}

void decide(ArmChange& arm, double confidence) {
    if (!arm.before || !arm.after) {
        arm.change = arm.after ? Change::added : Change::removed;
        return;
    }
    const auto skipped = [](const PastArm& one) { return one.verdict == Judgement::skipped; };
    if (skipped(*arm.before) && skipped(*arm.after)) {
        arm.change = Change::not_run;
        arm.why = arm.after->reason;
        return;
    }
    const auto before = state_of(*arm.before), after = state_of(*arm.after);
    if ((arm.before->chance || arm.after->chance) && arm.before->runs > 0 && arm.after->runs > 0)
        compare_shares(arm, before, after, confidence);
    else
        compare_runs(arm, before, after);
}

using Key = std::tuple<std::string, std::string, std::string>;
Key key_of(const PastArm& arm) {
    return {arm.family, arm.scenario, arm.arm};
}

void note(Comparison& comparison, const char* what, const std::string& before, const std::string& after) {
    if (before != after) comparison.notes.push_back(std::string(what) + ": " + before + " before, " + after + " after");
}

}  // namespace

std::string_view to_string(Change change) {
    switch (change) {
        case Change::newly_broken: return "newly broken";
        case Change::undecided: return "undecided";
        case Change::fixed: return "fixed";
        case Change::changed: return "changed";
        case Change::still_broken: return "still broken";
        case Change::unchanged: return "unchanged";
        case Change::added: return "added";
        case Change::removed: return "removed";
        case Change::not_run: return "not run";
    }
    return "";
}

Comparison compare(const PastReport& before, const PastReport& after, double confidence) {
    Comparison comparison;
    comparison.started = after.started;
    note(comparison, "server", before.server, after.server);
    note(comparison, "client", before.client, after.client);
    note(comparison, "rdpfault", before.version, after.version);
    if (before.interrupted) comparison.notes.emplace_back("the run before was interrupted");
    if (after.interrupted) comparison.notes.emplace_back("the run after was interrupted");
    std::map<Key, const PastArm*> old;
    for (const auto& arm : before.arms)
        old.emplace(key_of(arm), &arm);
    for (const auto& arm : after.arms) {
        ArmChange change{std::nullopt, arm, Change::added, {}};
        if (const auto found = old.find(key_of(arm)); found != old.end()) {
            change.before = *found->second;
            old.erase(found);
        }
        comparison.arms.push_back(std::move(change));
    }
    for (const auto& arm : before.arms)
        if (old.contains(key_of(arm))) comparison.arms.push_back({arm, std::nullopt, Change::removed, {}});
    for (auto& arm : comparison.arms)
        decide(arm, confidence);
    return comparison;
}

int exit_status(const Comparison& comparison) {
    const auto any = [&](Change change) {
        return std::any_of(comparison.arms.begin(), comparison.arms.end(),
                           [change](const auto& arm) { return arm.change == change; });
    };
    if (any(Change::newly_broken)) return 1;
    return any(Change::undecided) ? 3 : 0;
}

}  // namespace rdpfault::harness
