// `rdpfault calibrate`: what mstsc showed, and what the proxy saw of the same connections, into a calibration file.
#include <iostream>

#include "harness/calibrate.hpp"
#include "harness/json_node.hpp"
#include "harness/options.hpp"
#include "harness/utc.hpp"

namespace rdpfault::harness {

namespace {

std::string text_of(const CalibrateResult& result) {
    std::string text;
    for (const auto& line : result.lines)
        text += utc_text(line.attempt.began) + "  " + line.attempt.server + "  " + std::to_string(line.connections) +
                (line.connections == 1 ? " connection" : " connections") + "  " + (line.taken ? "" : "nothing: ") +
                line.outcome + "\n";
    return text;
}

}  // namespace

int calibrate_command(const CalibrateOptions& options) {
    try {
        const auto [events_path, events] = read_report_text(options.events);
        auto attempts = attempts_of(read_windows_events(events, events_path));
        if (!options.codes.empty()) {
            const auto [path, text] = read_report_text(options.codes);
            add_told_codes(attempts, read_told_codes(text, path));
        }
        std::vector<SeenConnection> connections;
        for (const auto& given : options.results) {
            const auto [path, text] = read_report_text(given);
            const auto more = connections_in(text, path);
            connections.insert(connections.end(), more.begin(), more.end());
        }
        auto result = calibrate(attempts, connections, options.offset);
        std::cout << text_of(result);
        if (result.calibration.rows().empty()) {
            std::cerr << "rdpfault calibrate: no attempt of mstsc (" << attempts.size()
                      << ") could be lined up with a connection (" << connections.size() << ")\n";
            if (result.suggested_offset.count() != 0)
                std::cerr << "the clocks seem to differ; try --offset " << result.suggested_offset.count() << "s\n";
            return 3;
        }
        auto all = options.add.empty() ? Calibration{} : Calibration::read(options.add);
        for (const auto& row : result.calibration.rows())
            all.add(row);
        write_text(options.out, all.text());
        std::cerr << options.out << ": " << all.rows().size() << " measured\n";
        return 0;
    } catch (const ReportError& error) {
        std::cerr << "rdpfault calibrate: " << error.what() << '\n';
        return 2;
    }
}

}  // namespace rdpfault::harness
