#include "harness/explain_answer.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "harness/explain_query.hpp"

namespace rdpfault::harness {

namespace {

void ask_pair(Answer& answer, std::uint32_t code, std::uint32_t extended) {
    const auto* primary = find(Family::mstsc, code);
    if (primary == nullptr) primary = find(Family::gateway, code);
    if (primary == nullptr) return;
    answer.pair = MstscPair{code, extended};
    answer.codes.push_back(primary);
    const auto* second = find(Family::extended, extended);
    if (second == nullptr) second = find(Family::error_info, extended);
    if (second != nullptr) answer.codes.push_back(second);
}

// "event 36870", "Schannel 36870", "36870": a log narrows a number down.
void ask_event(Answer& answer, const Query& query) {
    constexpr std::array<std::string_view, 5> about_events{"event", "eventid", "id", "windows", "log"};
    auto words = query.words;
    std::erase_if(words,
                  [&](const std::string& word) { return std::ranges::find(about_events, word) != about_events.end(); });
    const auto number = query.numbers.front().second;
    if (words.empty()) answer.events = find_events(number);
    const auto* event = find_event(join(words, ' '), number);
    if (event != nullptr) answer.events.push_back(event);
}

// "advice" is all of it.
void ask_advice(Answer& answer) {
    constexpr std::string_view prefix = "advice";
    auto words = lower(answer.question);
    if (words == prefix)
        for (const auto& advice : all_advice())
            answer.advice.push_back(&advice);
    if (words.starts_with(std::string(prefix) + ' ')) words.erase(0, prefix.size() + 1);
    if (const auto* advice = find_advice(words)) answer.advice.push_back(advice);
}

void ask_name(Answer& answer, const Query& query) {
    answer.cause = find_cause(join(query.words, '-'));
    if (const auto stage = stage_from_string(join(query.words, '.'))) answer.stage = &info(*stage);
    if (const auto* log = find_event_log(join(query.words, ' ')))
        for (const auto& event : events())
            if (event.log == log->name) answer.events.push_back(&event);
    // "alert handshake_failure": the family narrows the name down; fillers may be parts of a name.
    answer.codes = find_by_name(join(query.raw, '_'));
    if (!answer.codes.empty() || query.raw.size() < 2) return;
    const auto family = family_of({lower(query.raw.front())});
    if (!family) return;
    for (const auto* row : find_by_name(join({query.raw.begin() + 1, query.raw.end()}, '_')))
        if (row->family == *family) answer.codes.push_back(row);
}

void ask(Answer& answer, const Query& query) {
    ask_advice(answer);
    if (query.numbers.empty()) return ask_name(answer, query);
    if (query.numbers.size() == 1) ask_event(answer, query);
    const auto first = query.numbers.front().second;
    if (query.numbers.size() == 2) {
        const bool plain =
            std::ranges::all_of(query.words, [](const auto& word) { return word == "mstsc" || word == "extended"; });
        if (plain) ask_pair(answer, first, query.numbers.back().second);
        return;
    }
    if (query.numbers.size() > 2) return;
    if (query.words.empty()) answer.codes = find_anywhere(first);
    const auto family = family_of(query.words);
    const auto* row = family ? find(*family, first) : nullptr;
    if (row != nullptr) answer.codes.push_back(row);
}

// The row to go into: a bare number may be a code in many families, and then mstsc's, which come first, are meant.
const CodeInfo* subject(const Answer& answer) {
    if (answer.codes.empty()) return nullptr;
    const auto* first = answer.codes.front();
    return answer.codes.size() == 1 || first->family == Family::mstsc ? first : nullptr;
}

// Codes of other families that stand for the same thing.
void relate(Answer& answer) {
    const auto add = [&](const CodeInfo* row) {
        if (row != nullptr && std::ranges::find(answer.codes, row) == answer.codes.end() &&
            std::ranges::find(answer.related, row) == answer.related.end())
            answer.related.push_back(row);
    };
    const auto* row = subject(answer);
    if (row == nullptr) return;
    if (row->family == Family::ntstatus && row->related != 0) add(find(Family::mstsc, row->related));
    if (row->family == Family::tls_alert && row->related != 0) add(find(Family::ntstatus, row->related));
    if (row->family == Family::freerdp) add(find(Family::xfreerdp, row->related));
    if (row->code == 0 || (row->family != Family::mstsc && row->family != Family::xfreerdp)) return;
    for (const auto& other : codes(row->family == Family::mstsc ? Family::ntstatus : Family::freerdp))
        if (other.related == row->code) add(&other);
}

// Whether this pair is what the codes that were asked for say.
bool is_meant(const MstscPair& pair, const Answer& answer) {
    if (answer.pair) return pair == *answer.pair;
    const auto* row = subject(answer);
    if (row == nullptr) return false;
    if (row->family == Family::mstsc) return row->code == pair.code;
    const bool second = row->family == Family::extended || row->family == Family::error_info;
    return second && row->code != 0 && row->code == pair.extended;
}

bool any_is_meant(const std::vector<MstscPair>& pairs, const Answer& answer) {
    return std::ranges::any_of(pairs, [&](const MstscPair& pair) { return is_meant(pair, answer); });
}

std::vector<Expected> expected_of(const Answer& answer) {
    if (answer.pair) return endings_shown_as(answer.pair->code, answer.pair->extended);
    if (answer.stage != nullptr) return endings_after(answer.stage->stage);
    const auto* row = subject(answer);
    if (row == nullptr) return {};
    return row->family == Family::mstsc ? endings_shown_as(row->code, {}) : endings_with(*row);
}

bool is_sign(const Cause& cause, const Answer& answer) {
    if (answer.events.size() > 2) return false;  // a whole log
    return std::ranges::any_of(cause.events, [&](const Sign& sign) {
        return std::ranges::any_of(
            answer.events, [&](const EventInfo* event) { return event->id == sign.id && event->log == sign.log; });
    });
}

void find_causes(Answer& answer) {
    for (const auto& cause : causes()) {
        const bool dies_here =
            answer.stage != nullptr && std::ranges::find(cause.stages, answer.stage->stage) != cause.stages.end();
        if (dies_here || any_is_meant(cause.shows, answer) || is_sign(cause, answer)) answer.causes.push_back(&cause);
    }
    std::ranges::stable_sort(answer.causes, std::ranges::greater{}, &Cause::grade);
}

// Those of the causes, in their order, that show the pair which was asked for; of one cause the surest and simplest
// first.
void find_scenarios(Answer& answer, std::span<const KnownScenario> scenarios) {
    auto wanted = answer.causes;
    if (answer.cause != nullptr) wanted.insert(wanted.begin(), answer.cause);
    for (const auto* advice : answer.advice)
        if (answer.advice.size() == 1)
            for (const auto& scenario : scenarios)
                if (std::ranges::find(advice->scenarios, scenario.name) != advice->scenarios.end())
                    answer.scenarios.push_back(&scenario);
    const auto to_the_point = [&](const KnownScenario& scenario) {
        return answer.codes.empty() || any_is_meant(scenario.pairs, answer);
    };
    for (const auto* cause : wanted) {
        const auto first = static_cast<std::ptrdiff_t>(answer.scenarios.size());
        for (const auto& scenario : scenarios)
            if (scenario.cause == cause->id && to_the_point(scenario)) answer.scenarios.push_back(&scenario);
        std::ranges::stable_sort(answer.scenarios.begin() + first, answer.scenarios.end(), {},
                                 [](const KnownScenario* one) { return std::pair(one->confidence, one->needs); });
    }
}

}  // namespace

Answer answer(const std::vector<std::string>& words, std::span<const KnownScenario> scenarios) {
    Answer answer;
    answer.question = join(words, ' ');
    const auto query = read_query(words);
    ask(answer, query);
    if (!answer.found()) {
        suggest(answer, query);
        return answer;
    }
    relate(answer);
    answer.expected = expected_of(answer);
    find_causes(answer);
    find_scenarios(answer, scenarios);
    return answer;
}

}  // namespace rdpfault::harness
