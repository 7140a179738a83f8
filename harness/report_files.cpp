#include "harness/report_files.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "harness/decision_log.hpp"
#include "harness/report_json.hpp"
#include "harness/report_junit.hpp"

namespace rdpfault::harness {

namespace fs = std::filesystem;

namespace {

std::string decisions(const Report& report) {
    std::string lines;
    for (const auto& arm : report.arms)
        for (const auto& run : arm.runs)
            lines += decision_heading(arm.scenario, arm.arm.name, run.repeat, run.seed) + '\n' +
                     decision_log(run.evidence.connections);
    return lines;
}

// Under another name first: whoever looks at the folder meanwhile finds the old file or the new one.
void write(const fs::path& path, const std::string& text) {
    auto draft = path;
    draft += ".part";
    std::ofstream file(draft, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    std::error_code error;
    if (file) fs::rename(draft, path, error);
    if (!file || error)
        throw std::runtime_error(path.string() + ": cannot be written" + (error ? ": " + error.message() : ""));
}

}  // namespace

std::vector<std::string> write_report(const Report& report, const std::string& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw std::runtime_error(folder + ": " + error.message());
    const fs::path root(folder);
    write(root / "results.json", results_json(report));
    write(root / "junit.xml", junit_xml(report));
    write(root / "decisions.jsonl", decisions(report));
    return {(root / "results.json").string(), (root / "junit.xml").string(), (root / "decisions.jsonl").string()};
}

}  // namespace rdpfault::harness
