#include "harness/explain.hpp"

#include "harness/explain_answer.hpp"
#include "harness/explain_page.hpp"
#include "harness/explain_sections.hpp"

namespace rdpfault::harness {

namespace {

void add_codes(Page& page, const Answer& answer) {
    PageSection codes{"Codes", {}};
    for (const auto* row : answer.codes)
        codes.items.push_back(code_item(*row));
    if (answer.pair)
        if (const auto words = dialog_wording(*answer.pair); !words.empty())
            codes.items.push_back({"the dialog, in our words", std::string(words) + '.'});
    page.sections.push_back(std::move(codes));
}

void add_events(Page& page, const Answer& answer) {
    PageSection events{"Windows events", {}};
    for (const auto* event : answer.events)
        events.items.push_back(event_item(*event));
    page.sections.push_back(std::move(events));
}

Page page_of(const Answer& answer, bool full) {
    Page page{.title = answer.pair ? "Error code " + to_string(*answer.pair) : answer.question, .sections = {}};
    add_codes(page, answer);
    add_events(page, answer);
    if (answer.cause != nullptr) add_cause(page, *answer.cause);
    if (answer.stage != nullptr) add_stage(page, *answer.stage);
    add_advice(page, answer);
    PageSection related{"The same in other words", {}};
    for (const auto* row : answer.related)
        related.items.push_back(code_item(*row));
    page.sections.push_back(std::move(related));
    add_expected(page, answer, full);
    add_possible_causes(page, answer, full);
    add_scenarios(page, answer, full);
    add_fix_arms(page, answer, full);
    add_sources(page, answer, full);
    return page;
}

std::string not_found(const Answer& answer) {
    auto text = "nothing is known of '" + answer.question + "'";
    for (std::size_t i = 0; i < answer.suggestions.size(); ++i)
        text += (i == 0                              ? "; did you mean "
                 : i + 1 < answer.suggestions.size() ? ", "
                                                     : " or ") +
                ("'" + answer.suggestions[i]) + "'";
    return text + (answer.suggestions.empty()
                       ? "; ask for a code (0x904 0x7), a Windows event (event 36870), a cause, a "
                         "stage or an advice\n"
                       : "?\n");
}

}  // namespace

Explanation explain(const std::vector<std::string>& words, std::span<const KnownScenario> scenarios,
                    ExplainFormat format) {
    const auto found = answer(words, scenarios);
    if (format == ExplainFormat::json) return {found.found(), json_of(found)};
    if (!found.found()) return {false, not_found(found)};
    const auto page = page_of(found, format == ExplainFormat::markdown);
    return {true, format == ExplainFormat::markdown ? markdown_of(page) : text_of(page)};
}

}  // namespace rdpfault::harness
