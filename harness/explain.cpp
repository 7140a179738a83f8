#include "harness/explain.hpp"

#include <algorithm>
#include <set>

#include "harness/explain_answer.hpp"
#include "harness/explain_page.hpp"

namespace rdpfault::harness {

namespace {

std::string capital(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

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

std::string shown(const Expected& line) {
    if (line.mstsc.empty()) return "unknown";
    return line.mstsc + " (" + std::string(to_string(line.prediction.confidence)) + ')';
}

PageItem expected_item(const Expected& line) {
    auto term = line.ending + (line.session_up ? " in an active session" : "");
    if (!line.session_up && line.first) term += " after " + std::string(to_string(*line.first));
    if (!line.session_up && line.last != line.first) term += " to " + std::string(to_string(*line.last));
    return {std::move(term), shown(line) + ". " + std::string(line.prediction.why)};
}

PageSection list(std::string heading, const std::vector<std::string_view>& lines) {
    PageSection section{std::move(heading), {}};
    for (const auto line : lines)
        section.items.push_back({"", std::string(line)});
    return section;
}

void add_cause(Page& page, const Cause& cause) {
    std::string stages;
    for (const auto stage : cause.stages)
        stages += (stages.empty() ? "" : ", ") + std::string(to_string(stage));
    std::string pairs;
    for (const auto& pair : cause.shows)
        pairs += (pairs.empty() ? "" : ", ") + to_string(pair);
    PageSection section{std::string(cause.title), {}};
    section.items.push_back({"", std::string(cause.explanation)});
    section.items.push_back({"Evidence", std::string(to_string(cause.grade)) + ". " + std::string(cause.grounds)});
    section.items.push_back({"On the wire", std::string(cause.signature)});
    if (!stages.empty()) section.items.push_back({"Dies after", stages});
    if (!pairs.empty()) section.items.push_back({"mstsc shows", pairs});
    page.sections.push_back(std::move(section));
    page.sections.push_back(list("What an admin sees", cause.signs));
    page.sections.push_back(list("What to change", cause.fixes));
    page.sections.push_back(list("What does not help", cause.no_fix));
    PageSection neighbours{"Causes that look alike", {}};
    for (const auto id : cause.neighbours)
        neighbours.items.push_back({std::string(id), std::string(find_cause(id)->title)});
    page.sections.push_back(std::move(neighbours));
}

void add_stage(Page& page, const StageInfo& stage) {
    PageSection section{"Stage " + std::string(stage.name), {}};
    section.items.push_back({"Unit", std::string(stage.unit)});
    const auto* sender = !stage.direction                                  ? "both sides"
                         : *stage.direction == Direction::client_to_server ? "the client"
                                                                           : "the server";
    section.items.push_back({"Sent by", sender});
    section.items.push_back({"Seen", stage.visible ? "without keys" : "only by who holds the TLS keys"});
    section.items.push_back({"Specification", std::string(stage.specification)});
    page.sections.push_back(std::move(section));
}

void add_expected(Page& page, const Answer& answer) {
    const bool leads_here = !answer.codes.empty() && answer.codes.front()->family == Family::mstsc;
    PageSection section{leads_here ? "Endings that mstsc shows so" : "What mstsc is expected to show", {}};
    for (const auto& line : answer.expected)
        section.items.push_back(expected_item(line));
    page.sections.push_back(std::move(section));
}

void add_sources(Page& page, const Answer& answer) {
    std::set<std::string_view> keys;
    const auto take = [&](std::string_view source) {
        for (const auto key : source_keys(source))
            keys.insert(key);
    };
    for (const auto* row : answer.codes)
        take(row->source);
    for (const auto& line : answer.expected)
        take(line.prediction.source);
    if (answer.cause != nullptr) take(answer.cause->source);
    PageSection section{"Sources", {}};
    for (const auto& source : sources())
        if (keys.contains(source.key)) section.items.push_back({"", capital(std::string(source.text))});
    page.sections.push_back(std::move(section));
}

Page page_of(const Answer& answer) {
    Page page{.title = answer.pair ? "Error code " + to_string(*answer.pair) : answer.question, .sections = {}};
    PageSection codes{"Codes", {}};
    for (const auto* row : answer.codes)
        codes.items.push_back(code_item(*row));
    page.sections.push_back(std::move(codes));
    if (answer.cause != nullptr) add_cause(page, *answer.cause);
    if (answer.stage != nullptr) add_stage(page, *answer.stage);
    PageSection related{"The same in other words", {}};
    for (const auto* row : answer.related)
        related.items.push_back(code_item(*row));
    page.sections.push_back(std::move(related));
    add_expected(page, answer);
    PageSection causes{"Possible causes", {}};
    for (const auto* cause : answer.causes)
        causes.items.push_back({std::string(cause->id), std::string(cause->title) + " (evidence: " +
                                                            std::string(to_string(cause->grade)) + ")."});
    page.sections.push_back(std::move(causes));
    PageSection scenarios{answer.cause != nullptr ? "Scenarios" : "Scenarios of these causes", {}};
    for (const auto* scenario : answer.scenarios)
        scenarios.items.push_back({scenario->path, scenario->summary});
    page.sections.push_back(std::move(scenarios));
    add_sources(page, answer);
    return page;
}

std::string not_found(const Answer& answer) {
    auto text = "nothing is known of '" + answer.question + "'";
    for (std::size_t i = 0; i < answer.suggestions.size(); ++i)
        text += (i == 0                              ? "; did you mean "
                 : i + 1 < answer.suggestions.size() ? ", "
                                                     : " or ") +
                ("'" + answer.suggestions[i]) + "'";
    return text + (answer.suggestions.empty() ? "; ask for a code (0x904 0x7), a cause or a stage\n" : "?\n");
}

}  // namespace

Explanation explain(const std::vector<std::string>& words, std::span<const KnownScenario> scenarios,
                    ExplainFormat format) {
    const auto found = answer(words, scenarios);
    if (format == ExplainFormat::json) return {found.found(), json_of(found)};
    if (!found.found()) return {false, not_found(found)};
    const auto page = page_of(found);
    return {true, format == ExplainFormat::markdown ? markdown_of(page) : text_of(page)};
}

}  // namespace rdpfault::harness
