#include "harness/progress.hpp"

#include <iomanip>
#include <sstream>

namespace rdpfault::harness {

void Progress::ended(const ArmResult& result) {
    ++done_;
    std::ostringstream line;
    line << '[' << done_ << '/' << total_ << "] " << result.family << '/' << result.scenario << ' ' << result.arm.name
         << ": " << to_string(result.result) << " in " << std::fixed << std::setprecision(2)
         << static_cast<double>(result.duration.count()) / 1000 << " s";
    // A terminal keeps only what went wrong; the table says the rest.
    const bool keep = !terminal_ || (result.result != Judgement::passed && result.result != Judgement::skipped);
    if (terminal_) out_ << "\r\x1b[K";
    out_ << line.str();
    if (keep) out_ << '\n';
    out_.flush();
}

void Progress::finish() {
    if (terminal_) out_ << "\r\x1b[K" << std::flush;
}

}  // namespace rdpfault::harness
