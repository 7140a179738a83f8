// What `explain` writes on a code: the endings that lead there, the causes, the scenarios, the sources.
#include <algorithm>
#include <set>

#include "harness/explain_sections.hpp"
#include "harness/unexplained.hpp"

namespace rdpfault::harness {

namespace {

constexpr std::size_t few = 6;         // so many are told in full
constexpr std::size_t page_full = 10;  // no more scenarios on a terminal

std::string capital(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

std::string shown(const Expected& line) {
    if (line.mstsc.empty()) return "unknown";
    return line.mstsc + " (" + std::string(to_string(line.prediction.confidence)) + ')';
}

std::string ending_of(const Expected& line) {
    auto text = line.ending + (line.session_up ? " in an active session" : "");
    if (!line.session_up && line.first) text += " after " + std::string(to_string(*line.first));
    if (!line.session_up && line.last != line.first) text += " to " + std::string(to_string(*line.last));
    return text;
}

// One item for each pair and confidence.
std::vector<PageItem> grouped(const std::vector<Expected>& expected) {
    std::vector<PageItem> items;
    for (const auto& line : expected) {
        const auto term = shown(line);
        auto item = std::ranges::find(items, term, &PageItem::term);
        if (item == items.end())
            items.push_back({term, ending_of(line)});
        else
            item->text += "; " + ending_of(line);
    }
    return items;
}

std::string others(std::size_t count, const std::string& command) {
    return "and " + std::to_string(count) + " others: " + command;
}

std::string listing_command(const Answer& answer) {
    if (answer.cause != nullptr) return "rdpfault scenarios --cause " + std::string(answer.cause->id);
    if (answer.pair) return "rdpfault scenarios --mstsc " + to_string(*answer.pair);
    return "--format markdown lists them";
}

// Of each cause the first, unless a cause is what was asked for.
std::vector<const KnownScenario*> representatives(const Answer& answer) {
    std::vector<const KnownScenario*> chosen;
    std::set<std::string_view> causes;
    for (const auto* scenario : answer.scenarios)
        if (chosen.size() < (answer.cause != nullptr ? few : page_full) &&
            (answer.cause != nullptr || causes.insert(scenario->cause).second))
            chosen.push_back(scenario);
    return chosen;
}

}  // namespace

PageItem code_item(const CodeInfo& row) {
    const auto& family = info(row.family);
    auto term = std::string(family.name) + ' ' + code_text(row);
    if (family.hexadecimal && row.code > 9 && row.code <= 0xFFFF) term += " = " + std::to_string(row.code);
    if (!row.name.empty()) term += ' ' + std::string(row.name);
    auto text = std::string(row.meaning) + '.';
    // The other families' related codes have a row of their own.
    if (row.family == Family::tls_alert && row.related != 0)
        text += " Schannel status " + code_text(Family::ntstatus, row.related) + '.';
    return {std::move(term), std::move(text)};
}

void add_expected(Page& page, const Answer& answer, bool full) {
    const bool leads_here = !answer.codes.empty() && answer.codes.front()->family == Family::mstsc;
    PageSection section{leads_here ? "Endings that mstsc shows so" : "What mstsc is expected to show", {}};
    if (answer.unexplained()) {
        const auto* row = find_unexplained(answer.codes.front()->code);
        section.items.push_back({"", row != nullptr ? "Not known: " + std::string(row->why) + '.'
                                                    : "No way of ending a connection is known that leads here."});
    }
    if (full || answer.expected.size() <= few)
        for (const auto& line : answer.expected)
            section.items.push_back({ending_of(line), shown(line) + ". " + std::string(line.prediction.why)});
    else
        section.items = grouped(answer.expected);
    page.sections.push_back(std::move(section));
}

void add_possible_causes(Page& page, const Answer& answer, bool full) {
    PageSection section{"Possible causes", {}};
    std::string weak;
    // An event may be a sign because it is not there.
    const auto missing = [&answer](const Cause& cause) {
        const bool all_absent = std::ranges::none_of(cause.events, [&](const Sign& sign) {
            return !sign.absent && std::ranges::any_of(answer.events, [&](const EventInfo* event) {
                return event->id == sign.id && event->log == sign.log;
            });
        });
        return !answer.events.empty() && all_absent;
    };
    for (const auto* cause : answer.causes) {
        const bool brief = !full && answer.causes.size() > page_full && cause->grade <= Grade::weak;
        if (brief)
            weak += (weak.empty() ? "" : ", ") + std::string(cause->id);
        else
            section.items.push_back(
                {std::string(cause->id) + (missing(*cause) ? ", when it is missing" : ""),
                 std::string(cause->title) + " (evidence: " + std::string(to_string(cause->grade)) + ")."});
    }
    if (!weak.empty()) section.items.push_back({"with weak evidence", weak});
    page.sections.push_back(std::move(section));
}

void add_scenarios(Page& page, const Answer& answer, bool full) {
    PageSection section{answer.causes.empty() ? "Scenarios" : "Scenarios of these causes", {}};
    const auto chosen = full ? answer.scenarios : representatives(answer);
    for (const auto* scenario : chosen)
        section.items.push_back({scenario->path, scenario->summary});
    if (const auto rest = answer.scenarios.size() - chosen.size(); rest > 0)
        section.items.push_back({"", others(rest, listing_command(answer))});
    page.sections.push_back(std::move(section));
}

void add_fix_arms(Page& page, const Answer& answer, bool full) {
    if (answer.cause == nullptr) return;
    PageSection section{"Fix arms that show it", {}};
    std::size_t left_out = 0;
    std::set<std::string_view> told;
    for (const auto* scenario : answer.scenarios)
        for (const auto& fix : scenario->fixes) {
            const bool wanted = full || (told.size() < few && told.insert(fix.action).second);
            if (wanted)
                section.items.push_back({scenario->name + ' ' + fix.arm, fix.action});
            else
                ++left_out;
        }
    if (left_out > 0)
        section.items.push_back({"", others(left_out, "rdpfault explain " + answer.question + " --format markdown")});
    page.sections.push_back(std::move(section));
}

void add_sources(Page& page, const Answer& answer, bool full) {
    std::set<std::string_view> keys;
    const auto take = [&](std::string_view source) {
        for (const auto key : source_keys(source))
            keys.insert(key);
    };
    for (const auto* row : answer.codes)
        take(row->source);
    for (const auto* event : answer.events)
        take(event->source);
    for (const auto& line : answer.expected)
        take(line.prediction.source);
    if (answer.cause != nullptr) take(answer.cause->source);
    if (answer.advice.size() == 1) take(answer.advice.front()->source);
    PageSection section{"Sources", {}};
    std::string names;
    for (const auto& source : sources())
        if (keys.contains(source.key)) {
            section.items.push_back({"", capital(std::string(source.text))});
            names += std::string(source.key) + ' ';
        }
    if (!full && section.items.size() > few)
        section.items = {{"", names + "(docs/codes.md, or --format markdown, spells them out)"}};
    page.sections.push_back(std::move(section));
}

}  // namespace rdpfault::harness
