// `rdpfault compare`: two reports in, what became of each arm out.
#include <iostream>

#include "harness/compare_report.hpp"
#include "harness/json_node.hpp"
#include "harness/options.hpp"

namespace rdpfault::harness {

namespace {

std::string text_of(const Comparison& comparison, CompareFormat format) {
    switch (format) {
        case CompareFormat::table: return table_text(comparison);
        case CompareFormat::plain: return plain_text(comparison);
        case CompareFormat::json: return json_text(comparison);
        case CompareFormat::markdown: return markdown_text(comparison);
    }
    return {};
}

}  // namespace

int compare_command(const CompareOptions& options) {
    try {
        const auto before = read_report(options.before);
        const auto after = read_report(options.after);
        const auto comparison = compare(before, after, options.confidence);
        if (!options.junit.empty()) write_text(options.junit, junit_text(comparison));
        std::cout << text_of(comparison, options.format);
        return exit_status(comparison);
    } catch (const ReportError& error) {
        std::cerr << "rdpfault compare: " << error.what() << '\n';
        return 2;
    }
}

}  // namespace rdpfault::harness
