// The result of a run for people: a table on a terminal, plain lines in a pipe.
#pragma once

#include <string>

#include "harness/result.hpp"

namespace rdpfault::harness {

// One arm in one line, in the words that a script can cut: "passed  tcp/reset-at-accept  fault  ...". Without a
// newline.
std::string plain_line(const ArmResult& arm);

// All arms, then why those did not pass that did not, then the totals. Ends with a newline.
std::string plain_report(const Report& report);
std::string table_report(const Report& report, bool color);

// "54 passed, 1 failed in 12.3 s".
std::string totals_line(const Report& report);

// The judgement in its colour.
std::string painted(Judgement judgement, bool color);

// "1.234 s".
std::string seconds_text(std::chrono::milliseconds duration);

// The run of an arm that speaks for it: the first that did not pass, else the first. Where an arm passed by its rate,
// the first that gave what is expected.
const RunRecord* speaking_run(const ArmResult& arm);

}  // namespace rdpfault::harness
