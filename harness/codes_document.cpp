#include "harness/codes_document.hpp"

#include <string_view>

#include "harness/causes.hpp"
#include "harness/explain_page.hpp"
#include "protocol/catalogue.hpp"
#include "protocol/events.hpp"

namespace rdpfault::harness {

namespace {

constexpr std::string_view introduction = R"(# Codes and causes

Written by rdpfault from its own tables; do not edit. `rdpfault explain CODE` prints the same for one code, with what is
predicted and the scenarios that reproduce it. Sources are listed at the end.

A cause is not a code: what mstsc shows follows from the stage at which the connection ended and from how it ended.
)";

std::string codes_of(const FamilyInfo& family) {
    auto out = "\n## " + std::string(family.title) + "\n\n";
    if (!family.note.empty()) out += markdown_escaped(family.note) + "\n\n";
    out += family.hexadecimal ? "| code | decimal | name | meaning |" : "| code | name | meaning |";
    if (!family.related.empty()) out += ' ' + std::string(family.related) + " |";
    out += " source |\n";
    out += family.hexadecimal ? "|---|---|---|---|" : "|---|---|---|";
    out += family.related.empty() ? "---|\n" : "---|---|\n";
    // A status and an mstsc code are written in hexadecimal, an exit status is not.
    const auto related = family.family == Family::freerdp ? Family::xfreerdp : Family::ntstatus;
    for (const auto& row : codes(family.family)) {
        out += "| " + code_text(row) + " | ";
        if (family.hexadecimal) out += std::to_string(row.code) + " | ";
        out +=
            (row.name.empty() ? std::string("-") : markdown_escaped(row.name)) + " | " + markdown_escaped(row.meaning);
        if (!family.related.empty()) out += " | " + (row.related == 0 ? "-" : code_text(related, row.related));
        out += " | " + std::string(row.source) + " |\n";
    }
    return out;
}

std::string causes_table() {
    std::string out = R"(
## Causes

The ids of `cause:` in a scenario, and how good the evidence is that each leads to 0x904/0x7. [causes.md](causes.md) says
what an admin sees and changes.

| cause | what is wrong | evidence | on the wire | mstsc | source |
|---|---|---|---|---|---|
)";
    for (const auto& cause : causes()) {
        std::string pairs;
        for (const auto& pair : cause.shows)
            pairs += (pairs.empty() ? "" : ", ") + to_string(pair);
        out += "| " + std::string(cause.id) + " | " + markdown_escaped(cause.title) + " | " +
               std::string(to_string(cause.grade)) + " | " + markdown_escaped(cause.signature) + " | " +
               (pairs.empty() ? "-" : pairs) + " | " + std::string(cause.source) + " |\n";
    }
    return out;
}

std::string events_table() {
    std::string out = R"(
## Windows events

What the event logs of client, server and gateway say of a connection. A number means nothing without its log.

| log | where | machine |
|---|---|---|
)";
    for (const auto& log : event_logs())
        out += "| " + std::string(log.name) + " | " + markdown_escaped(log.channel) + " | " + std::string(log.machine) +
               " |\n";
    out += "\n| log | event | meaning | source |\n|---|---|---|---|\n";
    for (const auto& event : events())
        out += "| " + std::string(event.log) + " | " + std::to_string(event.id) + " | " +
               markdown_escaped(event.meaning) + " | " + std::string(event.source) + " |\n";
    return out;
}

std::string sources_table() {
    std::string out = "\n## Sources\n\n| key | source |\n|---|---|\n";
    for (const auto& source : sources())
        out += "| " + std::string(source.key) + " | " + markdown_escaped(source.text) + " |\n";
    return out;
}

}  // namespace

std::string codes_markdown() {
    std::string out(introduction);
    out += causes_table();
    for (const auto& family : families())
        out += codes_of(family);
    return out + events_table() + sources_table();
}

}  // namespace rdpfault::harness
