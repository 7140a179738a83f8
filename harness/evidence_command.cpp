// `rdpfault evidence`: reports of the whole library into the table of docs/evidence.md, or against it.
#include <iostream>

#include "harness/evidence_table.hpp"
#include "harness/json_node.hpp"
#include "harness/options.hpp"

namespace rdpfault::harness {

namespace {

EvidenceTable collect(const std::vector<std::string>& reports) {
    EvidenceCollector collector;
    for (const auto& given : reports) {
        const auto equals = given.find('=');
        if (equals == std::string::npos || given.substr(0, equals).find('/') == std::string::npos)
            throw ReportError(given + ": expected CLIENT/SERVER=REPORT, such as xfreerdp/xrdp=report");
        const auto [path, text] = read_report_text(given.substr(equals + 1));
        collector.add(given.substr(0, equals), text, path);
    }
    return collector.table();
}

// 1 when there is a deviation.
int report_deviations(const EvidenceOptions& options, const EvidenceTable& now) {
    const auto [path, text] = read_report_text(options.against);
    const auto [found, races] = deviations(parse_evidence(text, path), now);
    for (const auto& deviation : found)
        std::cout << deviation << '\n';
    for (const auto& race : races)
        std::cout << "(race) " << race << '\n';
    const bool as_it_was = found.empty() && (races.empty() || !options.strict);
    std::cerr << now.size() << " cells against " << path << ": " << found.size() << " deviations, " << races.size()
              << " races" << (as_it_was ? "" : "; where they are right, run ci/evidence and commit what it writes")
              << '\n';
    return as_it_was ? 0 : 1;
}

}  // namespace

int evidence_command(const EvidenceOptions& options) {
    try {
        auto now = collect(options.reports);
        if (!options.against.empty()) return report_deviations(options, now);
        if (!options.add.empty()) {
            const auto [path, text] = read_report_text(options.add);
            now.merge(parse_evidence(text, path));  // what was measured now comes first
        }
        write_text(options.out + "/evidence.json", evidence_json(now));
        write_text(options.out + "/evidence.md", evidence_markdown(now));
        return 0;
    } catch (const ReportError& error) {
        std::cerr << "rdpfault evidence: " << error.what() << '\n';
        return 2;
    }
}

}  // namespace rdpfault::harness
