// What the words of an `explain` may have meant, when nothing is known of them.
#include <algorithm>
#include <iterator>

#include "harness/explain_answer.hpp"
#include "harness/explain_query.hpp"
#include "protocol/catalogue/nearest.hpp"

namespace rdpfault::harness {

namespace {

void suggest_numbers(Answer& answer, const Query& query) {
    for (const auto& [typed, value] : query.numbers) {
        const bool hexadecimal = lower(typed).starts_with("0x");
        const auto digits = hexadecimal ? typed.substr(2) : typed;
        // 904 may be meant as 0x904, and 0x2308 as 2308.
        const auto other = number(digits, hexadecimal ? 10 : 16);
        if (other && !find_anywhere(*other).empty()) answer.suggestions.push_back(hexadecimal ? digits : "0x" + digits);
        const auto family = family_of(query.words);
        if (!family) continue;
        const auto table = codes(*family);
        auto next = std::ranges::lower_bound(table, value, {}, &CodeInfo::code);
        const auto name = std::string(to_string(*family)) + ' ';
        if (next != table.begin()) answer.suggestions.push_back(name + code_text(*std::prev(next)));
        if (next != table.end()) answer.suggestions.push_back(name + code_text(*next));
    }
}

// An event that is not in the table: those of the nearest numbers.
void suggest_events(Answer& answer, const Query& query) {
    if (query.numbers.size() != 1 || query.words.empty()) return;
    const auto asked = query.numbers.front().second;
    const bool about_log = std::ranges::any_of(
        query.words, [](const std::string& word) { return word == "event" || find_event_log(word) != nullptr; });
    if (!about_log) return;
    const auto distance = [asked](const EventInfo& event) {
        return event.id > asked ? event.id - asked : asked - event.id;
    };
    const auto nearest_one = std::ranges::min_element(events(), {}, distance);
    answer.suggestions.push_back(to_string(*nearest_one));
}

void suggest_names(Answer& answer, const Query& query) {
    std::vector<std::string_view> names;
    for (const auto& cause : causes())
        names.push_back(cause.id);
    for (const auto& stage : stages())
        names.push_back(stage.name);
    for (const auto& log : event_logs())
        names.push_back(log.name);
    for (const auto& advice : all_advice())
        names.push_back(advice.id);
    for (const auto& family : families()) {
        names.push_back(family.name);
        for (const auto& row : codes(family.family))
            if (!row.name.empty()) names.push_back(row.name);
    }
    for (const auto name : nearest(join(query.raw, '_'), names, 5))
        answer.suggestions.emplace_back(name);
}

}  // namespace

void suggest(Answer& answer, const Query& query) {
    suggest_numbers(answer, query);
    suggest_events(answer, query);
    suggest_names(answer, query);
}

}  // namespace rdpfault::harness
