// What `rdpfault probe` prints of a report.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "client/probe_config.hpp"

namespace rdpfault::harness {

// For people: each connection with its stages and their times, what was negotiated, how it ended and where, and what
// mstsc would show for it. Ends with a newline.
std::string render_text(const client::ProbeReport& report, bool color);

// The same facts for programs; times are microseconds since the TCP connect was begun.
nlohmann::ordered_json to_json(const client::ProbeReport& report);

}  // namespace rdpfault::harness
