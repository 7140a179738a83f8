// The parts of an `explain` page. `full`: everything; else what fits a terminal's page.
#pragma once

#include "harness/explain_answer.hpp"
#include "harness/explain_page.hpp"

namespace rdpfault::harness {

PageItem code_item(const CodeInfo& row);
PageItem event_item(const EventInfo& event);
void add_cause(Page& page, const Cause& cause);
void add_stage(Page& page, const StageInfo& stage);
void add_advice(Page& page, const Answer& answer);
void add_expected(Page& page, const Answer& answer, bool full);
void add_possible_causes(Page& page, const Answer& answer, bool full);
void add_scenarios(Page& page, const Answer& answer, bool full);
void add_fix_arms(Page& page, const Answer& answer, bool full);
void add_sources(Page& page, const Answer& answer, bool full);

}  // namespace rdpfault::harness
