// What `explain` writes on a cause, a stage, an event and an advice.
#include <algorithm>

#include "harness/explain_sections.hpp"

namespace rdpfault::harness {

namespace {

PageSection list(std::string heading, const std::vector<std::string_view>& lines) {
    PageSection section{std::move(heading), {}};
    for (const auto line : lines)
        section.items.push_back({"", std::string(line)});
    return section;
}

template <class Rows, class Text>
std::string joined(const Rows& rows, Text text) {
    std::string out;
    for (const auto& row : rows)
        out += (out.empty() ? "" : ", ") + text(row);
    return out;
}

PageSection facts_of(const Cause& cause) {
    PageSection section{std::string(cause.title), {}};
    section.items.push_back({"", std::string(cause.explanation)});
    section.items.push_back({"Evidence", std::string(to_string(cause.grade)) + ". " + std::string(cause.grounds)});
    section.items.push_back({"On the wire", std::string(cause.signature)});
    if (!cause.limits.empty()) section.items.push_back({"Not shown here", std::string(cause.limits)});
    const auto stages = joined(cause.stages, [](Stage stage) { return std::string(to_string(stage)); });
    if (!stages.empty()) section.items.push_back({"Dies after", stages});
    const auto pairs = joined(cause.shows, [](const MstscPair& pair) { return to_string(pair); });
    if (!pairs.empty()) section.items.push_back({"mstsc shows", pairs});
    return section;
}

PageSection signs_of(const Cause& cause) {
    PageSection section{"What an admin sees", {}};
    if (!cause.events.empty())
        section.items.push_back({"Events", joined(cause.events, [](const Sign& sign) { return to_string(sign); })});
    for (const auto& pair : cause.shows)
        if (const auto words = dialog_wording(pair); !words.empty())
            section.items.push_back({"Dialog with " + to_string(pair), std::string(words)});
    for (const auto sign : cause.signs)
        section.items.push_back({"", std::string(sign)});
    return section;
}

PageItem remedy_item(const Remedy& remedy) {
    auto text = '[' + std::string(to_string(remedy.kind)) + "] " + std::string(remedy.action) +
                ". Shown by: " + std::string(remedy.proof) + '.';
    if (!remedy.caution.empty()) text += " Careful: " + std::string(remedy.caution) + '.';
    return {std::string(remedy.what), std::move(text)};
}

}  // namespace

PageItem event_item(const EventInfo& event) {
    const auto& log = *find_event_log(event.log);
    return {to_string(event), std::string(event.meaning) + ". On the " + std::string(log.machine) + ": " +
                                  std::string(log.channel) + '.'};
}

void add_cause(Page& page, const Cause& cause) {
    page.sections.push_back(facts_of(cause));
    page.sections.push_back(signs_of(cause));
    PageSection fixes{"What to change", {}};
    for (const auto& remedy : cause.fixes)
        fixes.items.push_back(remedy_item(remedy));
    page.sections.push_back(std::move(fixes));
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

void add_advice(Page& page, const Answer& answer) {
    PageSection section{"What users are told", {}};
    if (answer.advice.size() > 1)
        for (const auto* advice : answer.advice)
            section.items.push_back({std::string(advice->id), std::string(advice->claim) + " (" +
                                                                  std::string(to_string(advice->standing)) + ')'});
    if (answer.advice.size() == 1) {
        const auto& advice = *answer.advice.front();
        section.items.push_back(
            {advice.id == answer.question ? "" : std::string(advice.id), std::string(advice.claim)});
        section.items.push_back({"Told by", std::string(advice.told_by)});
        section.items.push_back({"Verdict", std::string(to_string(advice.standing))});
        section.items.push_back({"Why", std::string(advice.reason)});
        section.items.push_back({"Instead", std::string(advice.instead)});
        section.items.push_back(
            {"Shown by", joined(advice.scenarios, [](std::string_view name) { return std::string(name); })});
    }
    page.sections.push_back(std::move(section));
}

}  // namespace rdpfault::harness
