#include "harness/causes_document.hpp"

#include "harness/advice.hpp"
#include "harness/causes.hpp"
#include "harness/explain_page.hpp"
#include "harness/unexplained.hpp"
#include "protocol/catalogue.hpp"

namespace rdpfault::harness {

namespace {

constexpr std::string_view introduction = R"(# Causes

Written by rdpfault from its own tables; do not edit. To renew it:

```
rdpfault causes --format markdown > docs/causes.md
```

What can be wrong when mstsc gives up, what an admin sees of it, and what to change. A cause is not a code: mstsc's code
follows from the stage at which the connection ended and from how. *Evidence* says how well it is known that a cause leads
to 0x904/0x7. Keys such as S10 are spelled out in [codes.md](codes.md). Capitals in an action stand for one's own names.
Every cause has scenarios whose fix arms show the change: `rdpfault scenarios --cause ID`, [the
library](../scenarios/README.md). Dialogs are told in our words.

## How the list is cut

The literature on 0x904/0x7 names eighteen causes. All are here, most as they are:

| named as | here | why |
|---|---|---|
| certificate key, expired certificate, TLS mismatch | certificate-key-unusable, certificate-expired, tls-mismatch | as named; invalid certificates that are not expired are played under certificate-expired too: the client's refusal is the same |
| NLA failure | nla-closed, logon-refused, domain-unreachable, tls-interception | split: only a close without a status gives 0x904/0x7; statuses have codes of their own, and a man in the middle is found elsewhere |
| server closes after TLS | server-closes-after-tls | as named |
| wrong listener | foreign-listener | as named |
| relay, tunnel, balancer | relay-closes, negotiation-rewritten, redirected | split: a relay that ends, one that changes what it passes on, a broker that sends elsewhere |
| RST by a firewall or inspector | security-software-reset, port-filtered | split: a reset of a stream that was open, and a SYN that never arrives, which is 0x204 |
| VPN, loss, MTU | bad-link | as named; addresses forgotten by a translator are relay-closes, for somebody decides it |
| connection limit, flood | connection-limit | merged as named: the client cannot tell them apart |
| service stopped | service-stopped | as named |
| gateway | gateway | as named |
| UDP | udp-transport | as named |
| licensing | licensing | as named |
| policies | policy | as named; TLS policies are tls-mismatch |
| Azure | azure-internals | as named: a collection of the others |
| client state | client-state, name-resolution | split: names that do not resolve have a code of their own |
| pipeline dies after log-on | pipeline-crash | as named |
| - | protocol-error, control | ours: streams that break the protocol, and the healthy path |
)";

std::string item(std::string_view term, std::string_view text) {
    return "- **" + std::string(term) + "**: " + markdown_escaped(text) + '\n';
}

std::string code_span(std::string_view text) {
    return "`" + std::string(text) + "`";
}

std::string fix_text(const Remedy& remedy) {
    auto text = "- " + markdown_escaped(remedy.what) + " (" + std::string(to_string(remedy.kind)) + ")\n  - " +
                code_span(remedy.action) + "\n  - shown by: " + markdown_escaped(remedy.proof) + '\n';
    if (!remedy.caution.empty()) text += "  - careful: " + markdown_escaped(remedy.caution) + '\n';
    return text;
}

std::string signs_text(const Cause& cause) {
    std::string text;
    for (const auto& sign : cause.events)
        text += item("event", to_string(sign));
    for (const auto& pair : cause.shows)
        if (const auto words = dialog_wording(pair); !words.empty()) text += item("dialog " + to_string(pair), words);
    for (const auto sign : cause.signs)
        text += "- " + markdown_escaped(sign) + '\n';
    return text;
}

std::string section_of(const Cause& cause) {
    std::string stages;
    for (const auto stage : cause.stages)
        stages += (stages.empty() ? "" : ", ") + std::string(to_string(stage));
    std::string pairs;
    for (const auto& pair : cause.shows)
        pairs += (pairs.empty() ? "" : ", ") + to_string(pair);
    auto out = "\n## " + std::string(cause.id) + "\n\n**" + markdown_escaped(cause.title) + ".** " +
               markdown_escaped(cause.explanation) + "\n\n";
    out += item("evidence", std::string(to_string(cause.grade)) + ". " + std::string(cause.grounds));
    out += item("on the wire", cause.signature);
    if (!cause.limits.empty()) out += item("not shown here", cause.limits);
    out += item("dies after", stages.empty() ? "any stage" : stages);
    if (!pairs.empty()) out += item("mstsc shows", pairs);
    out += item("sources", cause.source);
    out += "\nWhat an admin sees:\n\n" + signs_text(cause);
    if (cause.fixes.empty()) return out;
    out += "\nWhat to change:\n\n";
    for (const auto& remedy : cause.fixes)
        out += fix_text(remedy);
    out += "\nWhat does not help:\n\n";
    for (const auto line : cause.no_fix)
        out += "- " + markdown_escaped(line) + '\n';
    return out;
}

std::string advice_table() {
    std::string out = R"(
## Advice that is going round

Told to users with 0x904/0x7, and contradicted by the evidence or not carried by it. `rdpfault explain advice` lists it.

| advice | told by | verdict | why | instead | shown by | source |
|---|---|---|---|---|---|---|
)";
    for (const auto& advice : all_advice()) {
        std::string scenarios;
        for (const auto name : advice.scenarios)
            scenarios += (scenarios.empty() ? "" : ", ") + std::string(name);
        out += "| " + markdown_escaped(advice.claim) + " | " + markdown_escaped(advice.told_by) + " | " +
               std::string(to_string(advice.standing)) + " | " + markdown_escaped(advice.reason) + " | " +
               markdown_escaped(advice.instead) + " | " + scenarios + " | " + std::string(advice.source) + " |\n";
    }
    return out;
}

std::string unexplained_table() {
    std::string out = R"(
## Codes without a scenario

Codes near 0x904 for which there is no scenario, because no way of ending a connection is known that leads there. `rdpfault
proxy` holds any fault open for mstsc: what it shows then is a measurement. The same holds for the gateway's codes,
0x3000000 and up: their texts are known, what the wire does before them is not.

| code | why | source |
|---|---|---|
)";
    for (const auto& row : unexplained_codes())
        out += "| " + code_text(Family::mstsc, row.code) + " | " + markdown_escaped(row.why) + " | " +
               std::string(row.source) + " |\n";
    return out;
}

}  // namespace

std::string causes_markdown() {
    std::string out(introduction);
    for (const auto& cause : causes())
        out += section_of(cause);
    return out + advice_table() + unexplained_table();
}

}  // namespace rdpfault::harness
