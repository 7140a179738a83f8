#include "harness/report_junit.hpp"

#include <sstream>

#include "harness/xml_text.hpp"

namespace rdpfault::harness {

namespace {

std::string seconds(std::chrono::milliseconds duration) {
    std::ostringstream out;
    out.setf(std::ios::fixed);
    out.precision(3);
    out << std::chrono::duration<double>(duration).count();
    return out.str();
}

struct Counts {
    std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
    std::chrono::milliseconds time{0};

    void add(const ArmResult& arm) {
        ++tests;
        time += arm.duration;
        if (arm.result == Judgement::error) ++errors;
        if (arm.result == Judgement::skipped) ++skipped;
        if (is_failure(arm.result)) ++failures;
    }
    static bool is_failure(Judgement judgement) {
        return judgement == Judgement::failed || judgement == Judgement::fault_not_fired ||
               judgement == Judgement::inconclusive;
    }
    std::string attributes() const {
        return " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) + "\" errors=\"" +
               std::to_string(errors) + "\" skipped=\"" + std::to_string(skipped) + "\" time=\"" + seconds(time) + "\"";
    }
};

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines)
        text += (text.empty() ? "" : "\n") + line;
    return text;
}

// Runs whose witnesses are quoted.
constexpr std::size_t most_told = 20;

std::string details(const ArmResult& arm) {
    auto text = joined(arm.reasons);
    std::size_t told = 0;
    for (const auto& run : arm.runs) {
        // Where a rate is judged there may be hundreds; those that did not give what is expected tell more.
        if (arm.rate && run.verdict.result == Judgement::passed) continue;
        if (++told > most_told) break;
        for (const auto& witness : run.verdict.witnesses)
            if (!witness.text.empty())
                text += "\nrun " + std::to_string(run.repeat) + ", " + std::string(witness.name) + ": " + witness.text;
    }
    return text;
}

void write_case(std::ostream& out, const ArmResult& arm) {
    const auto family = arm.family.empty() ? std::string() : arm.family + ".";
    out << "    <testcase classname=\"" << xml_escaped(family + arm.scenario) << "\" name=\""
        << xml_escaped(arm.arm.name) << "\" time=\"" << seconds(arm.duration) << "\"";
    if (arm.result == Judgement::passed) {
        out << "/>\n";
        return;
    }
    out << ">\n      ";
    const auto message = " message=\"" + xml_escaped(arm.reasons.empty() ? "" : arm.reasons.front()) + "\"";
    if (arm.result == Judgement::skipped) {
        out << "<skipped" << message << "/>\n";
    } else {
        const auto* tag = arm.result == Judgement::error ? "error" : "failure";
        out << '<' << tag << message << " type=\"" << to_string(arm.result) << "\">" << xml_escaped(details(arm))
            << "</" << tag << ">\n";
    }
    out << "    </testcase>\n";
}

// The rates of a suite's arms; the format has no place for them in a case that passed.
std::string rate_properties(const Report& report, std::size_t begin, std::size_t end) {
    std::string text;
    for (auto i = begin; i < end; ++i)
        if (const auto& arm = report.arms[i]; arm.rate)
            text += "      <property name=\"rate of " + xml_escaped(arm.arm.name) + "\" value=\"" +
                    xml_escaped(to_string(*arm.rate)) + "\"/>\n";
    return text.empty() ? "<properties/>" : "<properties>\n" + text + "    </properties>";
}

}  // namespace

std::string junit_xml(const Report& report) {
    // The stamp of the format has no time zone; ours is UTC.
    const auto stamp = report.started.substr(0, 19);
    std::ostringstream out;
    // What the strictest of the common schemas demands (Ant's), and the others allow: no totals at the top, empty parts
    // in every suite.
    out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
    std::size_t id = 0;
    for (std::size_t begin = 0, end = 0; begin < report.arms.size(); begin = end) {
        Counts counts;
        const auto& first = report.arms[begin];
        for (end = begin; end < report.arms.size() && report.arms[end].path == first.path; ++end)
            counts.add(report.arms[end]);
        out << "  <testsuite name=\"" << xml_escaped(first.scenario) << "\" package=\"" << xml_escaped(first.family)
            << "\" id=\"" << id++ << "\"" << counts.attributes() << " timestamp=\"" << xml_escaped(stamp)
            << "\" hostname=\"localhost\">\n"
            << "    " << rate_properties(report, begin, end) << '\n';
        for (auto i = begin; i < end; ++i)
            write_case(out, report.arms[i]);
        out << "    <system-out/>\n    <system-err/>\n  </testsuite>\n";
    }
    out << "</testsuites>\n";
    return out.str();
}

}  // namespace rdpfault::harness
