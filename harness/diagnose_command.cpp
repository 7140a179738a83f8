#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "harness/capture/reader.hpp"
#include "harness/diagnose_report.hpp"
#include "harness/loader.hpp"
#include "harness/options.hpp"
#include "harness/vocabulary.hpp"

namespace rdpfault::harness {

namespace {

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf())) throw std::runtime_error(path + ": cannot be read");
    return text.str();
}

std::string many(std::uint64_t count, const std::string& what) {
    return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

std::string answer_of(const capture::Counts& counts) {
    if (counts.connections == 0) return "no TCP connection in " + many(counts.packets, "packet");
    const auto all = many(counts.connections, "TCP connection");
    if (counts.rdp == 0) return all + ", none of them RDP";
    return all + ", " + std::to_string(counts.rdp) + " of them RDP";
}

void add_notes(const capture::Counts& counts, std::vector<std::string>& notes) {
    if (counts.fragments > 0)
        notes.push_back(many(counts.fragments, "fragment") + " of IP packets, which are not put together");
    if (counts.cut_off > 0)
        notes.push_back(many(counts.cut_off, "packet") + " cut off within the headers: capture with a longer snapshot");
    if (counts.truncated > 0)
        notes.push_back(many(counts.truncated, "packet") +
                        " without all of their data: capture with a longer snapshot");
    if (counts.malformed > 0) notes.push_back(many(counts.malformed, "packet") + " with headers that cannot be");
    if (counts.left_out > 0) notes.push_back(many(counts.left_out, "connection") + " left out: too many");
}

// The nth connection of a client's machine to a server: mstsc makes a second one after asking about a certificate.
void number(std::vector<Finding>& findings) {
    std::map<std::pair<std::string, std::string>, std::uint32_t> seen;
    for (auto& finding : findings) {
        const auto host = finding.client.substr(0, finding.client.rfind(':'));
        finding.connection = ++seen[{host, finding.server}];
        finding.symptoms.ordinal = finding.connection;
    }
}

Diagnosis diagnose_capture(const std::string& path, const DiagnoseOptions& options, capture::KeyLog keys,
                           std::span<const Scenario> scenarios) {
    Diagnosis diagnosis;
    diagnosis.file = path;
    diagnosis.kind = "capture";
    keys.take(capture::embedded_secrets(path));
    capture::FlowTable::Settings settings;
    settings.ports = options.ports;
    settings.any_port = options.any_port;
    settings.keys = &keys;
    capture::FlowTable table(std::move(settings));
    const auto read = capture::read_capture(
        path, [&](capture::LinkType link, ByteView frame, capture::Time at) { table.packet(link, frame, at); });
    if (!read.error.empty()) throw std::runtime_error(read.error);
    if (!read.trouble.empty()) diagnosis.notes.push_back("the file could be read in part only: " + read.trouble);
    for (const auto& account : table.finish())
        diagnosis.findings.push_back(finding_of(account));
    number(diagnosis.findings);
    for (auto& finding : diagnosis.findings)
        conclude(finding, scenarios);
    diagnosis.answer = answer_of(table.counts());
    add_notes(table.counts(), diagnosis.notes);
    return diagnosis;
}

}  // namespace

int diagnose_command(const DiagnoseOptions& options) {
    auto paths = options.scenarios;
    if (paths.empty() && std::filesystem::is_directory("scenarios")) paths.emplace_back("scenarios");
    const auto scenarios = load_paths(paths).scenarios;
    std::vector<Diagnosis> all;
    try {
        capture::KeyLog keys;
        if (!options.key_log.empty()) keys.take(text_of(options.key_log));
        for (const auto& path : options.files) {
            if (capture::is_capture(path))
                all.push_back(diagnose_capture(path, options, keys, scenarios));
            else
                all.push_back(diagnose_results(path, text_of(path), scenarios));
        }
    } catch (const std::runtime_error& error) {
        std::cerr << "rdpfault diagnose: " << error.what() << '\n';
        return 2;
    }
    switch (chosen_format(options.output)) {
        case Format::json: std::cout << diagnosis_json(all); break;
        case Format::plain: std::cout << diagnosis_lines(all); break;
        case Format::table: std::cout << diagnosis_text(all); break;
    }
    return 0;
}

}  // namespace rdpfault::harness
