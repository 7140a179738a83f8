#include <algorithm>
#include <set>

#include "harness/evidence_table.hpp"

namespace rdpfault::harness {

namespace {

std::string said(const ShownEnd& outcome) {
    return outcome.ended_by + " after " + outcome.stage + (outcome.who == "-" ? "" : " by " + outcome.who) +
           (outcome.exit.empty() ? "" : ", exit " + outcome.exit) + ", mstsc " + outcome.pair + " (" +
           outcome.confidence + ")";
}

std::string said(const std::vector<ShownEnd>& outcomes) {
    std::string text;
    for (const auto& outcome : outcomes)
        text += (text.empty() ? "" : "; or ") + said(outcome);
    return text.empty() ? "nothing" : text;
}

std::string name(const EvidenceKey& key) {
    return key.scenario + " " + key.arm + ", " + key.peers + ": ";
}

// The same to whoever sits at the client: what a program tells at its exit, or else the end and the code it is shown
// as.
bool alike(const ShownEnd& a, const ShownEnd& b) {
    if (!a.exit.empty() && a.exit == b.exit) return true;
    return a.ended_by == b.ended_by && a.pair == b.pair;
}

void compare_cells(const EvidenceKey& key, const EvidenceCell& before, const EvidenceCell& now, Deviations& all) {
    auto& found = all.found;
    if (before.verdict != now.verdict)
        found.push_back(name(key) + "the verdict was " + before.verdict + " and is " + now.verdict);
    else if (before.reason != now.reason)
        found.push_back(name(key) + "was skipped because it " + before.reason + ", and now because it " + now.reason);
    if (before.chance || now.chance) return;
    if (before.runs == 0) return;
    for (const auto& outcome : now.outcomes) {
        if (std::binary_search(before.outcomes.begin(), before.outcomes.end(), outcome)) continue;
        const bool known = std::any_of(before.outcomes.begin(), before.outcomes.end(),
                                       [&](const auto& one) { return alike(one, outcome); });
        (known ? all.races : found).push_back(name(key) + "was " + said(before.outcomes) + "; now " + said(outcome));
    }
}

// An arm of a scenario that was run; a report need not hold all kinds of arms.
std::string kind(const std::string& arm) {
    return arm.substr(0, arm.find(':'));
}

}  // namespace

Deviations deviations(const EvidenceTable& committed, const EvidenceTable& now) {
    Deviations all;
    auto& found = all.found;
    std::set<std::tuple<std::string, std::string, std::string>>
        scenarios;  // peers, kind of arm, scenario: what was run
    for (const auto& [key, cell] : now) {
        scenarios.emplace(key.peers, kind(key.arm), key.scenario);
        const auto before = committed.find(key);
        if (before == committed.end())
            found.push_back(name(key) + "is not in the table; it gave " + cell.verdict + ", " + said(cell.outcomes));
        else
            compare_cells(key, before->second, cell, all);
    }
    for (const auto& [key, cell] : committed)
        if (!now.contains(key) && scenarios.contains({key.peers, kind(key.arm), key.scenario}))
            found.push_back(name(key) + "is in the table, and its scenario has no such arm any more");
    return all;
}

}  // namespace rdpfault::harness
